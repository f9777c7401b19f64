package issueledger.analytics.facts;

import issueledger.issues.Checksum;
import issueledger.projections.SqliteViews;
import issueledger.projections.ViewsDamaged;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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
    public Read read(long fromWrite, UnaryOperator<String> shared) {
        return file.read(session -> {
            List<IssueFacts> issues = new ArrayList<>();
            long last = fromWrite;
            String sql = "SELECT id, write, facts, crc FROM facts" + (fromWrite > 0 ? " WHERE write >= ?" : "");
            try (ResultSet rows =
                    (fromWrite > 0 ? session.statement(sql, fromWrite) : session.statement(sql)).executeQuery()) {
                while (rows.next()) {
                    String id = rows.getString(1);
                    byte[] stored = rows.getBytes(3);
                    if (Checksum.of(stored) != rows.getInt(4)) {
                        throw new ViewsDamaged("the facts of " + id + " are not as they were written");
                    }
                    issues.add(IssueFacts.of(id, stored, shared));
                    last = Math.max(last, rows.getLong(2));
                }
            }
            return new Read(issues, last);
        });
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
