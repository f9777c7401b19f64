package issueledger.projections;

import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Processors' tokens in {@code views.db}. They are lost with the file; then the processors start from the beginning of the log. */
final class SqliteProcessorTokens implements ProcessorTokens {
    static final String SCHEMA = """
        CREATE TABLE processor_tokens (
          processor TEXT NOT NULL, segment INTEGER NOT NULL, token TEXT, type TEXT, owner TEXT, at INTEGER NOT NULL,
          erasures INTEGER NOT NULL, PRIMARY KEY (processor, segment)
        ) STRICT\
        """;

    private static final String SAME_ROW = " WHERE processor = ? AND segment = ? AND token IS ? AND type IS ?"
            + " AND owner IS ? AND at = ? AND erasures = ?";

    /** Time that another process has to make the file. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final SqliteViewStore store;

    SqliteProcessorTokens(SqliteViewStore store) {
        this.store = store;
    }

    @Override
    public List<Row> rows(String processor) {
        return store.find(session -> {
                    List<Row> rows = new ArrayList<>();
                    try (ResultSet row = session.statement(
                                    "SELECT segment, token, type, owner, at, erasures FROM processor_tokens"
                                            + " WHERE processor = ? ORDER BY segment",
                                    processor)
                            .executeQuery()) {
                        while (row.next()) {
                            rows.add(new Row(
                                    processor,
                                    row.getInt(1),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getLong(5),
                                    row.getInt(6)));
                        }
                    }
                    return rows;
                })
                .orElse(List.of());
    }

    @Override
    public boolean insert(Row row) {
        awaitTheFile();
        return changes(
                "INSERT OR IGNORE INTO processor_tokens VALUES (?, ?, ?, ?, ?, ?, ?)",
                row.processor(),
                row.segment(),
                row.token(),
                row.type(),
                row.owner(),
                row.at(),
                row.erasures());
    }

    /** The process that feeds the views makes it. */
    private void awaitTheFile() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!store.acquire() && !store.hasIndex() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(25).toNanos());
        }
    }

    @Override
    public boolean replace(Row from, Row to) {
        return changes(
                "UPDATE processor_tokens SET token = ?, type = ?, owner = ?, at = ?, erasures = ?" + SAME_ROW,
                to.token(),
                to.type(),
                to.owner(),
                to.at(),
                to.erasures(),
                from.processor(),
                from.segment(),
                from.token(),
                from.type(),
                from.owner(),
                from.at(),
                from.erasures());
    }

    @Override
    public boolean delete(Row row) {
        return changes(
                "DELETE FROM processor_tokens" + SAME_ROW,
                row.processor(),
                row.segment(),
                row.token(),
                row.type(),
                row.owner(),
                row.at(),
                row.erasures());
    }

    private boolean changes(String sql, @Nullable Object... parameters) {
        int[] changed = new int[1];
        store.write(session -> changed[0] = session.statement(sql, parameters).executeUpdate());
        return changed[0] == 1;
    }
}
