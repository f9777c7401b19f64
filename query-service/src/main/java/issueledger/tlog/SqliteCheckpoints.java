package issueledger.tlog;

import issueledger.events.Rfc3339;
import issueledger.log.sqlite.SqliteErrors;
import issueledger.proof.Hash;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * Checkpoints in their own SQLite file, made with the first one. Several processes may write and read it. It has a rollback journal and no
 * write-ahead log, so that a copy of the file is a copy of all that was committed.
 */
final class SqliteCheckpoints implements CheckpointStore {
    private static final int BUSY_MILLISECONDS = 4_000;
    private static final List<String> SCHEMA =
            List.of("""
                CREATE TABLE IF NOT EXISTS checkpoints (
                  number INTEGER PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, at TEXT NOT NULL, note TEXT NOT NULL,
                  keys TEXT NOT NULL, cosigned INTEGER NOT NULL, hourly INTEGER NOT NULL DEFAULT 0
                ) STRICT\
                """, "CREATE INDEX IF NOT EXISTS checkpoints_size ON checkpoints (size)", """
                CREATE TABLE IF NOT EXISTS witnesses (name TEXT PRIMARY KEY, size INTEGER NOT NULL, at TEXT, error TEXT) STRICT\
                """);
    private static final String SELECT = "SELECT number, size, root, at, note, keys, cosigned FROM checkpoints ";

    private final Path path;
    private @Nullable Connection open;

    SqliteCheckpoints(Path path) {
        this.path = path;
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private synchronized <T> T run(Work<T> work) {
        try {
            if (open == null) {
                open = open();
            }
            return work.on(open);
        } catch (SQLException e) {
            close();
            throw new CheckpointsUnavailable(
                    "the signed checkpoints in " + path + " cannot be read or written: " + SqliteErrors.why(e), e);
        }
    }

    private Connection open() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLISECONDS);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setJournalMode(SQLiteConfig.JournalMode.DELETE);
        Connection connection = config.createConnection("jdbc:sqlite:" + path);
        try (Statement statement = connection.createStatement()) {
            for (String sql : SCHEMA) {
                statement.execute(sql);
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private List<SignedCheckpoint> select(String where, Object... parameters) {
        if (Files.notExists(path)) {
            return List.of();
        }
        return run(connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT + where)) {
                for (int i = 0; i < parameters.length; i++) {
                    select.setObject(i + 1, parameters[i]);
                }
                List<SignedCheckpoint> found = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(new SignedCheckpoint(
                                row.getLong(1),
                                row.getLong(2),
                                Hash.of(row.getBytes(3)),
                                Instant.parse(row.getString(4)),
                                row.getString(5),
                                row.getString(6),
                                row.getInt(7) != 0));
                    }
                }
                return found;
            }
        });
    }

    @Override
    public Optional<SignedCheckpoint> last() {
        return select("ORDER BY number DESC LIMIT 1").stream().findFirst();
    }

    @Override
    public boolean add(SignedCheckpoint next) {
        return run(connection -> {
            try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO checkpoints (number, size, root, at, note, keys, cosigned)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM checkpoints WHERE number >= ?1 OR size > ?2)\
                """)) {
                insert.setLong(1, next.number());
                insert.setLong(2, next.size());
                insert.setBytes(3, next.root().bytes());
                insert.setString(4, Rfc3339.format(next.at()));
                insert.setString(5, next.note());
                insert.setString(6, next.keys());
                insert.setInt(7, next.isCosigned() ? 1 : 0);
                return insert.executeUpdate() == 1;
            }
        });
    }

    @Override
    public boolean cosign(SignedCheckpoint before, SignedCheckpoint after) {
        return run(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE checkpoints SET note = ?, cosigned = 1 WHERE number = ? AND note = ?")) {
                update.setString(1, after.note());
                update.setLong(2, before.number());
                update.setString(3, before.note());
                return update.executeUpdate() == 1;
            }
        });
    }

    @Override
    public List<SignedCheckpoint> before(long number, int limit) {
        return select("WHERE number < ? ORDER BY number DESC LIMIT ?", number, limit);
    }

    @Override
    public List<SignedCheckpoint> after(long number, int limit) {
        return select("WHERE number > ? ORDER BY number LIMIT ?", number, limit);
    }

    @Override
    public Optional<SignedCheckpoint> ofAtMost(long size) {
        return select("WHERE size <= ? ORDER BY size DESC, number DESC LIMIT 1", size).stream()
                .findFirst();
    }

    @Override
    public List<SignedCheckpoint> thinnable(Instant before, int limit) {
        return select(
                "WHERE cosigned = 0 AND hourly = 0 AND at < ? AND number < (SELECT max(number) FROM checkpoints)"
                        + " ORDER BY number LIMIT ?",
                Rfc3339.format(before),
                limit);
    }

    @Override
    public void thin(Collection<Long> delete, Collection<Long> keep) {
        run(connection -> {
            connection.setAutoCommit(false);
            try (PreparedStatement deletes =
                            connection.prepareStatement("DELETE FROM checkpoints WHERE number = ? AND cosigned = 0");
                    PreparedStatement keeps =
                            connection.prepareStatement("UPDATE checkpoints SET hourly = 1 WHERE number = ?")) {
                each(deletes, delete);
                each(keeps, keep);
                connection.setAutoCommit(true); // Commits.
            }
            return true;
        });
    }

    private static void each(PreparedStatement statement, Collection<Long> numbers) throws SQLException {
        for (long number : numbers) {
            statement.setLong(1, number);
            statement.addBatch();
        }
        statement.executeBatch();
    }

    @Override
    public Map<String, WitnessState> witnesses() {
        if (Files.notExists(path)) {
            return Map.of();
        }
        return run(connection -> {
            Map<String, WitnessState> found = new HashMap<>();
            try (PreparedStatement select = connection.prepareStatement("SELECT name, size, at, error FROM witnesses");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String at = row.getString(3);
                    found.put(
                            row.getString(1),
                            new WitnessState(row.getLong(2), at == null ? null : Instant.parse(at), row.getString(4)));
                }
            }
            return found;
        });
    }

    @Override
    public void put(String witness, WitnessState state) {
        run(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT OR REPLACE INTO witnesses VALUES (?, ?, ?, ?)")) {
                insert.setString(1, witness);
                insert.setLong(2, state.size());
                insert.setString(3, state.at() == null ? null : Rfc3339.format(state.at()));
                insert.setString(4, state.error());
                return insert.executeUpdate();
            }
        });
    }

    @Override
    public synchronized void close() {
        Connection connection = open;
        open = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // Nothing is left to do with it; what was committed is durable.
            }
        }
    }
}
