package issueledger.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Identity (device, inode) of the opened file; detects that the path now names another file. A process that has the file open can still
 * write to it after it was removed or moved, and those writes would be lost.
 *
 * <p>Only attributes are read: opening and closing the file would release SQLite's locks on it (POSIX).
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
            return false; // Missing or unreachable: not the opened file.
        }
    }

    /** Device and inode; null where the platform has none, and where a file in use cannot be moved. */
    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
