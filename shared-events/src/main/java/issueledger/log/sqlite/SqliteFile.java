package issueledger.log.sqlite;

import issueledger.events.Rfc3339;
import issueledger.log.LogUnavailable;
import issueledger.log.NewEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The file, its schema, one connection that writes and a few that read. Reading threads may be virtual: SQLite's calls hold their
 * carrier, so there are no more connections than that can bear.
 */
final class SqliteFile implements AutoCloseable {
    /** "IsLg": lets {@code file(1)} and other programs tell whose file this is. */
    private static final int APPLICATION_ID = 0x49734C67;

    private static final int SCHEMA_VERSION = 1;
    private static final int READERS = 4;
    private static final int BUSY_MILLISECONDS = 4_000;
    private static final int BUSY_PAUSE_MILLISECONDS = 5;
    private static final int READER_SECONDS = 5;

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
          idempotency_key TEXT
        ) STRICT\
        """,
        "CREATE UNIQUE INDEX events_stream ON events (stream, sequence)",
        "CREATE UNIQUE INDEX events_idempotency_key ON events (idempotency_key) WHERE idempotency_key IS NOT NULL",
        """
        CREATE TRIGGER events_are_never_updated BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'events are never updated'); END\
        """,
        """
        CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END\
        """,
        // REPLACE deletes what is in its way without calling the trigger above, so whatever could be in its way is
        // refused first.
        """
        CREATE TRIGGER events_are_only_appended BEFORE INSERT ON events
        WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM events)
          OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND sequence = NEW.sequence)
          OR (NEW.idempotency_key IS NOT NULL
              AND EXISTS (SELECT 1 FROM events WHERE idempotency_key = NEW.idempotency_key))
        BEGIN SELECT RAISE(ABORT, 'events are only appended'); END\
        """
    };

    /** What is done with a connection. */
    interface Query<T> {
        T on(Connection connection) throws SQLException;
    }

    /** What is done in the one write transaction. */
    interface Update<T> {
        T with(Writer writer) throws SQLException;
    }

    private final Path path;
    private final BlockingQueue<Connection> readers = new ArrayBlockingQueue<>(READERS);
    private @Nullable Writer writer;
    private volatile boolean closed;

    static SqliteFile open(Path path) {
        SqliteFile file = new SqliteFile(path);
        try {
            Path folder = path.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            try (Connection connection = file.connect()) {
                file.prepare(connection);
            }
            for (int i = 0; i < READERS; i++) {
                Connection reader = file.connect();
                try (Statement statement = reader.createStatement()) {
                    statement.execute("PRAGMA query_only = 1");
                }
                file.readers.add(reader);
            }
            return file;
        } catch (IOException e) {
            throw new LogUnavailable(
                    LogUnavailable.Outcome.NOT_APPENDED,
                    "the folder of " + path + " cannot be made (" + e.getMessage() + "): check ISSUE_LEDGER_DATA_DIR",
                    e);
        } catch (SQLException e) {
            file.close();
            throw file.unavailable(LogUnavailable.Outcome.NOT_APPENDED, "opened", e);
        }
    }

    private SqliteFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** Several processes may turn a new file to WAL at once; SQLite refuses all but one of them without waiting. */
    private Connection connect() throws SQLException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLISECONDS);
        while (true) {
            try {
                return connectNow();
            } catch (SQLiteException e) {
                if (!isBusy(e) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BUSY_PAUSE_MILLISECONDS));
            }
        }
    }

    private static boolean isBusy(SQLiteException e) {
        // The lowest byte of an extended code is the plain one.
        return (e.getResultCode().code & 0xFF) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    private Connection connectNow() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLISECONDS);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        Connection connection = config.createConnection("jdbc:sqlite:" + path);
        try (Statement statement = connection.createStatement()) {
            leaveOthersAlone(statement);
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

    /** Before anything is written to the file, its journal mode included. */
    private static void leaveOthersAlone(Statement statement) throws SQLException {
        statement.execute("BEGIN"); // Both numbers are of one moment: another process may be making the schema.
        int application = number(statement, "PRAGMA application_id");
        int tables = number(statement, "SELECT count(*) FROM sqlite_schema");
        statement.execute("COMMIT");
        if (tables > 0 && application != APPLICATION_ID) {
            throw new SQLException("it is a database of another program");
        }
    }

    private void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE"); // Two processes may start on a new file at once.
            try {
                int application = number(statement, "PRAGMA application_id");
                int version = number(statement, "PRAGMA user_version");
                int tables = number(statement, "SELECT count(*) FROM sqlite_schema");
                if (application == 0 && version == 0 && tables == 0) {
                    for (String part : SCHEMA) {
                        statement.execute(part);
                    }
                    statement.execute("PRAGMA application_id = " + APPLICATION_ID);
                    statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
                } else if (application != APPLICATION_ID) {
                    throw new SQLException("it is a database of another program");
                } else if (version > SCHEMA_VERSION) {
                    throw new SQLException("its schema has version " + version + " and this program knows only up to "
                            + SCHEMA_VERSION + ": use the newer program");
                }
                statement.execute("COMMIT");
            } catch (SQLException e) {
                statement.execute("ROLLBACK");
                throw e;
            }
        }
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    <T> T read(Query<T> query) {
        Connection connection = null;
        try {
            connection = readers.poll(READER_SECONDS, TimeUnit.SECONDS);
            if (connection == null) {
                throw new LogUnavailable(
                        LogUnavailable.Outcome.NOT_APPENDED, path + " is busy: no reader came free", null);
            }
            return query.on(connection);
        } catch (SQLException e) {
            throw unavailable(LogUnavailable.Outcome.NOT_APPENDED, "read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, "interrupted while reading " + path, e);
        } finally {
            if (connection != null) {
                giveBack(connection);
            }
        }
    }

    private void giveBack(Connection connection) {
        readers.add(connection);
        if (closed) {
            closeReaders();
        }
    }

    /**
     * Does everything in one transaction. Where the commit itself fails, {@code landed} tells, on a fresh connection, whether it took
     * effect all the same.
     */
    <T> T write(Update<T> update, Query<Boolean> landed) {
        T result;
        try {
            if (writer == null) {
                writer = new Writer(connect());
            }
            writer.begin();
            result = update.with(writer);
        } catch (SQLException e) {
            discardWriter();
            throw unavailable(LogUnavailable.Outcome.NOT_APPENDED, "written", e);
        } catch (RuntimeException | Error e) {
            discardWriter(); // Its transaction would keep the file's lock.
            throw e;
        }
        try {
            writer.commit();
            return result;
        } catch (SQLException e) {
            discardWriter();
            if (hasLanded(landed, e)) {
                return result;
            }
            throw unavailable(LogUnavailable.Outcome.NOT_APPENDED, "written", e);
        }
    }

    private boolean hasLanded(Query<Boolean> landed, SQLException failure) {
        try (Connection fresh = connect()) {
            return landed.on(fresh);
        } catch (SQLException e) {
            failure.addSuppressed(e);
            throw unavailable(LogUnavailable.Outcome.UNKNOWN, "written", failure);
        }
    }

    private void discardWriter() {
        Writer old = writer;
        writer = null;
        if (old != null) {
            old.close(); // SQLite rolls back what was not committed.
        }
    }

    private LogUnavailable unavailable(LogUnavailable.Outcome outcome, String doing, SQLException e) {
        SQLiteErrorCode code = e instanceof SQLiteException s ? s.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        String why = switch (code) {
            case SQLITE_FULL -> "the disk is full: free some space";
            case SQLITE_NOTADB -> "it is not an SQLite database: move it away or set ISSUE_LEDGER_DATA_DIR";
            case SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_BUSY_RECOVERY, SQLITE_LOCKED ->
                "another program holds its lock: end that program";
            case SQLITE_READONLY, SQLITE_READONLY_DBMOVED, SQLITE_READONLY_DIRECTORY, SQLITE_PERM ->
                "it may not be written: check its owner and permissions";
            case SQLITE_CANTOPEN -> "it cannot be opened: check ISSUE_LEDGER_DATA_DIR and its permissions";
            case SQLITE_CORRUPT -> "it is damaged: restore it from a back-up (" + e.getMessage() + ")";
            default -> String.valueOf(e.getMessage());
        };
        return new LogUnavailable(outcome, "the event log " + path + " cannot be " + doing + ": " + why, e);
    }

    @Override
    public void close() {
        closed = true;
        discardWriter();
        closeReaders();
    }

    private void closeReaders() {
        for (Connection reader = readers.poll(); reader != null; reader = readers.poll()) {
            closeQuietly(reader);
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // The connection is given up: whatever it could still say changes nothing.
        }
    }

    /** The connection that writes, with its statements. Used by one thread. */
    static final class Writer implements AutoCloseable {
        private final Connection connection;
        private final PreparedStatement begin;
        private final PreparedStatement commit;
        private final PreparedStatement nextSequence;
        private final PreparedStatement hasKey;
        private final PreparedStatement insert;

        Writer(Connection connection) throws SQLException {
            this.connection = connection;
            begin = connection.prepareStatement("BEGIN IMMEDIATE");
            commit = connection.prepareStatement("COMMIT");
            nextSequence = connection.prepareStatement("SELECT max(sequence) + 1 FROM events WHERE stream = ?");
            hasKey = connection.prepareStatement("SELECT 1 FROM events WHERE idempotency_key = ?");
            insert = connection.prepareStatement("INSERT INTO events (position, stream, sequence, type, revision,"
                    + " recorded_at, payload, metadata, event_id, commit_position, commit_number, commit_hash,"
                    + " idempotency_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        }

        Connection connection() {
            return connection;
        }

        void begin() throws SQLException {
            begin.execute();
        }

        void commit() throws SQLException {
            commit.execute();
        }

        long nextSequence(String stream) throws SQLException {
            nextSequence.setString(1, stream);
            try (ResultSet row = nextSequence.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }

        boolean hasKey(String key) throws SQLException {
            hasKey.setString(1, key);
            try (ResultSet row = hasKey.executeQuery()) {
                return row.next();
            }
        }

        void insert(
                long position,
                NewEvent event,
                Instant recordedAt,
                long commitPosition,
                long commitNumber,
                String hash,
                @Nullable String key)
                throws SQLException {
            insert.setLong(1, position);
            insert.setString(2, event.stream());
            insert.setLong(3, event.sequence());
            insert.setString(4, event.type());
            insert.setString(5, event.revision());
            insert.setString(6, Rfc3339.format(recordedAt));
            insert.setString(7, event.payload());
            insert.setString(8, event.metadata());
            insert.setString(9, event.id());
            insert.setLong(10, commitPosition);
            insert.setLong(11, commitNumber);
            insert.setString(12, hash);
            insert.setString(13, key);
            insert.executeUpdate();
        }

        @Override
        public void close() {
            closeQuietly(connection);
        }
    }
}
