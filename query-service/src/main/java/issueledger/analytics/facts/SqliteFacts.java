package issueledger.analytics.facts;

import issueledger.issues.Checksum;
import issueledger.projections.SqliteViews;
import issueledger.projections.ViewsDamaged;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Facts in an SQLite file: a row an issue. */
final class SqliteFacts implements FactsStore {
    private static final List<String> SCHEMA = List.of("""
        CREATE TABLE IF NOT EXISTS facts (
          id TEXT PRIMARY KEY, write INTEGER NOT NULL, facts BLOB NOT NULL, crc INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID\
        """, "CREATE INDEX IF NOT EXISTS facts_write ON facts (write)");

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
                    each.accept(facts(rows, shared));
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
                try (ResultSet rows = session.statement("SELECT id, write, facts, crc FROM facts WHERE id = ?", id)
                        .executeQuery()) {
                    if (rows.next()) {
                        found.put(id, facts(rows, shared));
                    }
                }
            }
            return found;
        });
    }

    private static IssueFacts facts(ResultSet row, UnaryOperator<String> shared) throws SQLException {
        String id = row.getString(1);
        byte[] stored = row.getBytes(3);
        if (stored == null || Checksum.of(stored) != row.getInt(4)) {
            throw new ViewsDamaged("the facts of " + id + " are not as they were written");
        }
        return IssueFacts.of(id, stored, shared);
    }

    @Override
    public void write(Collection<IssueFacts> issues, long write) {
        file.write(session -> {
            for (IssueFacts issue : issues) {
                byte[] stored = issue.stored();
                session.update(
                        "INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)",
                        issue.id(),
                        write,
                        stored,
                        Checksum.of(stored));
            }
        });
    }
}
