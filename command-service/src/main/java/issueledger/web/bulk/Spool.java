package issueledger.web.bulk;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes on their way to a client that may not take them yet: a little of them in memory, the rest in a temporary file that is deleted at
 * the end.
 */
final class Spool implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final int IN_MEMORY = 64 * 1024;
    private static final int PIECE = 64 * 1024;

    private final Path folder;
    private final long most;
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable FileChannel file;
    private long taken;
    private long put;
    private boolean ended;
    private boolean abandoned;

    /**
     * @param folder where the file is made
     * @param most how many bytes the file may hold; then whoever puts more waits
     */
    Spool(Path folder, long most) {
        this.folder = folder;
        this.most = most;
    }

    /** Adds results; they are dropped once the client has gone. */
    synchronized void put(byte[] bytes) {
        try {
            while (put - taken > most && !abandoned) {
                wait();
            }
            if (abandoned) {
                return;
            }
            if (put == taken && memory.size() + bytes.length <= IN_MEMORY) {
                memory.writeBytes(bytes);
            } else {
                ByteBuffer all = ByteBuffer.wrap(bytes);
                while (all.hasRemaining()) {
                    put += file().write(all, put);
                }
            }
            notifyAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abandoned = true;
        } catch (IOException e) {
            LOG.error("The results that a client of a bulk request does not take yet cannot be kept", e);
            abandon();
        }
    }

    private FileChannel file() throws IOException {
        if (file == null) {
            Path path = Files.createTempFile(folder, "issue-ledger-bulk-", ".ndjson");
            file = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        }
        return file;
    }

    /** The next bytes; waits for them. Null after the end. */
    synchronized byte @Nullable [] take() throws IOException, InterruptedException {
        while (memory.size() == 0 && put == taken && !ended && !abandoned) {
            wait();
        }
        if (abandoned) {
            return null;
        }
        // The results in memory are older than those in the file.
        if (memory.size() > 0) {
            byte[] bytes = memory.toByteArray();
            memory.reset();
            return bytes;
        }
        if (put == taken) {
            return null;
        }
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, put - taken));
        FileChannel from = file();
        while (piece.hasRemaining()) {
            taken += from.read(piece, taken);
        }
        if (taken == put) {
            from.truncate(0);
            taken = 0;
            put = 0;
        }
        notifyAll();
        return Arrays.copyOf(piece.array(), piece.position());
    }

    /** Whether the next {@link #take} would have to wait. */
    synchronized boolean isEmpty() {
        return memory.size() == 0 && put == taken;
    }

    /** No more will be put. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Nobody takes any more. */
    synchronized void abandon() {
        abandoned = true;
        notifyAll();
    }

    synchronized boolean isAbandoned() {
        return abandoned;
    }

    @Override
    public synchronized void close() throws IOException {
        abandoned = true;
        if (file != null) {
            file.close();
        }
    }
}
