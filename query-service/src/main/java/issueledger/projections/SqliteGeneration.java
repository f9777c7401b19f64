package issueledger.projections;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A generation in a file of its own: a commit has views, parked events and the checkpoint, or none of them. */
public final class SqliteGeneration implements Generation {
    /** "IsLv". */
    static final int APPLICATION_ID = 0x49734C76;

    private static final List<String> SCHEMA = List.of(
            """
            CREATE TABLE checkpoint (
              one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL, hash TEXT NOT NULL, erasures INTEGER NOT NULL
            ) STRICT\
            """, "INSERT INTO checkpoint VALUES (1, 0, '', 0)", """
            CREATE TABLE parked (
              position INTEGER PRIMARY KEY, issue TEXT NOT NULL, type TEXT NOT NULL, error TEXT NOT NULL, at INTEGER NOT NULL
            ) STRICT\
            """, "CREATE INDEX parked_issue ON parked (issue)");

    private final int number;
    private final SqliteViews views;

    SqliteGeneration(int number, Path file) {
        this.number = number;
        this.views = new SqliteViews(file, APPLICATION_ID);
    }

    /** The file that the views are stored in. */
    public SqliteViews views() {
        return views;
    }

    void make() {
        views.make(SCHEMA);
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public Checkpoint checkpoint() {
        return views.read(session -> {
            try (ResultSet row = session.statement("SELECT position, hash, erasures FROM checkpoint")
                    .executeQuery()) {
                if (!row.next()) {
                    throw new ViewsDamaged(views.path() + " has no checkpoint");
                }
                return new Checkpoint(row.getLong(1), row.getString(2), row.getInt(3));
            }
        });
    }

    @Override
    public boolean write(
            Runnable changes, Collection<Parked> parked, Collection<String> retried, Checkpoint checkpoint) {
        views.write(session -> {
            changes.run();
            for (String issue : retried) {
                session.update("DELETE FROM parked WHERE issue = ?", issue);
            }
            for (Parked event : parked) {
                session.update(
                        "INSERT OR IGNORE INTO parked VALUES (?, ?, ?, ?, ?)",
                        event.position(),
                        event.issueId(),
                        event.type(),
                        event.error(),
                        event.at().toEpochMilli());
            }
            session.update(
                    "UPDATE checkpoint SET position = ?, hash = ?, erasures = ?",
                    checkpoint.position(),
                    checkpoint.hash(),
                    checkpoint.erasures());
        });
        return true;
    }

    @Override
    public Map<String, Long> parkedIssues() {
        return views.read(session -> {
            Map<String, Long> first = new HashMap<>();
            try (ResultSet rows = session.statement("SELECT issue, min(position) FROM parked GROUP BY issue")
                    .executeQuery()) {
                while (rows.next()) {
                    first.put(rows.getString(1), rows.getLong(2));
                }
            }
            return first;
        });
    }

    @Override
    public long parkedCount() {
        return views.read(session -> {
            Long count = session.number("SELECT count(*) FROM parked");
            return count == null ? 0 : count;
        });
    }

    @Override
    public List<Parked> parked(long afterPosition, int limit) {
        return views.read(session -> {
            List<Parked> parked = new ArrayList<>();
            try (ResultSet rows = session.statement(
                            "SELECT position, issue, type, error, at FROM parked WHERE position > ? ORDER BY position"
                                    + " LIMIT ?",
                            afterPosition,
                            limit)
                    .executeQuery()) {
                while (rows.next()) {
                    parked.add(new Parked(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getString(4),
                            Instant.ofEpochMilli(rows.getLong(5))));
                }
            }
            return parked;
        });
    }
}
