package issueledger.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The file of a private key. */
public final class KeyFile {
    private KeyFile() {}

    public static KeySeed read(Path file) throws IOException {
        try {
            return KeySeed.parse(Fields.utf8(Files.readAllBytes(file), "it"));
        } catch (MalformedProof e) {
            throw new MalformedProof("the key file " + file + " cannot be used: " + e.getMessage());
        }
    }

    /** Writes a key that only the file's owner can read. The file must not be there; it has been flushed to the disk on return. */
    public static void write(Path file, KeySeed key) throws IOException {
        boolean isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] owner = isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
            ByteBuffer pem = ByteBuffer.wrap(key.pem().getBytes(US_ASCII));
            while (pem.hasRemaining()) {
                channel.write(pem);
            }
            channel.force(true);
        }
    }
}
