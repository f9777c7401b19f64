package issueledger.tlog;

import issueledger.proof.KeyFile;
import issueledger.proof.KeySeed;
import issueledger.proof.MalformedProof;
import issueledger.startup.StartupFailure;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of the log's private keys. */
final class PrivateKeys {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateKeys.class);
    private static final Set<PosixFilePermission> OWNER_ALONE = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private PrivateKeys() {}

    /** @param what names it in messages */
    static KeySeed read(String what, Path file) {
        try {
            KeySeed seed = KeyFile.read(file);
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    && !OWNER_ALONE.containsAll(Files.getPosixFilePermissions(file))) {
                LOG.warn("the key file {} can be read by others than its owner: chmod 600", file);
            }
            return seed;
        } catch (IOException e) {
            throw new StartupFailure(
                    what + ": " + file + " cannot be read (" + e.getClass().getSimpleName()
                            + "): it must be a private key's file (PKCS#8 PEM) that this process may read.");
        } catch (MalformedProof e) {
            throw new StartupFailure(what + ": " + e.getMessage() + ".");
        }
    }

    /** Reads the data directory's own key; makes it if there is none. Of two processes that start at once, one makes it. */
    static KeySeed readOrMake(Path file) {
        if (Files.notExists(file)) {
            make(file);
        }
        return read("The log's signing key", file);
    }

    private static void make(Path file) {
        Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".partial");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            KeyFile.write(fresh, KeySeed.freshEd25519());
            link(fresh, file);
        } catch (IOException e) {
            throw new StartupFailure("The log's signing key " + file + " cannot be made (" + e.getMessage()
                    + "): check ISSUE_LEDGER_DATA_DIR and its permissions, or name a key in ISSUE_LEDGER_SIGNING_KEY.");
        }
    }

    /** Gives the whole file its name, unless another process did so before. */
    private static void link(Path fresh, Path file) throws IOException {
        try {
            Files.createLink(file, fresh);
            LOG.info("made the log's signing key {}", file);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("another process made {}", file);
        } catch (UnsupportedOperationException e) {
            Files.move(fresh, file);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
