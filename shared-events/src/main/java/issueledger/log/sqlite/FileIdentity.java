package issueledger.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file that was opened, told from another of the same name. A file that was removed or moved can still be written by whoever has
 * it open, and nobody would find it again.
 *
 * <p>It asks the file system for attributes only: to open and close the file would release SQLite's locks on it (POSIX).
 */
final class FileIdentity {
    private final Path path;
    private final @Nullable Object key;

    FileIdentity(Path path) throws IOException {
        this.path = path;
        this.key = key(path);
    }

    boolean isHeld() {
        try {
            return Objects.equals(key, key(path));
        } catch (IOException e) {
            return false; // Not there, or out of reach: either way not where it was.
        }
    }

    /** Device and inode; null where the platform has none, and where a file in use cannot be moved. */
    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
