package issueledger.analytics.facts;

import issueledger.projections.SqliteViews;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Facts in an SQLite file: a row an issue. */
final class SqliteFacts implements FactsStore {
    private static final List<String> SCHEMA = List.of("""
        CREATE TABLE IF NOT EXISTS facts (
          id TEXT PRIMARY KEY, write INTEGER NOT NULL, facts BLOB NOT NULL, crc INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID\
        """, "CREATE INDEX IF NOT EXISTS facts_write ON facts (write)");

    private static final String FIND = "SELECT id, write, facts, crc FROM facts WHERE id = ?";

    private final SqliteViews file;

    SqliteFacts(SqliteViews file) {
        this.file = file;
        long tables = file.find(session -> session.number("SELECT count(*) FROM sqlite_schema WHERE name = 'facts'"))
                .orElse(0L);
        if (tables == 0) {
            file.write(session -> session.execute(SCHEMA));
        }
    }

    @Override
    public long read(long fromWrite, UnaryOperator<String> shared, Consumer<IssueFacts> each) {
        return file.read(session -> {
            long last = fromWrite;
            String sql = "SELECT id, write, facts, crc FROM facts" + (fromWrite > 0 ? " WHERE write >= ?" : "");
            try (ResultSet rows =
                    (fromWrite > 0 ? session.statement(sql, fromWrite) : session.statement(sql)).executeQuery()) {
                while (rows.next()) {
                    each.accept(stored(rows).facts(shared));
                    last = Math.max(last, rows.getLong(2));
                }
            }
            return last;
        });
    }

    @Override
    public Map<String, IssueFacts> load(Collection<String> ids, UnaryOperator<String> shared) {
        return file.read(session -> {
            Map<String, IssueFacts> found = new HashMap<>();
            for (String id : ids) {
                try (ResultSet rows = session.statement(FIND, id).executeQuery()) {
                    if (rows.next()) {
                        found.put(id, stored(rows).facts(shared));
                    }
                }
            }
            return found;
        });
    }

    @Override
    public List<StoredFacts> after(String id, int limit) {
        return file.read(session -> {
            List<StoredFacts> found = new ArrayList<>();
            String sql = "SELECT id, write, facts, crc FROM facts WHERE id > ? ORDER BY id LIMIT ?";
            try (ResultSet rows = session.statement(sql, id, limit).executeQuery()) {
                while (rows.next()) {
                    found.add(stored(rows));
                }
            }
            return found;
        });
    }

    @Override
    public Optional<StoredFacts> found(String id) {
        return file.read(session -> {
            try (ResultSet rows = session.statement(FIND, id).executeQuery()) {
                return rows.next() ? Optional.of(stored(rows)) : Optional.empty();
            }
        });
    }

    private static StoredFacts stored(ResultSet row) throws SQLException {
        byte[] facts = row.getBytes(3);
        return new StoredFacts(row.getString(1), facts == null ? new byte[0] : facts, row.getInt(4));
    }

    @Override
    public void write(Collection<IssueFacts> issues, long write) {
        file.write(session -> {
            for (IssueFacts issue : issues) {
                StoredFacts stored = StoredFacts.of(issue);
                session.update(
                        "INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)",
                        issue.id(),
                        write,
                        stored.bytes(),
                        stored.checksum());
            }
        });
    }
}
