package issueledger.projections;

import issueledger.log.sqlite.SqliteErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * An SQLite file of views: one writing connection, and a few reading ones that are opened when they are needed. Nothing is fsynced at a
 * commit, since everything can be folded again. Reads throw {@link ViewsDamaged} where SQLite calls the file corrupt.
 */
public final class SqliteViews implements AutoCloseable {
    private static final int READERS = 4;
    private static final int READER_SECONDS = 5;
    private static final int BUSY_MILLISECONDS = 4_000;

    /** In KiB, native memory: of the writer, and of each reader. */
    private static final int WRITER_CACHE = 64 * 1024;

    private static final int READER_CACHE = 8 * 1024;

    /** 32 MiB: the size at which the writer checkpoints. */
    private static final int WAL_PAGES = 8_192;

    private static final long WAL_LIMIT = 64L * 1024 * 1024;

    /**
     * SQLite's words for a file that is not as this program wrote it. A damaged schema shows as an error of statements that are correct, a
     * damaged table as a broken constraint or a value of the wrong type or size.
     */
    private static final Set<Integer> DAMAGE = Set.of(
            SQLiteErrorCode.SQLITE_CORRUPT.code,
            SQLiteErrorCode.SQLITE_NOTADB.code,
            SQLiteErrorCode.SQLITE_FORMAT.code,
            SQLiteErrorCode.SQLITE_ERROR.code,
            SQLiteErrorCode.SQLITE_CONSTRAINT.code,
            SQLiteErrorCode.SQLITE_MISMATCH.code,
            SQLiteErrorCode.SQLITE_TOOBIG.code);

    private final Path path;
    private final int applicationId;
    private final BlockingQueue<Seat> seats = new ArrayBlockingQueue<>(READERS, true);
    private final ReentrantLock writing = new ReentrantLock();
    private @Nullable Session writer;
    private boolean inTransaction;
    private volatile boolean closed;

    /** A place in the pool; empty until it is first needed, and after a failure. */
    private record Seat(@Nullable Session session) {}

    /** A connection with its prepared statements. Used by one thread at a time. */
    public static final class Session {
        private final Connection connection;
        private final Map<String, PreparedStatement> statements = new HashMap<>();

        private Session(Connection connection) {
            this.connection = connection;
        }

        /** A statement with its parameters set: text, bytes, whole numbers or null. */
        public PreparedStatement statement(String sql, @Nullable Object... parameters) throws SQLException {
            PreparedStatement statement = statements.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                statements.put(sql, statement);
            }
            for (int i = 0; i < parameters.length; i++) {
                switch (parameters[i]) {
                    case null -> statement.setNull(i + 1, java.sql.Types.NULL);
                    case String text -> statement.setString(i + 1, text);
                    case byte[] bytes -> statement.setBytes(i + 1, bytes);
                    case Number number -> statement.setLong(i + 1, number.longValue());
                    default -> throw new IllegalArgumentException("no parameter of SQL: " + parameters[i]);
                }
            }
            return statement;
        }

        public void update(String sql, @Nullable Object... parameters) throws SQLException {
            statement(sql, parameters).executeUpdate();
        }

        /** The first column of the first row; null if there is none. */
        public @Nullable Long number(String sql, @Nullable Object... parameters) throws SQLException {
            try (ResultSet row = statement(sql, parameters).executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                long number = row.getLong(1);
                return row.wasNull() ? null : number;
            }
        }

        /** Statements without parameters, which are not kept. */
        public void execute(List<String> statements) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        }

        private void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                // The connection is discarded; its error does not matter.
            }
        }
    }

    public interface Query<T> {
        T on(Session session) throws SQLException;
    }

    public interface Search<T> {
        @Nullable
        T on(Session session) throws SQLException;
    }

    public interface Update {
        void on(Session session) throws SQLException;
    }

    /** @param applicationId marks the file as one of this kind; a new file is marked when it is first written */
    SqliteViews(Path path, int applicationId) {
        this.path = path;
        this.applicationId = applicationId;
        for (int i = 0; i < READERS; i++) {
            seats.add(new Seat(null));
        }
    }

    Path path() {
        return path;
    }

    /** Makes the file, or finds it as this program makes it. */
    void make(List<String> schema) {
        write(session -> {
            Long id = session.number("PRAGMA application_id");
            Long tables = session.number("SELECT count(*) FROM sqlite_schema");
            if (tables != null && tables == 0 && id != null && id == 0) {
                session.execute(schema);
                session.execute(List.of("PRAGMA application_id = " + applicationId));
            } else if (id == null || id != applicationId) {
                throw new ViewsDamaged(path + " is a database of another program");
            }
        });
    }

    /** Whether a commit waits for nothing at all; for views that nobody reads yet. */
    void careless(boolean careless) {
        writing.lock();
        try {
            writer().execute(List.of("PRAGMA synchronous = " + (careless ? "OFF" : "NORMAL")));
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            writing.unlock();
        }
    }

    public <T> T read(Query<T> query) {
        return Objects.requireNonNull(run(query::on));
    }

    /** As {@link #read}, for what may not be there. */
    public <T> Optional<T> find(Search<T> search) {
        return Optional.ofNullable(run(search));
    }

    /** As {@link #read}, on one state of the file. Later changes stay in its write-ahead log meanwhile. */
    public <T> T snapshot(Query<T> query) {
        return read(session -> {
            session.execute(List.of("BEGIN"));
            try {
                return query.on(session);
            } finally {
                session.execute(List.of("ROLLBACK"));
            }
        });
    }

    private <T> @Nullable T run(Search<T> query) {
        Seat seat = null;
        try {
            seat = seats.poll(READER_SECONDS, TimeUnit.SECONDS);
            if (seat == null || closed) {
                throw new ViewsUnavailable(path + (closed ? " is closed" : " is busy: no reader came free"), null);
            }
            Session session = seat.session();
            if (session == null) {
                session = open(READER_CACHE);
                session.execute(List.of("PRAGMA query_only = 1"));
                seat = new Seat(session);
            }
            return query.on(session);
        } catch (SQLException e) {
            if (seat != null && seat.session() != null) {
                seat.session().close(); // It may have cached damaged pages, or a disk that is back by now.
            }
            seat = seat == null ? null : new Seat(null);
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ViewsUnavailable("interrupted while reading " + path, e);
        } finally {
            if (seat != null) {
                seats.add(seat);
                if (closed) {
                    closeReaders();
                }
            }
        }
    }

    /** Runs the work in a transaction; in the one of the caller if there is one. */
    public void write(Update work) {
        writing.lock();
        try {
            if (inTransaction) {
                work.on(writer());
                return;
            }
            Session session = writer();
            session.execute(List.of("BEGIN IMMEDIATE"));
            inTransaction = true;
            work.on(session);
            session.execute(List.of("COMMIT"));
        } catch (SQLException e) {
            discardWriter();
            throw failed(e);
        } catch (RuntimeException | Error e) {
            discardWriter(); // SQLite rolls back.
            throw e;
        } finally {
            if (writing.getHoldCount() == 1) {
                inTransaction = false;
            }
            writing.unlock();
        }
    }

    private Session writer() throws SQLException {
        if (writer == null) {
            if (closed) {
                throw new ViewsUnavailable(path + " is closed", null);
            }
            writer = open(WRITER_CACHE);
        }
        return writer;
    }

    private void discardWriter() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    private Session open(int cacheKibibytes) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        if (Files.exists(path)) {
            config.resetOpenMode(SQLiteOpenMode.CREATE);
        }
        config.setBusyTimeout(BUSY_MILLISECONDS);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setGetGeneratedKeys(false);
        Connection connection = config.createConnection("jdbc:sqlite:" + path);
        Session session = new Session(connection);
        try {
            session.execute(List.of(
                    "PRAGMA journal_mode = WAL",
                    "PRAGMA cell_size_check = 1",
                    "PRAGMA mmap_size = 0",
                    "PRAGMA cache_size = -" + cacheKibibytes,
                    "PRAGMA wal_autocheckpoint = " + WAL_PAGES,
                    "PRAGMA journal_size_limit = " + WAL_LIMIT));
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    private RuntimeException failed(SQLException e) {
        return isDamage(e)
                ? new ViewsDamaged(path + " is damaged (" + e.getMessage() + ")", e)
                : new ViewsUnavailable(path + ": " + SqliteErrors.why(e), e);
    }

    private static boolean isDamage(SQLException e) {
        if (!(e instanceof SQLiteException s)) {
            return false;
        }
        return DAMAGE.contains(s.getResultCode().code & 0xFF)
                || s.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHORT_READ
                || s.getResultCode() == SQLiteErrorCode.SQLITE_READONLY_DBMOVED;
    }

    /** Closes it and removes its files. */
    void delete() {
        close();
        try {
            for (String suffix : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(path.resolveSibling(path.getFileName() + suffix));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        closeReaders();
        writing.lock();
        try {
            discardWriter();
        } finally {
            writing.unlock();
        }
    }

    private void closeReaders() {
        for (Seat seat = seats.poll(); seat != null; seat = seats.poll()) {
            if (seat.session() != null) {
                seat.session().close();
            }
        }
    }
}
