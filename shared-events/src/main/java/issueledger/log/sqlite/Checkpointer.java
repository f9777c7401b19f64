package issueledger.log.sqlite;

import issueledger.log.BackgroundThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints the write-ahead log on its own thread, to spare the writer. Passive checkpoints wait for no one and block no one. Failures are
 * ignored: the writer's own checkpoint reports them.
 */
final class Checkpointer implements AutoCloseable {
    /** Opens a connection to the file. */
    interface Connections {
        Connection open() throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);
    private static final int EVENTS = 500;

    /** Above it an operator is warned that a reader stands still. In bytes. */
    private static final long WARNING = 256L * 1024 * 1024;

    /** How long a checkpoint that cuts the write-ahead log may hold up the writer. */
    private static final int TRUNCATE_MILLISECONDS = 100;

    private final Path wal;
    private final Connections connections;
    private final Semaphore due = new Semaphore(0);
    private final BackgroundThread thread;
    private @Nullable Connection connection;
    private int events;
    private boolean warned;
    private volatile boolean closed;

    Checkpointer(Path wal, Connections connections) {
        this.wal = wal;
        this.connections = connections;
        this.thread = new BackgroundThread("log-checkpoints", this::run);
    }

    /** Called by the writer alone, after each commit. */
    void written(int more) {
        events += more;
        if (events >= EVENTS) {
            events = 0;
            due.release();
        }
    }

    private void run() {
        while (!closed) {
            due.acquireUninterruptibly();
            due.drainPermits();
            if (!closed) {
                checkpoint();
            }
        }
        discard();
    }

    private void checkpoint() {
        try {
            if (connection == null) {
                connection = connections.open();
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
                if (walBytes() > SqliteFile.WAL_LIMIT) {
                    statement.execute("PRAGMA busy_timeout = " + TRUNCATE_MILLISECONDS);
                    statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
                }
            }
            warn(walBytes());
        } catch (SQLException e) {
            LOG.debug("a checkpoint is left to the writer", e);
            discard();
        }
    }

    long walBytes() {
        try {
            return Files.size(wal);
        } catch (IOException e) {
            return 0; // It is not there yet, or no longer.
        }
    }

    private void warn(long bytes) {
        boolean large = bytes > WARNING;
        if (large && !warned) {
            LOG.warn(
                    "{} has {} MiB: a reader of the file stands still, and nothing can be moved out of it",
                    wal,
                    bytes >> 20);
        }
        warned = large;
    }

    private void discard() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                LOG.debug("a connection that was given up did not close", e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        due.release();
        thread.awaitEnd(Duration.ofSeconds(5));
    }
}
