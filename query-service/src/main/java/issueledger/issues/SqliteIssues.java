package issueledger.issues;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import issueledger.events.EventJson;
import issueledger.issues.IssuePieces.Fixed;
import issueledger.issues.IssueQuery.Cursor;
import issueledger.projections.SqliteViews;
import issueledger.projections.SqliteViews.Session;
import issueledger.projections.ViewAudit;
import issueledger.projections.ViewsDamaged;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * Issue views in an SQLite file. An issue has a number, a row, and its JSON in pieces ({@link IssuePieces}); the list
 * is read from {@link SqliteIssueIndex}.
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
    private record Kept(long n, Stored stored, Set<String> facets, Set<String> words, List<Integer> crcs, int bytes) {
        SqliteIssueIndex.Entry entry() {
            return new SqliteIssueIndex.Entry(stored.view(), facets, words);
        }
    }

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
                SqliteIssueIndex.make(session);
            });
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
            SqliteIssueIndex index = new SqliteIssueIndex(session);
            for (Stored stored : changed) {
                written.put(stored.id(), write(session, loaded.get(stored.id()), stored, index));
            }
            index.finish();
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
    private Kept write(Session session, @Nullable Kept before, Stored stored, SqliteIssueIndex index)
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
        Set<String> facets = SqliteIssueIndex.facets(view);
        Set<String> words = before == null ? Words.of(view) : Words.of(view, old, before.words());
        if (before == null || words != before.words()) {
            put(session, n, IssuePieces.WORDS, EventJson.MAPPER.writeValueAsBytes(words));
        }
        putRow(session, n, before == null, stored, facets, pieces);
        if (forReaders) {
            index.change(n, before == null ? null : before.entry(), new SqliteIssueIndex.Entry(view, facets, words));
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

    private static void put(Session session, long n, int piece, byte[] json) throws SQLException {
        session.update("INSERT OR REPLACE INTO pieces VALUES (?, ?, ?)", key(n, piece), json, crc(n, piece, json));
    }

    static long key(long n, int piece) {
        return n * IssuePieces.NUMBERS + piece;
    }

    static int crc(long n, int piece, byte[] json) {
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

    static int rowCrc(long n, long version, long seen, int pieces, String facets) {
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
    static int itemCrc(long n, String id, String item) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, n));
        crc.update(id.getBytes(UTF_8));
        crc.update(item.getBytes(UTF_8));
        return (int) crc.getValue();
    }

    // Reading.

    /** The row of an issue, and the pieces of its JSON or all of them, in order. */
    private interface Pieces {
        void take(int piece, byte[] json);
    }

    private record FoundRow(long n, long version, long seen, String facets) {}

    /** Null if there is no such issue. Row and pieces are of one statement, so that no write comes between them. */
    private static @Nullable FoundRow pieces(Session session, String id, int last, Pieces pieces) throws SQLException {
        try (ResultSet rows = session.statement(
                        "SELECT p.key, p.json, p.crc, i.n, i.version, i.seen, i.pieces, i.crc, i.facets FROM issues i"
                            + " CROSS JOIN pieces p WHERE i.id = ? AND p.key BETWEEN i.n * 1048576 AND i.n * 1048576 +"
                            + " ? ORDER BY p.key",
                        id,
                        last)
                .executeQuery()) {
            FoundRow row = null;
            int missing = 0;
            while (rows.next()) {
                if (row == null) {
                    row = new FoundRow(rows.getLong(4), rows.getLong(5), rows.getLong(6), rows.getString(9));
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

    static void require(boolean intact, String id) {
        if (!intact) {
            throw new ViewsDamaged("the view of " + id + " is not as it was written");
        }
    }

    private static @Nullable Kept stored(Session session, String id) throws SQLException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        Map<Integer, byte[]> others = new HashMap<>();
        records.write('[');
        FoundRow row = pieces(session, id, (int) IssuePieces.NUMBERS - 1, (piece, bytes) -> {
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

    static Set<String> strings(byte[] json) {
        return new LinkedHashSet<>(EventJson.MAPPER.readValue(json, STRINGS));
    }

    // Verifying.

    private static final String FOUND =
            "SELECT i.n, i.id, i.version, i.seen, i.opened_at, i.updated_at, i.rank, i.item, i.item_crc, i.facets,"
                    + " i.pieces, i.crc, p.key, p.json, p.crc FROM issues i LEFT JOIN pieces p ON p.key BETWEEN i.n *"
                    + " 1048576 AND i.n * 1048576 + 1048575 WHERE ";

    @Override
    public List<Found> after(@Nullable Found last) {
        return file.read(session -> {
            try (ResultSet rows = session.statement(
                            FOUND + "i.n > ? ORDER BY i.n, p.key",
                            last == null ? Long.MIN_VALUE : ((SqliteFoundIssue) last).n())
                    .executeQuery()) {
                return SqliteFoundIssue.some(rows);
            }
        });
    }

    @Override
    public Optional<Found> found(String id) {
        return file.read(session -> {
            try (ResultSet rows =
                    session.statement(FOUND + "i.id = ? ORDER BY p.key", id).executeQuery()) {
                return SqliteFoundIssue.some(rows).stream().findFirst();
            }
        });
    }

    @Override
    public void verifyIndex(ViewAudit audit) {
        if (forReaders) {
            file.snapshot(session -> {
                new SqliteIndexAudit(session, audit).run();
                return true;
            });
        }
    }

    @Override
    public Optional<Stored> find(String id) {
        return file.find(session -> stored(session, id)).map(Kept::stored);
    }

    @Override
    public Optional<Answer> answer(String id) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(4096);
        Optional<FoundRow> row =
                file.find(session -> pieces(session, id, IssuePieces.TAIL, (piece, bytes) -> json.writeBytes(bytes)));
        large.note(id, json.size());
        return row.map(found -> new Answer(found.version(), json.toByteArray()));
    }

    // The list.

    @Override
    public List<Row> list(IssueQuery query, @Nullable Cursor cursor, int limit) {
        return file.read(session -> new SqliteIssueList(session, query, cursor, limit).rows());
    }
}
