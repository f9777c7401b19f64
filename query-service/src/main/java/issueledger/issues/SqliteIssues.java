package issueledger.issues;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import issueledger.events.EventJson;
import issueledger.events.Severity;
import issueledger.issues.IssuePieces.Fixed;
import issueledger.issues.IssueQuery.Cursor;
import issueledger.projections.SqliteViews;
import issueledger.projections.SqliteViews.Session;
import issueledger.projections.ViewsDamaged;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * Issue views in an SQLite file. An issue has a number, a row, and its JSON in pieces ({@link IssuePieces}); {@code entries} has a row for
 * each of its filter values and each order of the list, {@code words} one for each of its words.
 */
final class SqliteIssues implements Issues {
    private static final List<String> SCHEMA = List.of(
            """
            CREATE TABLE IF NOT EXISTS issues (
              n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, seen INTEGER NOT NULL,
              opened_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, rank INTEGER NOT NULL, item TEXT NOT NULL,
              item_crc INTEGER NOT NULL, pieces INTEGER NOT NULL, crc INTEGER NOT NULL
            ) STRICT\
            """,
            "CREATE TABLE IF NOT EXISTS pieces (key INTEGER PRIMARY KEY, json BLOB NOT NULL, crc INTEGER NOT NULL)"
                    + " STRICT");

    /** Filled in the order of their keys, which is faster than row by row. */
    private static final List<String> FOR_READERS = List.of(
            """
            CREATE TABLE entries (
              facet TEXT NOT NULL, sort INTEGER NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, n INTEGER NOT NULL,
              PRIMARY KEY (facet, sort, key, id)
            ) STRICT, WITHOUT ROWID\
            """,
            """
            INSERT INTO entries
            SELECT f.value, s.column1, CASE s.column1 WHEN 0 THEN i.opened_at WHEN 1 THEN i.updated_at ELSE i.rank END, i.id, i.n
            FROM issues i JOIN pieces p ON p.key = i.n * 1048576 + 1048575
            JOIN json_each(CAST(p.json AS TEXT)) f JOIN (VALUES (0), (1), (2)) s ORDER BY 1, 2, 3, 4\
            """,
            "CREATE TABLE words (word TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (word, n)) STRICT, WITHOUT ROWID",
            """
            INSERT INTO words SELECT w.value, i.n
            FROM issues i JOIN pieces p ON p.key = i.n * 1048576 + 1048574 JOIN json_each(CAST(p.json AS TEXT)) w
            ORDER BY 1, 2\
            """);

    /** The filter value that every issue has. */
    private static final String ALL = "";

    private static final List<String> SORTS = List.of("openedAt", "updatedAt", "severity");
    private static final List<String> SORT_COLUMNS = List.of("opened_at", "updated_at", "rank");
    private static final int BY_SEVERITY = 2;

    /** Up to this many candidates are sorted; above it, walking the ordered entries is faster. */
    private static final int MAX_SORTED = 4_096;

    /** Maximum JSON bytes of the cached views; as objects they take several times as much heap. */
    private static final long KEPT_BYTES = Runtime.getRuntime().maxMemory() / 64;

    private static final int KEPT_OVERHEAD = 1_024;

    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};

    private final SqliteViews file;
    private final LargeIssues large;
    private final Cache<String, Kept> kept = Caffeine.newBuilder()
            .maximumWeight(KEPT_BYTES)
            .weigher((String id, Kept k) -> KEPT_OVERHEAD + k.bytes())
            .executor(Runnable::run)
            .build();
    private volatile boolean forReaders;
    private long next;
    private Map<String, Kept> loaded = Map.of();
    private Map<String, Kept> saved = Map.of();

    /**
     * A view as it is stored.
     *
     * @param n the issue's number
     * @param crcs checksums of the fixed pieces between head and tail
     */
    private record Kept(long n, Stored stored, Set<String> facets, Set<String> words, List<Integer> crcs, int bytes) {}

    private record Entry(String facet, int sort, long key) {}

    SqliteIssues(SqliteViews file, LargeIssues large) {
        this.file = file;
        this.large = large;
        if (!hasTables("issues", "pieces")) {
            file.write(session -> session.execute(SCHEMA));
        }
        this.forReaders = hasTables("entries", "words");
        this.next = 1
                + file.find(session -> session.number("SELECT max(n) FROM issues"))
                        .orElse(0L);
    }

    private boolean hasTables(String one, String other) {
        return file.find(session ->
                                session.number("SELECT count(*) FROM sqlite_schema WHERE name IN (?, ?)", one, other))
                        .orElse(0L)
                == 2;
    }

    @Override
    public void prepareForReaders() {
        if (!forReaders) {
            file.write(session -> session.execute(FOR_READERS));
            forReaders = true;
        }
    }

    @Override
    public Map<String, Stored> load(Collection<String> ids) {
        Map<String, Kept> known = new HashMap<>();
        List<String> others = new ArrayList<>();
        for (String id : ids) {
            Kept cached = kept.getIfPresent(id);
            if (cached == null) {
                others.add(id);
            } else {
                known.put(id, cached);
            }
        }
        if (!others.isEmpty()) {
            file.read(session -> {
                for (String id : others) {
                    Kept stored = stored(session, id);
                    if (stored != null) {
                        known.put(id, stored);
                    }
                }
                return known;
            });
        }
        loaded = known;
        Map<String, Stored> views = new HashMap<>();
        known.forEach((id, k) -> views.put(id, k.stored()));
        return views;
    }

    @Override
    public void save(Collection<Stored> changed) {
        Map<String, Kept> written = new HashMap<>();
        file.write(session -> {
            for (Stored stored : changed) {
                written.put(stored.id(), write(session, loaded.get(stored.id()), stored));
            }
        });
        saved = written;
    }

    @Override
    public void committed(Collection<Stored> changed) {
        saved.forEach((id, k) -> {
            kept.put(id, k);
            large.note(id, k.bytes());
        });
        saved = Map.of();
        loaded = Map.of();
    }

    @SuppressWarnings("ReferenceEquality") // Words.of returns the same set if no word has changed.
    private Kept write(Session session, @Nullable Kept before, Stored stored) throws SQLException {
        IssueView view = stored.view();
        IssueView old =
                before == null ? IssueView.of(stored.id()) : before.stored().view();
        long n = before == null ? next++ : before.n();
        Fixed fixed = IssuePieces.fixed(view);
        List<Integer> crcs = List.of(
                crc(n, IssuePieces.TEXT, fixed.text()),
                crc(n, IssuePieces.MIDDLE, fixed.middle()),
                crc(n, IssuePieces.METRICS, fixed.metrics()));
        put(session, n, IssuePieces.HEAD, fixed.head());
        if (before == null || !before.crcs().get(0).equals(crcs.get(0))) {
            put(session, n, IssuePieces.TEXT, fixed.text());
        }
        if (before == null || !before.crcs().get(1).equals(crcs.get(1))) {
            put(session, n, IssuePieces.MIDDLE, fixed.middle());
        }
        if (before == null || !before.crcs().get(2).equals(crcs.get(2))) {
            put(session, n, IssuePieces.METRICS, fixed.metrics());
        }
        put(session, n, IssuePieces.TAIL, fixed.tail());
        int chunkBytes = putChunks(session, n, IssuePieces.TEST_RUNS, old.testRuns(), view.testRuns())
                + putChunks(session, n, IssuePieces.NOTES, old.notes(), view.notes())
                + putChunks(session, n, IssuePieces.RECORDS, old.metricRecords(), view.metricRecords());
        Set<String> facets = facets(view);
        Set<String> words = before == null ? Words.of(view) : Words.of(view, old, before.words());
        if (before == null || !facets.equals(before.facets())) {
            put(session, n, IssuePieces.FACETS, EventJson.MAPPER.writeValueAsBytes(facets));
        }
        if (before == null || words != before.words()) {
            put(session, n, IssuePieces.WORDS, EventJson.MAPPER.writeValueAsBytes(words));
        }
        putRow(session, n, before == null, stored);
        if (forReaders) {
            index(session, n, before, old, view, facets, words);
        }
        int bytes = fixed.head().length
                + fixed.text().length
                + fixed.middle().length
                + fixed.metrics().length
                + fixed.tail().length
                + Math.max(chunkBytes, before == null ? 0 : before.bytes());
        return new Kept(n, stored, facets, words, crcs, bytes);
    }

    private static Set<String> facets(IssueView view) {
        Set<String> facets = new LinkedHashSet<>();
        facets.add(ALL);
        Facet.of(view).forEach(facet -> facets.add(text(facet)));
        return facets;
    }

    private static String text(Facet facet) {
        return facet.field() + "=" + facet.value();
    }

    private static void put(Session session, long n, int piece, byte[] json) throws SQLException {
        session.update("INSERT OR REPLACE INTO pieces VALUES (?, ?, ?)", key(n, piece), json, crc(n, piece, json));
    }

    private static long key(long n, int piece) {
        return n * IssuePieces.NUMBERS + piece;
    }

    private static int crc(long n, int piece, byte[] json) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, key(n, piece)));
        crc.update(json);
        return (int) crc.getValue();
    }

    /** Returns the bytes that were written. */
    private static int putChunks(Session session, long n, int first, List<?> before, List<?> after)
            throws SQLException {
        int bytes = 0;
        for (int number = 0; number < IssuePieces.chunks(after); number++) {
            if (!IssuePieces.isSame(before, after, number)) {
                byte[] json = IssuePieces.chunk(after, number);
                put(session, n, first + number, json);
                bytes += json.length;
            }
        }
        return bytes;
    }

    private static void putRow(Session session, long n, boolean isNew, Stored stored) throws SQLException {
        IssueView view = stored.view();
        String item = Item.json(view);
        int pieces = IssuePieces.FIXED + IssuePieces.chunks(view.testRuns()) + IssuePieces.chunks(view.notes());
        Object[] row = {
            view.version(),
            stored.seen(),
            view.openedAt().toEpochMilli(),
            view.updatedAt().toEpochMilli(),
            view.rank(),
            item,
            itemCrc(n, stored.id(), item),
            pieces,
            rowCrc(n, view.version(), stored.seen(), pieces),
            n,
            stored.id()
        };
        if (isNew) {
            session.update(
                    "INSERT INTO issues (version, seen, opened_at, updated_at, rank, item, item_crc, pieces, crc, n,"
                            + " id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    row);
        } else {
            session.update(
                    "UPDATE issues SET version = ?, seen = ?, opened_at = ?, updated_at = ?, rank = ?, item = ?,"
                            + " item_crc = ?, pieces = ?, crc = ? WHERE n = ?",
                    Arrays.copyOf(row, row.length - 1));
        }
    }

    private static int rowCrc(long n, long version, long seen, int pieces) {
        ByteBuffer row = ByteBuffer.allocate(4 * Long.BYTES)
                .putLong(n)
                .putLong(version)
                .putLong(seen)
                .putLong(pieces);
        return Checksum.of(row.array());
    }

    /** The item of a list is checked by itself: a page does not read the issues' pieces. */
    private static int itemCrc(long n, String id, String item) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, n));
        crc.update(id.getBytes(UTF_8));
        crc.update(item.getBytes(UTF_8));
        return (int) crc.getValue();
    }

    @SuppressWarnings("ReferenceEquality") // As in write.
    private static void index(
            Session session,
            long n,
            @Nullable Kept before,
            IssueView old,
            IssueView view,
            Set<String> facets,
            Set<String> words)
            throws SQLException {
        Set<Entry> entriesBefore = before == null ? Set.of() : entries(old, before.facets());
        Set<Entry> entries = entries(view, facets);
        for (Entry entry : entriesBefore) {
            if (!entries.contains(entry)) {
                session.update(
                        "DELETE FROM entries WHERE facet = ? AND sort = ? AND key = ? AND id = ?",
                        entry.facet(),
                        entry.sort(),
                        entry.key(),
                        view.id());
            }
        }
        for (Entry entry : entries) {
            if (!entriesBefore.contains(entry)) {
                session.update(
                        "INSERT INTO entries VALUES (?, ?, ?, ?, ?)",
                        entry.facet(),
                        entry.sort(),
                        entry.key(),
                        view.id(),
                        n);
            }
        }
        Set<String> wordsBefore = before == null ? Set.of() : before.words();
        if (words != wordsBefore) {
            for (String word : wordsBefore) {
                if (!words.contains(word)) {
                    session.update("DELETE FROM words WHERE word = ? AND n = ?", word, n);
                }
            }
            for (String word : words) {
                if (!wordsBefore.contains(word)) {
                    session.update("INSERT INTO words VALUES (?, ?)", word, n);
                }
            }
        }
    }

    private static Set<Entry> entries(IssueView view, Set<String> facets) {
        Set<Entry> entries = new HashSet<>();
        for (String facet : facets) {
            entries.add(new Entry(facet, 0, view.openedAt().toEpochMilli()));
            entries.add(new Entry(facet, 1, view.updatedAt().toEpochMilli()));
            entries.add(new Entry(facet, BY_SEVERITY, view.rank()));
        }
        return entries;
    }

    // Reading.

    /** The row of an issue, and the pieces of its JSON or all of them, in order. */
    private interface Pieces {
        void take(int piece, byte[] json);
    }

    private record Found(long n, long version, long seen) {}

    /** Null if there is no such issue. Row and pieces are of one statement, so that no write comes between them. */
    private static @Nullable Found pieces(Session session, String id, int last, Pieces pieces) throws SQLException {
        try (ResultSet rows = session.statement(
                        "SELECT p.key, p.json, p.crc, i.n, i.version, i.seen, i.pieces, i.crc FROM issues i CROSS JOIN"
                            + " pieces p WHERE i.id = ? AND p.key BETWEEN i.n * 1048576 AND i.n * 1048576 + ? ORDER BY"
                            + " p.key",
                        id,
                        last)
                .executeQuery()) {
            Found row = null;
            int missing = 0;
            while (rows.next()) {
                if (row == null) {
                    row = new Found(rows.getLong(4), rows.getLong(5), rows.getLong(6));
                    missing = rows.getInt(7);
                    require(rows.getInt(8) == rowCrc(row.n(), row.version(), row.seen(), missing), id);
                }
                int piece = (int) (rows.getLong(1) - key(row.n(), 0));
                byte[] json = rows.getBytes(2);
                require(json != null && rows.getInt(3) == crc(row.n(), piece, json), id);
                if (piece <= IssuePieces.TAIL) {
                    missing--;
                }
                pieces.take(piece, json);
            }
            require(row == null || missing == 0, id);
            return row;
        }
    }

    private static void require(boolean intact, String id) {
        if (!intact) {
            throw new ViewsDamaged("the view of " + id + " is not as it was written");
        }
    }

    private static @Nullable Kept stored(Session session, String id) throws SQLException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        Map<Integer, byte[]> others = new HashMap<>();
        records.write('[');
        Found row = pieces(session, id, (int) IssuePieces.NUMBERS - 1, (piece, bytes) -> {
            if (piece <= IssuePieces.TAIL) {
                json.writeBytes(bytes);
            } else if (piece < IssuePieces.WORDS) {
                records.writeBytes(bytes);
            }
            others.put(piece, bytes);
        });
        if (row == null) {
            return null;
        }
        records.write(']');
        IssueView view = EventJson.MAPPER
                .readValue(json.toByteArray(), IssueView.class)
                .with(EventJson.MAPPER.readValue(records.toByteArray(), RECORDS));
        return new Kept(
                row.n(),
                new Stored(id, row.seen(), view),
                strings(piece(others, IssuePieces.FACETS, id)),
                strings(piece(others, IssuePieces.WORDS, id)),
                List.of(
                        crc(row.n(), IssuePieces.TEXT, piece(others, IssuePieces.TEXT, id)),
                        crc(row.n(), IssuePieces.MIDDLE, piece(others, IssuePieces.MIDDLE, id)),
                        crc(row.n(), IssuePieces.METRICS, piece(others, IssuePieces.METRICS, id))),
                json.size());
    }

    private static byte[] piece(Map<Integer, byte[]> pieces, int piece, String id) {
        byte[] bytes = pieces.get(piece);
        if (bytes == null) {
            throw new ViewsDamaged("the view of " + id + " is not as it was written");
        }
        return bytes;
    }

    private static Set<String> strings(byte[] json) {
        return new LinkedHashSet<>(EventJson.MAPPER.readValue(json, STRINGS));
    }

    @Override
    public Optional<Stored> find(String id) {
        return file.find(session -> stored(session, id)).map(Kept::stored);
    }

    @Override
    public Optional<Answer> answer(String id) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(4096);
        Optional<Found> row =
                file.find(session -> pieces(session, id, IssuePieces.TAIL, (piece, bytes) -> json.writeBytes(bytes)));
        large.note(id, json.size());
        return row.map(found -> new Answer(found.version(), json.toByteArray()));
    }

    // The list.

    @Override
    public List<Row> list(IssueQuery query, @Nullable Cursor cursor, int limit) {
        return file.read(session -> new Listing(session, query, cursor, limit).rows());
    }

    /** One page of the list. */
    private static final class Listing {
        private final Session session;
        private final IssueQuery query;
        private final @Nullable Cursor cursor;
        private final int limit;
        private final int sort;
        private final List<String> facets;

        Listing(Session session, IssueQuery query, @Nullable Cursor cursor, int limit) {
            this.session = session;
            this.query = query;
            this.cursor = cursor;
            this.limit = limit;
            this.sort = SORTS.indexOf(query.sort().field());
            this.facets = Facet.of(query).stream().map(SqliteIssues::text).toList();
        }

        /** Issues that may be on the list: SQL that gives their numbers, with its parameters. */
        private record Candidates(String sql, List<Object> parameters) {}

        List<Row> rows() throws SQLException {
            boolean walkOnly = query.words().isEmpty() && facets.size() <= 1;
            Candidates few = walkOnly ? null : few();
            return few == null ? walk() : sorted(few);
        }

        /** The smallest set of candidates, if it is small enough to be sorted. */
        private @Nullable Candidates few() throws SQLException {
            List<Candidates> all = new ArrayList<>();
            for (String word : query.words()) {
                all.add(new Candidates(
                        "SELECT n FROM words WHERE word >= ? AND word < ?", List.of(word, word + "\uDBFF\uDFFF")));
            }
            for (String facet : facets) {
                all.add(new Candidates("SELECT n FROM entries WHERE facet = ? AND sort = 0", List.of(facet)));
            }
            Candidates fewest = null;
            long least = MAX_SORTED;
            for (Candidates candidates : all) {
                Long count = session.number(
                        "SELECT count(*) FROM (" + candidates.sql() + " LIMIT " + (MAX_SORTED + 1) + ")",
                        candidates.parameters().toArray());
                if (count != null && count <= least) {
                    least = count;
                    fewest = candidates;
                }
            }
            return fewest;
        }

        private List<Row> sorted(Candidates candidates) throws SQLException {
            String key = "i." + SORT_COLUMNS.get(sort);
            List<Object> parameters = new ArrayList<>(candidates.parameters());
            StringBuilder sql = new StringBuilder(
                            "SELECT i.id, i.item, " + key + ", i.n, i.item_crc FROM issues i WHERE i.n IN (")
                    .append(candidates.sql())
                    .append(')');
            filter(sql, parameters, facets);
            if (cursor != null) {
                String beyond = query.sort().descending() ? " < " : " > ";
                sql.append(" AND (" + key + beyond + "? OR (" + key + " = ? AND i.id > ?))");
                parameters.addAll(List.of(cursor.key(), cursor.key(), cursor.id()));
            }
            sql.append(" ORDER BY " + key + (query.sort().descending() ? " DESC" : "") + ", i.id LIMIT ?");
            parameters.add(limit);
            return select(sql, parameters);
        }

        /** Reads entries in the list's order until the page is full. */
        private List<Row> walk() throws SQLException {
            if (sort == BY_SEVERITY) {
                return walkBySeverity();
            }
            StringBuilder sql = new StringBuilder();
            List<Object> parameters = new ArrayList<>();
            beginWalk(sql, parameters);
            boolean descending = query.sort().descending();
            if (cursor != null) {
                sql.append(" AND e.key " + (descending ? "<=" : ">=") + " ? AND (e.key <> ? OR e.id > ?)");
                parameters.addAll(List.of(cursor.key(), cursor.key(), cursor.id()));
            }
            if (SORTS.get(sort).equals("openedAt")) {
                if (query.openedAfter() != null) {
                    sql.append(" AND e.key > ?");
                    parameters.add(query.openedAfter().toEpochMilli());
                }
                if (query.openedBefore() != null) {
                    sql.append(" AND e.key < ?");
                    parameters.add(query.openedBefore().toEpochMilli());
                }
            }
            sql.append(" ORDER BY e.key" + (descending ? " DESC" : "") + ", e.id LIMIT ?");
            parameters.add(limit);
            return select(sql, parameters);
        }

        /** Many issues have the same severity: each is read by itself, so that nothing is sorted. */
        private List<Row> walkBySeverity() throws SQLException {
            boolean descending = query.sort().descending();
            List<Row> rows = new ArrayList<>();
            int most = Severity.values().length;
            for (int step = 0; step <= most && rows.size() < limit; step++) {
                long rank = descending ? most - step : step;
                if (cursor != null && (descending ? rank > cursor.key() : rank < cursor.key())) {
                    continue;
                }
                StringBuilder sql = new StringBuilder();
                List<Object> parameters = new ArrayList<>();
                beginWalk(sql, parameters);
                sql.append(" AND e.key = ?");
                parameters.add(rank);
                if (cursor != null && rank == cursor.key()) {
                    sql.append(" AND e.id > ?");
                    parameters.add(cursor.id());
                }
                sql.append(" ORDER BY e.id LIMIT ?");
                parameters.add(limit - rows.size());
                rows.addAll(select(sql, parameters));
            }
            return rows;
        }

        private void beginWalk(StringBuilder sql, List<Object> parameters) {
            sql.append("SELECT e.id, i.item, e.key, i.n, i.item_crc FROM entries e CROSS JOIN issues i ON i.n = e.n"
                    + " WHERE e.facet = ? AND e.sort = ?");
            parameters.add(facets.isEmpty() ? ALL : facets.getFirst());
            parameters.add(sort);
            filter(sql, parameters, facets.isEmpty() ? facets : facets.subList(1, facets.size()));
        }

        private void filter(StringBuilder sql, List<Object> parameters, List<String> wanted) {
            for (String facet : wanted) {
                sql.append(
                        " AND EXISTS (SELECT 1 FROM entries f WHERE f.facet = ? AND f.sort = 0 AND f.key = i.opened_at"
                                + " AND f.id = i.id)");
                parameters.add(facet);
            }
            for (String word : query.words()) {
                sql.append(" AND EXISTS (SELECT 1 FROM pieces w WHERE w.key = i.n * 1048576 + 1048574"
                        + " AND instr(CAST(w.json AS TEXT), ?) > 0)");
                parameters.add("\"" + word);
            }
            if (query.openedAfter() != null) {
                sql.append(" AND i.opened_at > ?");
                parameters.add(query.openedAfter().toEpochMilli());
            }
            if (query.openedBefore() != null) {
                sql.append(" AND i.opened_at < ?");
                parameters.add(query.openedBefore().toEpochMilli());
            }
        }

        private List<Row> select(CharSequence sql, List<Object> parameters) throws SQLException {
            List<Row> rows = new ArrayList<>();
            try (ResultSet found =
                    session.statement(sql.toString(), parameters.toArray()).executeQuery()) {
                while (found.next()) {
                    String id = found.getString(1);
                    String item = found.getString(2);
                    require(
                            id != null && item != null && found.getInt(5) == itemCrc(found.getLong(4), id, item),
                            String.valueOf(id));
                    rows.add(new Row(id, item, found.getLong(3)));
                }
            }
            return rows;
        }
    }
}
