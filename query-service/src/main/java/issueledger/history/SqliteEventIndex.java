package issueledger.history;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import issueledger.log.Place;
import issueledger.projections.SqliteViews;
import issueledger.projections.SqliteViews.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events' places in an SQLite file: a row of small numbers an event. An index ends with the position, so each filter is a walk of one
 * index from a position on.
 */
final class SqliteEventIndex implements EventIndex {
    private static final List<String> SCHEMA =
            List.of("CREATE TABLE IF NOT EXISTS names (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT", """
                CREATE TABLE IF NOT EXISTS events (
                  position INTEGER PRIMARY KEY, nth INTEGER NOT NULL, actor INTEGER, type INTEGER NOT NULL, issue INTEGER NOT NULL
                ) STRICT\
                """);

    /** Made after a first fill, which is faster than row by row. */
    private static final List<String> INDEXES = List.of(
            "CREATE INDEX IF NOT EXISTS events_actor ON events (actor)",
            "CREATE INDEX IF NOT EXISTS events_type ON events (type)",
            "CREATE INDEX IF NOT EXISTS events_actor_type ON events (actor, type)",
            "CREATE INDEX IF NOT EXISTS events_issue ON events (issue)");

    /** The columns of each index, as one number. */
    private static final Map<String, String> SUMMED = Map.of(
            "events_actor", "coalesce(actor, 0)",
            "events_type", "type",
            "events_actor_type", "coalesce(actor, 0) * 31 + type",
            "events_issue", "issue");

    private static final String ENTRIES = """
        SELECT e.position, e.nth, a.name, t.name, i.name FROM events e
          LEFT JOIN names a ON a.n = e.actor LEFT JOIN names t ON t.n = e.type LEFT JOIN names i ON i.n = e.issue
          WHERE e.position > ? AND e.position <= ? ORDER BY e.position\
        """;

    private static final String ROW = "(?, ?, ?, ?, ?)";
    private static final String ADD = "INSERT OR IGNORE INTO events VALUES ";

    /** Rows of one statement. */
    private static final int ROWS = 50;

    private static final int COLUMNS = 5;
    private static final String ADD_ROW = ADD + ROW;
    private static final String ADD_ROWS = ADD + String.join(", ", Collections.nCopies(ROWS, ROW));

    private static final int KEPT_NAMES = 20_000;

    private final SqliteViews file;
    private final Cache<String, Long> numbers = Caffeine.newBuilder()
            .maximumSize(KEPT_NAMES)
            .executor(Runnable::run)
            .build();
    private Map<String, Long> added = Map.of();

    SqliteEventIndex(SqliteViews file) {
        this.file = file;
        long tables = file.find(session ->
                        session.number("SELECT count(*) FROM sqlite_schema WHERE name IN ('names', 'events')"))
                .orElse(0L);
        if (tables < SCHEMA.size()) {
            file.write(session -> session.execute(SCHEMA));
        }
    }

    @Override
    public void prepareForReaders() {
        file.write(session -> session.execute(INDEXES));
    }

    @Override
    public void add(List<Entry> entries) {
        Map<String, Long> found = new HashMap<>();
        file.write(session -> {
            int whole = entries.size() - entries.size() % ROWS;
            for (int from = 0; from < whole; from += ROWS) {
                add(session, ADD_ROWS, entries.subList(from, from + ROWS), found);
            }
            for (int from = whole; from < entries.size(); from++) {
                add(session, ADD_ROW, entries.subList(from, from + 1), found);
            }
        });
        added = found;
    }

    private void add(Session session, String sql, List<Entry> entries, Map<String, Long> found) throws SQLException {
        @Nullable Object[] values = new Object[entries.size() * COLUMNS];
        int next = 0;
        for (Entry entry : entries) {
            Place place = entry.place();
            String actor = entry.actor();
            values[next++] = place.position();
            values[next++] = place.position() - place.commit();
            values[next++] = actor == null ? null : number(session, actor, found);
            values[next++] = number(session, entry.type(), found);
            values[next++] = number(session, entry.issueId(), found);
        }
        session.update(sql, values);
    }

    /** Numbers are kept once they are committed. */
    @Override
    public void committed() {
        numbers.putAll(added);
        added = Map.of();
    }

    /** The number of a name, a new one if it has none. */
    private long number(Session session, String name, Map<String, Long> found) throws SQLException {
        Long known = numbers.getIfPresent(name);
        if (known == null) {
            known = found.get(name);
        }
        if (known != null) {
            return known;
        }
        Long stored = stored(session, name);
        if (stored == null) {
            session.update("INSERT INTO names (name) VALUES (?)", name);
            stored = stored(session, name);
        }
        if (stored == null) {
            throw new IllegalStateException("the name " + name + " was not stored");
        }
        found.put(name, stored);
        return stored;
    }

    private static @Nullable Long stored(Session session, String name) throws SQLException {
        return session.number("SELECT n FROM names WHERE name = ?", name);
    }

    @Override
    public List<Entry> entries(long after, long to) {
        return file.read(session -> {
            List<Entry> entries = new ArrayList<>();
            try (ResultSet rows = session.statement(ENTRIES, after, to).executeQuery()) {
                while (rows.next()) {
                    Place place = new Place(rows.getLong(1), rows.getLong(1) - rows.getLong(2));
                    entries.add(new Entry(place, rows.getString(3), text(rows, 4), text(rows, 5)));
                }
            }
            return entries;
        });
    }

    /** A name that is not there reads as empty, which no type or issue is. */
    private static String text(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null ? "" : text;
    }

    @Override
    public @Nullable String differingIndex(long to) {
        return file.find(session -> {
                    for (Map.Entry<String, String> index : SUMMED.entrySet()) {
                        String sum = "SELECT count(*) || ' ' || total((" + index.getValue()
                                + ") * (position % 1000003)) FROM events ";
                        String ofRows = text(session, sum + "NOT INDEXED WHERE position <= ?", to);
                        if (!ofRows.equals(
                                text(session, sum + "INDEXED BY " + index.getKey() + " WHERE position <= ?", to))) {
                            return index.getKey();
                        }
                    }
                    return null;
                })
                .orElse(null);
    }

    private static String text(Session session, String sql, long to) throws SQLException {
        try (ResultSet rows = session.statement(sql, to).executeQuery()) {
            return rows.next() ? text(rows, 1) : "";
        }
    }

    @Override
    public List<Place> find(EventFilter filter, long after, long end, int limit) {
        return file.read(session -> {
            StringBuilder sql = new StringBuilder("SELECT position, nth FROM events INDEXED BY ");
            sql.append(indexFor(filter)).append(" WHERE position > ? AND position <= ?");
            List<Object> parameters = new ArrayList<>(List.of(after, end));
            Map<String, @Nullable String> wanted = new HashMap<>();
            wanted.put("actor", filter.actor());
            wanted.put("type", filter.type());
            wanted.put("issue", filter.issueId());
            for (String column : List.of("actor", "type", "issue")) {
                String name = wanted.get(column);
                if (name == null) {
                    continue;
                }
                Long number = stored(session, name);
                if (number == null) {
                    return List.of();
                }
                sql.append(" AND ").append(column).append(" = ?");
                parameters.add(number);
            }
            sql.append(" ORDER BY position LIMIT ?");
            parameters.add(limit);
            return places(session, sql.toString(), parameters);
        });
    }

    /** An issue has few events: their actors and types are compared one by one. */
    private static String indexFor(EventFilter filter) {
        if (filter.issueId() != null) {
            return "events_issue";
        }
        if (filter.actor() == null) {
            return "events_type";
        }
        return filter.type() == null ? "events_actor" : "events_actor_type";
    }

    private static List<Place> places(Session session, String sql, List<Object> parameters) throws SQLException {
        List<Place> places = new ArrayList<>();
        try (ResultSet rows = session.statement(sql, parameters.toArray()).executeQuery()) {
            while (rows.next()) {
                places.add(new Place(rows.getLong(1), rows.getLong(1) - rows.getLong(2)));
            }
        }
        return places;
    }
}
