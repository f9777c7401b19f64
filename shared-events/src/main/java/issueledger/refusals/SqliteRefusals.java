package issueledger.refusals;

import issueledger.events.Rfc3339;
import issueledger.log.sqlite.SqliteErrors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/** Refusals in their own SQLite file, created with the first one. Several processes may write and read it. */
public final class SqliteRefusals implements Refusals {
    private static final int BUSY_MILLISECONDS = 4_000;
    private static final long PAUSE_NANOS = 20_000_000;
    private static final String[] SCHEMA = {
        """
        CREATE TABLE IF NOT EXISTS refusals (
          id       INTEGER PRIMARY KEY AUTOINCREMENT,
          at       TEXT    NOT NULL,
          command  TEXT    NOT NULL,
          issue_id TEXT,
          actor    TEXT    NOT NULL,
          status   INTEGER NOT NULL,
          type     TEXT    NOT NULL,
          reason   TEXT,
          detail   TEXT    NOT NULL,
          trace_id TEXT    NOT NULL
        ) STRICT\
        """,
        "CREATE INDEX IF NOT EXISTS refusals_at ON refusals (at)",
        "CREATE INDEX IF NOT EXISTS refusals_issue ON refusals (issue_id, id)"
    };

    private final Path path;
    private @Nullable Connection writing;

    public SqliteRefusals(Path path) {
        this.path = path;
    }

    @Override
    public synchronized void keep(List<RefusedCommand> refused) {
        try {
            Connection connection = writing();
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO refusals (at, command, issue_id, actor, status, type, reason, detail, trace_id)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                for (RefusedCommand one : refused) {
                    insert.setString(1, Rfc3339.format(one.at()));
                    insert.setString(2, one.command());
                    insert.setString(3, one.issueId());
                    insert.setString(4, one.actor());
                    insert.setInt(5, one.status());
                    insert.setString(6, one.type());
                    insert.setString(7, one.reason());
                    insert.setString(8, one.detail());
                    insert.setString(9, one.traceId());
                    insert.addBatch();
                }
                insert.executeBatch();
                connection.setAutoCommit(true); // Commits; commit() would begin, and lock, once more.
            }
        } catch (SQLException e) {
            close();
            throw unavailable("written", e);
        }
    }

    @Override
    public synchronized void forget(Instant before) {
        if (Files.notExists(path)) {
            return;
        }
        try {
            Connection connection = writing();
            try (PreparedStatement old = connection.prepareStatement("DELETE FROM refusals WHERE at < ?");
                    Statement many = connection.createStatement()) {
                old.setString(1, Rfc3339.format(before));
                old.executeUpdate();
                many.executeUpdate("DELETE FROM refusals WHERE id <= (SELECT max(id) FROM refusals) - " + MOST);
            }
        } catch (SQLException e) {
            close();
            throw unavailable("written", e);
        }
    }

    private RefusalsUnavailable unavailable(String doing, SQLException e) {
        return new RefusalsUnavailable(
                "the refusals' file " + path + " cannot be " + doing + ": " + SqliteErrors.why(e), e);
    }

    /** Stays open until a write fails; reopening then finds a restored file or a disk with room. */
    private Connection writing() throws SQLException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLISECONDS);
        while (writing == null) {
            try {
                writing = open();
            } catch (SQLException e) {
                // SQLite's busy timeout does not cover the change to WAL, which two processes may make at once in a new
                // file.
                if (SQLiteErrorCode.getErrorCode(e.getErrorCode()) != SQLiteErrorCode.SQLITE_BUSY
                        || System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return writing;
    }

    private Connection open() throws SQLException {
        SQLiteConfig config = config();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        Connection connection = config.createConnection("jdbc:sqlite:" + path);
        try (Statement statement = connection.createStatement()) {
            for (String sql : SCHEMA) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLISECONDS);
        return config;
    }

    @Override
    public List<RefusedCommand> read(
            long after,
            int limit,
            @Nullable String issueId,
            @Nullable String actor,
            @Nullable String command,
            @Nullable String reason) {
        if (Files.notExists(path)) {
            return List.of();
        }
        Map<String, @Nullable String> wanted = new LinkedHashMap<>();
        wanted.put("issue_id", issueId);
        wanted.put("actor", actor);
        wanted.put("command", command);
        wanted.put("reason", reason);
        wanted.values().removeIf(Objects::isNull);
        StringBuilder sql = new StringBuilder("SELECT * FROM refusals WHERE id > ?");
        wanted.keySet().forEach(column -> sql.append(" AND ").append(column).append(" = ?"));
        sql.append(" ORDER BY id LIMIT ?");
        SQLiteConfig config = config();
        config.setReadOnly(true);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + path)) {
            return isMade(connection) ? read(connection, sql.toString(), after, limit, wanted.values()) : List.of();
        } catch (SQLException e) {
            throw unavailable("read", e);
        }
    }

    /** The file exists shortly before its table does. */
    private static boolean isMade(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet tables = statement.executeQuery("SELECT 1 FROM sqlite_master WHERE name = 'refusals'")) {
            return tables.next();
        }
    }

    private static List<RefusedCommand> read(
            Connection connection, String sql, long after, int limit, Collection<String> wanted) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            int place = 1;
            select.setLong(place++, after);
            for (String value : wanted) {
                select.setString(place++, value);
            }
            select.setInt(place, limit);
            List<RefusedCommand> refused = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    refused.add(row(rows));
                }
            }
            return refused;
        }
    }

    private static RefusedCommand row(ResultSet row) throws SQLException {
        return new RefusedCommand(
                row.getLong("id"),
                Instant.parse(row.getString("at")),
                row.getString("command"),
                row.getString("issue_id"),
                row.getString("actor"),
                row.getInt("status"),
                row.getString("type"),
                row.getString("reason"),
                row.getString("detail"),
                row.getString("trace_id"));
    }

    @Override
    public synchronized void close() {
        if (writing != null) {
            try {
                writing.close();
            } catch (SQLException e) {
                throw unavailable("closed", e);
            } finally {
                writing = null;
            }
        }
    }
}
