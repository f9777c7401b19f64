package issueledger.log.sqlite;

import issueledger.log.LogUnavailable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * The file, its schema, one writing connection and a few reading ones. Reading threads may be virtual, and SQLite's calls pin their
 * carrier; the number of connections is bounded for that reason.
 */
final class SqliteFile implements AutoCloseable {
    /** "IsLg": identifies the file for {@code file(1)} and other programs. */
    private static final int APPLICATION_ID = 0x49734C67;

    private static final int SCHEMA_VERSION = 2;
    private static final int READERS = 4;
    private static final int BUSY_MILLISECONDS = 4_000;
    private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);
    private static final AtomicBoolean IS_LOGGED = new AtomicBoolean();
    private static final int BUSY_PAUSE_MILLISECONDS = 5;
    private static final int READER_SECONDS = 5;

    /** 32 MiB: the size at which the writer checkpoints itself and the write-ahead log restarts. */
    private static final int WAL_PAGES = 8_192;

    /** The write-ahead log is cut back to this when it begins anew; readers that stand still let it grow beyond. In bytes. */
    static final long WAL_LIMIT = 64L * 1024 * 1024;

    /** Older ones can corrupt a file with several connections and checkpoints (https://sqlite.org/wal.html#walresetbug). */
    private static final String MIN_SQLITE = "3.51.3";

    static final String NEVER_UPDATED_NAME = "events_are_never_updated";
    static final String NEVER_UPDATED = "CREATE TRIGGER " + NEVER_UPDATED_NAME
            + " BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never updated'); END";

    private static final String[] SCHEMA = {
        """
        CREATE TABLE events (
          position        INTEGER PRIMARY KEY,
          stream          TEXT    NOT NULL,
          sequence        INTEGER NOT NULL,
          type            TEXT    NOT NULL,
          revision        TEXT    NOT NULL,
          recorded_at     TEXT    NOT NULL,
          payload         TEXT    NOT NULL,
          metadata        TEXT    NOT NULL,
          event_id        TEXT    NOT NULL,
          commit_position INTEGER NOT NULL,
          commit_number   INTEGER NOT NULL,
          commit_hash     TEXT    NOT NULL,
          idempotency_key TEXT,
          request         TEXT,
          payload_salt    TEXT,
          metadata_salt   TEXT,
          payload_commitment  TEXT,
          metadata_commitment TEXT,
          CHECK ((payload_salt IS NULL) <> (payload_commitment IS NULL)),
          CHECK ((metadata_salt IS NULL) <> (metadata_commitment IS NULL))
        ) STRICT\
        """,
        """
        CREATE TABLE erasures (
          position INTEGER NOT NULL,
          metadata INTEGER NOT NULL,
          at       TEXT    NOT NULL,
          by       TEXT    NOT NULL,
          reason   TEXT    NOT NULL,
          UNIQUE (position, metadata)
        ) STRICT\
        """,
        "CREATE UNIQUE INDEX events_stream ON events (stream, sequence)",
        "CREATE UNIQUE INDEX events_idempotency_key ON events (idempotency_key) WHERE idempotency_key IS NOT NULL",
        NEVER_UPDATED,
        """
        CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END\
        """,
        // REPLACE deletes conflicting rows without calling the trigger above, so this one refuses every conflict first.
        """
        CREATE TRIGGER events_are_only_appended BEFORE INSERT ON events
        WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM events)
          OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND sequence = NEW.sequence)
          OR (NEW.idempotency_key IS NOT NULL
              AND EXISTS (SELECT 1 FROM events WHERE idempotency_key = NEW.idempotency_key))
        BEGIN SELECT RAISE(ABORT, 'events are only appended'); END\
        """
    };

    /** Opens a connection; tests replace it by one to a full or read-only disk. */
    interface Connector {
        Connection connect(SQLiteConfig config, String url) throws SQLException;
    }

    interface Query<T> {
        T on(Reader reader) throws SQLException;
    }

    /** The work of the write transaction. */
    interface Update<T> {
        T with(Writer writer) throws SQLException;
    }

    /** A place in the pool; empty after a failure, until the next read opens a connection. */
    private record Seat(@Nullable Reader reader) {}

    private final Path path;
    private final Connector connector;
    private final SqliteErrors failures;
    private final FileIdentity place;
    private final Checkpointer checkpointer;
    private final BlockingQueue<Seat> seats = new ArrayBlockingQueue<>(READERS);
    private @Nullable Reader anchor;
    private @Nullable FileIdentity wal;
    private @Nullable Writer writer;
    private volatile boolean closed;

    static SqliteFile open(Path path, Connector connector) {
        SqliteErrors failures = new SqliteErrors(path);
        try {
            Path folder = path.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            if (Files.notExists(path)) {
                make(path);
            }
        } catch (IOException e) {
            throw new LogUnavailable(
                    LogUnavailable.Outcome.NOT_APPENDED,
                    "the folder of " + path + " cannot be made or written (" + e.getMessage()
                            + "): check ISSUE_LEDGER_DATA_DIR",
                    e);
        } catch (SQLException e) {
            throw failures.unavailable(LogUnavailable.Outcome.NOT_APPENDED, "made", e);
        }
        SqliteFile file = null;
        try {
            file = new SqliteFile(path, connector, failures);
            file.check();
            return file;
        } catch (IOException e) {
            throw failures.displaced(LogUnavailable.Outcome.NOT_APPENDED);
        } catch (SQLException e) {
            if (file != null) {
                file.close();
            }
            throw failures.unavailable(LogUnavailable.Outcome.NOT_APPENDED, "opened", e);
        }
    }

    /** Creates the file under another name and renames it: a log exists with its schema or not at all, even if two processes create it. */
    private static void make(Path path) throws IOException, SQLException {
        Path fresh = path.resolveSibling(path.getFileName() + "." + UUID.randomUUID() + ".new");
        try {
            SQLiteConfig config = new SQLiteConfig();
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            try (Connection connection = config.createConnection("jdbc:sqlite:" + fresh);
                    Statement statement = connection.createStatement()) {
                statement.execute("BEGIN");
                for (String part : SCHEMA) {
                    statement.execute(part);
                }
                statement.execute("PRAGMA application_id = " + APPLICATION_ID);
                statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
                statement.execute("COMMIT");
            }
            place(fresh, path);
        } catch (FileAlreadyExistsException e) {
            // Another process created the log first.
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /**
     * Gives a file its name, if no other has it.
     *
     * @throws FileAlreadyExistsException if there is a file of that name
     */
    static void place(Path fresh, Path path) throws IOException {
        try {
            Files.createLink(path, fresh);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(fresh, path); // A file system without links.
        }
    }

    private SqliteFile(Path path, Connector connector, SqliteErrors failures) throws IOException {
        this.path = path;
        this.connector = connector;
        this.checkpointer = new Checkpointer(wal(path), this::connect);
        this.failures = failures;
        this.place = new FileIdentity(path);
    }

    private static Path wal(Path path) {
        return beside(path, "-wal");
    }

    /** A file that SQLite keeps beside the path's. */
    static Path beside(Path path, String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    Path path() {
        return path;
    }

    /** So many events were written. */
    void written(int events) {
        checkpointer.written(events);
    }

    SqliteErrors failures() {
        return failures;
    }

    private void check() throws SQLException, IOException {
        if (Files.size(path) == 0) {
            throw new SQLException(
                    "it is empty, which a log never is: restore it from a back-up, or remove it to begin a"
                            + " new one");
        }
        // Stays open while readers come and go, since SQLite removes the -wal with the last connection.
        anchor = openReader();
        requireSafe(anchor);
        try (ResultSet row =
                anchor.statement("SELECT max(position) FROM events").executeQuery()) {
            row.next(); // Creates the -wal.
        }
        for (int i = 0; i < READERS; i++) {
            seats.add(new Seat(openReader()));
        }
        Path beside = wal(path);
        wal = Files.exists(beside) ? new FileIdentity(beside) : null;
    }

    private void requireSafe(Reader reader) throws SQLException {
        String version = text(reader, "SELECT sqlite_version()");
        requireSafe(version);
        if (IS_LOGGED.compareAndSet(false, true)) {
            LOG.info(
                    "SQLite {}: journal_mode {}, synchronous {}, wal_autocheckpoint {}, journal_size_limit {},"
                            + " mmap_size {}",
                    version,
                    text(reader, "PRAGMA journal_mode"),
                    text(reader, "PRAGMA synchronous"),
                    text(reader, "PRAGMA wal_autocheckpoint"),
                    text(reader, "PRAGMA journal_size_limit"),
                    text(reader, "PRAGMA mmap_size"));
        }
    }

    static void requireSafe(String version) throws SQLException {
        if (Arrays.compare(numbers(version), numbers(MIN_SQLITE)) < 0) {
            throw new SQLException("SQLite " + version + " can corrupt it; this program needs " + MIN_SQLITE
                    + " or newer: use the sqlite-jdbc that it comes with");
        }
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    }

    private static String text(Reader reader, String query) throws SQLException {
        try (ResultSet row = reader.statement(query).executeQuery()) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    /** Size of the write-ahead log in bytes. */
    long walBytes() {
        return checkpointer.walBytes();
    }

    private Reader openReader() throws SQLException {
        Connection connection = connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = 1");
            return new Reader(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Several processes may switch a new file to WAL at once; SQLite refuses all but one without waiting. */
    private Connection connect() throws SQLException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLISECONDS);
        while (true) {
            try {
                return connectNow();
            } catch (SQLiteException e) {
                if (!SqliteErrors.isBusy(e) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BUSY_PAUSE_MILLISECONDS));
            }
        }
    }

    private Connection connectNow() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.CREATE); // A deleted log must not reappear as an empty one.
        config.setBusyTimeout(BUSY_MILLISECONDS);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setGetGeneratedKeys(false); // The driver would prepare and run a query for them after each insert.
        Connection connection = connector.connect(config, "jdbc:sqlite:" + path);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA cell_size_check = 1");
            statement.execute("PRAGMA wal_autocheckpoint = " + WAL_PAGES);
            statement.execute("PRAGMA journal_size_limit = " + WAL_LIMIT);
            statement.execute("PRAGMA mmap_size = 0");
            leaveOthersAlone(statement);
            if (connection.isReadOnly()) {
                return connection;
            }
            try (ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
                if (!mode.next() || !"wal".equalsIgnoreCase(mode.getString(1))) {
                    throw new SQLException("its file system does not allow a write-ahead log");
                }
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /** Runs before anything is written to the file, including its journal mode. */
    private static void leaveOthersAlone(Statement statement) throws SQLException {
        if (number(statement, "PRAGMA application_id") != APPLICATION_ID) {
            throw new SQLException("it is a database of another program: move it away or set ISSUE_LEDGER_DATA_DIR");
        }
        int version = number(statement, "PRAGMA user_version");
        if (version < SCHEMA_VERSION) {
            throw new SQLException("its format is version " + version + ", which no release had, and this program reads"
                    + " version " + SCHEMA_VERSION + ": move it away or set ISSUE_LEDGER_DATA_DIR");
        }
        if (version > SCHEMA_VERSION) {
            throw new SQLException("its schema has version " + version + " and this program knows only up to "
                    + SCHEMA_VERSION + ": use the newer program");
        }
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    <T> T read(Query<T> query) {
        Seat seat = null;
        try {
            seat = seats.poll(READER_SECONDS, TimeUnit.SECONDS);
            if (seat == null) {
                throw new LogUnavailable(
                        LogUnavailable.Outcome.NOT_APPENDED,
                        closed ? "the log is closed" : path + " is busy: no reader came free",
                        null);
            }
            if (!place.isHeld()) {
                throw failures.displaced(LogUnavailable.Outcome.NOT_APPENDED);
            }
            Reader reader = seat.reader();
            if (reader == null) {
                reader = openReader();
                seat = new Seat(reader);
            }
            return query.on(reader);
        } catch (SQLException e) {
            if (seat != null && seat.reader() != null) {
                closeQuietly(seat.reader()); // It may have cached damaged pages, or a file system that is back by now.
                seat = new Seat(null);
            }
            throw failures.unavailable(LogUnavailable.Outcome.NOT_APPENDED, "read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, "interrupted while reading " + path, e);
        } finally {
            if (seat != null) {
                giveBack(seat);
            }
        }
    }

    private void giveBack(Seat seat) {
        seats.add(seat);
        if (closed) {
            closeReaders();
        }
    }

    /** Begins the transaction of the next {@link #write} and takes the file's write lock. */
    void begin() {
        if (!isInPlace()) {
            throw failures.displaced(LogUnavailable.Outcome.NOT_APPENDED);
        }
        try {
            if (writer == null) {
                writer = new Writer(connect());
            }
            writer.begin();
        } catch (SQLException e) {
            discardWriter();
            throw failures.unavailable(LogUnavailable.Outcome.NOT_APPENDED, "written", e);
        }
    }

    /**
     * Runs the work in the transaction that was begun. If the commit itself fails, {@code landed} checks on a fresh connection whether
     * it took effect.
     */
    <T> T write(Update<T> update, Query<Boolean> landed) {
        Writer writer = Objects.requireNonNull(this.writer, "begin() comes first");
        T result;
        try {
            result = update.with(writer);
        } catch (SQLException e) {
            discardWriter();
            throw failures.unavailable(LogUnavailable.Outcome.NOT_APPENDED, "written", e);
        } catch (RuntimeException | Error e) {
            discardWriter(); // Its transaction would keep the file's lock.
            throw e;
        }
        try {
            writer.commit();
        } catch (SQLException e) {
            discardWriter();
            resolve(landed, e);
        }
        if (!isInPlace()) {
            throw failures.displaced(
                    LogUnavailable.Outcome.UNKNOWN); // Durable, but in a file that is gone from its path.
        }
        return result;
    }

    private boolean isInPlace() {
        return place.isHeld() && (wal == null || wal.isHeld());
    }

    /** Returns normally if the commit took effect. */
    private void resolve(Query<Boolean> landed, SQLException failure) {
        boolean hasLanded;
        try (Reader fresh = new Reader(connect())) {
            hasLanded = isInPlace() && landed.on(fresh);
        } catch (SQLException e) {
            failure.addSuppressed(e);
            throw failures.unavailable(LogUnavailable.Outcome.UNKNOWN, "written", failure);
        }
        if (!hasLanded) {
            // After a crash a failing disk may still bring back unconfirmed writes.
            boolean undecided = SqliteErrors.isDiskError(failure) || !isInPlace();
            throw failures.unavailable(
                    undecided ? LogUnavailable.Outcome.UNKNOWN : LogUnavailable.Outcome.NOT_APPENDED,
                    "written",
                    failure);
        }
    }

    private void discardWriter() {
        Writer old = writer;
        writer = null;
        if (old != null) {
            closeQuietly(old); // SQLite rolls back the open transaction.
        }
    }

    @Override
    public void close() {
        closed = true;
        checkpointer.close();
        discardWriter();
        closeReaders();
        if (anchor != null) {
            closeQuietly(anchor);
        }
    }

    private void closeReaders() {
        for (Seat seat = seats.poll(); seat != null; seat = seats.poll()) {
            if (seat.reader() != null) {
                closeQuietly(seat.reader());
            }
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // The connection is discarded; its error does not matter.
        }
    }
}
