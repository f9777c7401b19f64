package issueledger.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.proof.Checkpoint;
import issueledger.proof.Hash;
import issueledger.proof.MalformedProof;
import issueledger.proof.SignedNote;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second copy of the last signed checkpoint, a file outside of the data directory ({@code ISSUE_LEDGER_CHECKPOINT_FILE}): a back-up
 * that is restored whole does not bring it back.
 */
final class CheckpointCopy {
    /** How messages name it. */
    static final String NAME = "the checkpoint in ISSUE_LEDGER_CHECKPOINT_FILE";

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointCopy.class);

    private final @Nullable Path file;

    /** @param file null where no copy is kept */
    CheckpointCopy(@Nullable Path file) {
        this.file = file;
    }

    /** The tree head in the copy. */
    record Head(long size, Hash root) {}

    /** Empty where no copy is kept, and before the first one. */
    Optional<Head> read() throws IOException {
        if (file == null) {
            return Optional.empty();
        }
        try {
            Checkpoint head =
                    Checkpoint.parse(SignedNote.parse(Files.readAllBytes(file)).text());
            return Optional.of(new Head(head.size(), head.root()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (MalformedProof e) {
            throw new IOException(file.getFileName() + " is no signed checkpoint: " + e.getMessage(), e);
        }
    }

    /** As {@link #read}; empty too where it cannot be read, which the service's health shows. */
    Optional<Head> readable() {
        try {
            return read();
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", NAME, why(e));
            return Optional.empty();
        }
    }

    /** The reason of a failure without the file's path, which is for the operator alone. */
    static String why(IOException e) {
        if (e instanceof FileSystemException failure) {
            return failure.getReason() == null ? failure.getClass().getSimpleName() : failure.getReason();
        }
        return String.valueOf(e.getMessage());
    }

    /** Replaces the copy, at once and durably. */
    void write(String note) throws IOException {
        if (file == null) {
            return;
        }
        Path target = file.toAbsolutePath();
        Path fresh = target.resolveSibling(
                target.getFileName() + "." + ProcessHandle.current().pid() + ".partial");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(note.getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        try {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
