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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
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
              item_crc INTEGER NOT NULL, facets TEXT NOT NULL, pieces INTEGER NOT NULL, crc INTEGER NOT NULL
            ) STRICT\
            """,
            "CREATE TABLE IF NOT EXISTS pieces (key INTEGER PRIMARY KEY, json BLOB NOT NULL, crc INTEGER NOT NULL)"
                    + " STRICT");

    /** Filled in the order of their keys, which is faster than row by row. */
    private static final List<String> FOR_READERS = List.of("""
        CREATE TABLE entries (
          facet TEXT NOT NULL, sort INTEGER NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, n INTEGER NOT NULL,
          PRIMARY KEY (facet, sort, key, id)
        ) STRICT, WITHOUT ROWID\
        """, """
        INSERT INTO entries
        SELECT f.value, s.column1, CASE s.column1 WHEN 0 THEN i.opened_at WHEN 1 THEN i.updated_at ELSE i.rank END, i.id, i.n
        FROM issues i JOIN json_each(i.facets) f JOIN (VALUES (0), (1), (2)) s
        WHERE s.column1 = 1 OR f.value = '' OR f.value GLOB 'status=*' ORDER BY 1, 2, 3, 4\
        """, """
        CREATE TABLE words (
          word TEXT NOT NULL, block INTEGER NOT NULL, bits INTEGER NOT NULL, PRIMARY KEY (word, block)
        ) STRICT, WITHOUT ROWID\
        """);

    /** Issues in a row of {@code words}: bit {@code n % 64} of the row {@code n / 64}. */
    private static final int BLOCK = Long.SIZE;

    /** Rows of {@code words} that are sorted before they are written. */
    private static final int WORD_ROWS = 200_000;

    /** The last character of Unicode. */
    private static final String AFTER_ALL_LETTERS = "\uDBFF\uDFFF";

    /** The filter value that every issue has. */
    private static final String ALL = "";

    private static final List<String> SORTS = List.of("openedAt", "updatedAt", "severity");
    private static final List<String> SORT_COLUMNS = List.of("opened_at", "updated_at", "rank");
    private static final int BY_OPENING = 0;
    private static final int BY_UPDATE = 1;
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
     * @param crcs checksums of the fixed pieces between head and tail; empty if its JSON is one piece
     */
    private record Kept(long n, Stored stored, Set<String> facets, Set<String> words, List<Integer> crcs, int bytes) {}

    /** The issues of one block that got a word in a batch. */
    private record WordBlock(String word, long block) {}

    private record Entry(String facet, int sort, long key) {}

    /** The fixed pieces between head and tail. */
    private static final List<Integer> BETWEEN = List.of(IssuePieces.TEXT, IssuePieces.MIDDLE, IssuePieces.METRICS);

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
            file.write(session -> {
                session.execute(FOR_READERS);
                fillWords(session);
            });
            forReaders = true;
        }
    }

    private record WordRow(String word, long block, long bits) {}

    /** Writes the words of all issues, many at a time in the order of their rows. */
    private static void fillWords(Session session) throws SQLException {
        List<WordRow> rows = new ArrayList<>();
        Map<String, Long> bits = new HashMap<>();
        long block = 0;
        try (ResultSet pieces = session.statement(
                        "SELECT i.n, p.json FROM issues i CROSS JOIN pieces p ON p.key = i.n * 1048576 + 1048575 ORDER"
                                + " BY i.n")
                .executeQuery()) {
            while (pieces.next()) {
                long n = pieces.getLong(1);
                if (n / BLOCK != block) {
                    take(bits, block, rows);
                    block = n / BLOCK;
                    if (rows.size() > WORD_ROWS) {
                        write(session, rows);
                    }
                }
                for (String word : strings(pieces.getBytes(2))) {
                    bits.merge(word, bit(n), (one, other) -> one | other);
                }
            }
        }
        take(bits, block, rows);
        write(session, rows);
    }

    private static long bit(long n) {
        return 1L << n % BLOCK;
    }

    private static void take(Map<String, Long> bits, long block, List<WordRow> rows) {
        bits.forEach((word, set) -> rows.add(new WordRow(word, block, set)));
        bits.clear();
    }

    private static void write(Session session, List<WordRow> rows) throws SQLException {
        rows.sort(Comparator.comparing(WordRow::word).thenComparingLong(WordRow::block));
        for (WordRow row : rows) {
            session.update("INSERT INTO words VALUES (?, ?, ?)", row.word(), row.block(), row.bits());
        }
        rows.clear();
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
        Map<WordBlock, Long> newWords = new HashMap<>();
        file.write(session -> {
            for (Stored stored : changed) {
                written.put(stored.id(), write(session, loaded.get(stored.id()), stored, newWords));
            }
            for (Map.Entry<WordBlock, Long> word : newWords.entrySet()) {
                session.update(
                        "INSERT INTO words VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bits = bits | excluded.bits",
                        word.getKey().word(),
                        word.getKey().block(),
                        word.getValue());
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
    private Kept write(Session session, @Nullable Kept before, Stored stored, Map<WordBlock, Long> newWords)
            throws SQLException {
        IssueView view = stored.view();
        IssueView old =
                before == null ? IssueView.of(stored.id()) : before.stored().view();
        long n = before == null ? next++ : before.n();
        boolean cut = before != null && !before.crcs().isEmpty();
        byte[] whole = cut ? null : IssuePieces.whole(view);
        List<Integer> crcs = List.of();
        int bytes;
        int pieces = 1;
        if (whole != null) {
            put(session, n, IssuePieces.HEAD, whole);
            bytes = whole.length;
        } else {
            Fixed fixed = IssuePieces.fixed(view);
            crcs = putFixed(session, n, fixed, cut && before != null ? before.crcs() : List.of());
            IssueView known = cut ? old : IssueView.of(stored.id());
            bytes = putChunks(session, n, IssuePieces.TEST_RUNS, known.testRuns(), view.testRuns())
                    + putChunks(session, n, IssuePieces.NOTES, known.notes(), view.notes())
                    + fixed.length();
            bytes = Math.max(bytes, before == null ? 0 : before.bytes());
            pieces = IssuePieces.FIXED + IssuePieces.chunks(view.testRuns()) + IssuePieces.chunks(view.notes());
        }
        putChunks(session, n, IssuePieces.RECORDS, old.metricRecords(), view.metricRecords());
        Set<String> facets = facets(view);
        Set<String> words = before == null ? Words.of(view) : Words.of(view, old, before.words());
        if (before == null || words != before.words()) {
            put(session, n, IssuePieces.WORDS, EventJson.MAPPER.writeValueAsBytes(words));
        }
        putRow(session, n, before == null, stored, facets, pieces);
        if (forReaders) {
            index(session, n, before, old, view, facets, words, newWords);
        }
        return new Kept(n, stored, facets, words, crcs, bytes);
    }

    /** Writes head and tail, and those of the others that have changed; returns the checksums of these. */
    private static List<Integer> putFixed(Session session, long n, Fixed fixed, List<Integer> before)
            throws SQLException {
        put(session, n, IssuePieces.HEAD, fixed.head());
        put(session, n, IssuePieces.TAIL, fixed.tail());
        List<Integer> crcs = new ArrayList<>();
        for (int i = 0; i < BETWEEN.size(); i++) {
            byte[] json = fixed.between(i);
            int crc = crc(n, BETWEEN.get(i), json);
            if (before.isEmpty() || before.get(i) != crc) {
                put(session, n, BETWEEN.get(i), json);
            }
            crcs.add(crc);
        }
        return crcs;
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

    private static void putRow(Session session, long n, boolean isNew, Stored stored, Set<String> facets, int pieces)
            throws SQLException {
        IssueView view = stored.view();
        String item = Item.json(view);
        String facetsJson = EventJson.MAPPER.writeValueAsString(facets);
        Object[] row = {
            view.version(),
            stored.seen(),
            view.openedAt().toEpochMilli(),
            view.updatedAt().toEpochMilli(),
            view.rank(),
            item,
            itemCrc(n, stored.id(), item),
            facetsJson,
            pieces,
            rowCrc(n, view.version(), stored.seen(), pieces, facetsJson),
            n,
            stored.id()
        };
        if (isNew) {
            session.update(
                    "INSERT INTO issues (version, seen, opened_at, updated_at, rank, item, item_crc, facets, pieces,"
                            + " crc, n, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    row);
        } else {
            session.update(
                    "UPDATE issues SET version = ?, seen = ?, opened_at = ?, updated_at = ?, rank = ?, item = ?,"
                            + " item_crc = ?, facets = ?, pieces = ?, crc = ? WHERE n = ?",
                    Arrays.copyOf(row, row.length - 1));
        }
    }

    private static int rowCrc(long n, long version, long seen, int pieces, String facets) {
        byte[] text = facets.getBytes(UTF_8);
        ByteBuffer row = ByteBuffer.allocate(4 * Long.BYTES + text.length)
                .putLong(n)
                .putLong(version)
                .putLong(seen)
                .putLong(pieces)
                .put(text);
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
            Set<String> words,
            Map<WordBlock, Long> newWords)
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
                    session.update(
                            "UPDATE words SET bits = bits & ~? WHERE word = ? AND block = ?", bit(n), word, n / BLOCK);
                    session.update("DELETE FROM words WHERE word = ? AND block = ? AND bits = 0", word, n / BLOCK);
                }
            }
            for (String word : words) {
                if (!wordsBefore.contains(word)) {
                    newWords.merge(new WordBlock(word, n / BLOCK), bit(n), (one, other) -> one | other);
                }
            }
        }
    }

    private static boolean isInAllOrders(String facet) {
        return facet.equals(ALL) || facet.startsWith("status=");
    }

    private static Set<Entry> entries(IssueView view, Set<String> facets) {
        Set<Entry> entries = new HashSet<>();
        for (String facet : facets) {
            entries.add(new Entry(facet, BY_UPDATE, view.updatedAt().toEpochMilli()));
            if (isInAllOrders(facet)) {
                entries.add(new Entry(facet, BY_OPENING, view.openedAt().toEpochMilli()));
                entries.add(new Entry(facet, BY_SEVERITY, view.rank()));
            }
        }
        return entries;
    }

    // Reading.

    /** The row of an issue, and the pieces of its JSON or all of them, in order. */
    private interface Pieces {
        void take(int piece, byte[] json);
    }

    private record Found(long n, long version, long seen, String facets) {}

    /** Null if there is no such issue. Row and pieces are of one statement, so that no write comes between them. */
    private static @Nullable Found pieces(Session session, String id, int last, Pieces pieces) throws SQLException {
        try (ResultSet rows = session.statement(
                        "SELECT p.key, p.json, p.crc, i.n, i.version, i.seen, i.pieces, i.crc, i.facets FROM issues i"
                            + " CROSS JOIN pieces p WHERE i.id = ? AND p.key BETWEEN i.n * 1048576 AND i.n * 1048576 +"
                            + " ? ORDER BY p.key",
                        id,
                        last)
                .executeQuery()) {
            Found row = null;
            int missing = 0;
            while (rows.next()) {
                if (row == null) {
                    row = new Found(rows.getLong(4), rows.getLong(5), rows.getLong(6), rows.getString(9));
                    missing = rows.getInt(7);
                    require(rows.getInt(8) == rowCrc(row.n(), row.version(), row.seen(), missing, row.facets()), id);
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
        List<Integer> crcs = new ArrayList<>();
        for (int piece : BETWEEN) {
            if (others.containsKey(piece)) {
                crcs.add(crc(row.n(), piece, piece(others, piece, id)));
            }
        }
        return new Kept(
                row.n(),
                new Stored(id, row.seen(), view),
                strings(row.facets().getBytes(UTF_8)),
                strings(piece(others, IssuePieces.WORDS, id)),
                crcs,
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

        private boolean isOrdered(String facet) {
            return sort == BY_UPDATE || isInAllOrders(facet);
        }

        /** Issues that may be on the list: SQL that gives their numbers, with its parameter. */
        private record Candidates(String sql, String parameter) {}

        List<Row> rows() throws SQLException {
            boolean walkOnly = query.words().isEmpty()
                    && facets.size() <= 1
                    && facets.stream().allMatch(this::isOrdered);
            Candidates few = walkOnly ? null : few();
            return few == null ? walk() : sorted(few);
        }

        /** A set of candidates that is small enough to be sorted; null if there is none. */
        private @Nullable Candidates few() throws SQLException {
            Map<Long, Long> found = null;
            for (String word : query.words()) {
                Map<Long, Long> issues = issuesWith(word);
                if (issues != null && found != null) {
                    found.replaceAll((block, bits) -> bits & issues.getOrDefault(block, 0L));
                } else if (issues != null) {
                    found = issues;
                }
            }
            if (found != null) {
                return new Candidates("SELECT value FROM json_each(?)", numbers(found));
            }
            Candidates fewest = null;
            long least = MAX_SORTED;
            for (String facet : facets) {
                Candidates candidates = new Candidates("SELECT n FROM entries WHERE facet = ? AND sort = 1", facet);
                Long count = session.number(
                        "SELECT count(*) FROM (" + candidates.sql() + " LIMIT " + (MAX_SORTED + 1) + ")", facet);
                if (count != null && count <= least) {
                    least = count;
                    fewest = candidates;
                }
            }
            return fewest;
        }

        /** The issues with a word that begins so, as bits by block; null if they are many. */
        private @Nullable Map<Long, Long> issuesWith(String beginning) throws SQLException {
            Map<Long, Long> issues = new HashMap<>();
            int count = 0;
            try (ResultSet rows = session.statement(
                            "SELECT block, bits FROM words WHERE word >= ? AND word < ?",
                            beginning,
                            beginning + AFTER_ALL_LETTERS)
                    .executeQuery()) {
                while (rows.next()) {
                    count += Long.bitCount(rows.getLong(2));
                    if (count > MAX_SORTED) {
                        return null;
                    }
                    issues.merge(rows.getLong(1), rows.getLong(2), (one, other) -> one | other);
                }
            }
            return issues;
        }

        /** A JSON array. */
        private static String numbers(Map<Long, Long> blocks) {
            StringJoiner numbers = new StringJoiner(",", "[", "]");
            blocks.forEach((block, bits) -> {
                for (long left = bits; left != 0; left &= left - 1) {
                    numbers.add(Long.toString(block * BLOCK + Long.numberOfTrailingZeros(left)));
                }
            });
            return numbers.toString();
        }

        private List<Row> sorted(Candidates candidates) throws SQLException {
            String key = "i." + SORT_COLUMNS.get(sort);
            List<Object> parameters = new ArrayList<>();
            parameters.add(candidates.parameter());
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
            String walked = facets.stream().filter(this::isOrdered).findFirst().orElse(ALL);
            parameters.add(walked);
            parameters.add(sort);
            filter(
                    sql,
                    parameters,
                    facets.stream().filter(facet -> !facet.equals(walked)).toList());
        }

        private void filter(StringBuilder sql, List<Object> parameters, List<String> wanted) {
            for (String facet : wanted) {
                sql.append(
                        " AND EXISTS (SELECT 1 FROM entries f WHERE f.facet = ? AND f.sort = 1 AND f.key = i.updated_at"
                                + " AND f.id = i.id)");
                parameters.add(facet);
            }
            for (String word : query.words()) {
                sql.append(" AND EXISTS (SELECT 1 FROM pieces w WHERE w.key = i.n * 1048576 + 1048575"
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
