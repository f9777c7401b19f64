package issueledger.issues;

import issueledger.projections.SqliteViews.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tables that the list is read from. {@code entries} has a row for each of an issue's filter values and each order of the list; for
 * other values than the status, for the default order alone. A word's issues are bits in {@code words}.
 */
final class SqliteIssueIndex {
    /** Filled in the order of their keys, which is faster than row by row. */
    private static final List<String> TABLES = List.of("""
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
    static final int BLOCK = Long.SIZE;

    /** Rows of {@code words} that are sorted before they are written. */
    private static final int WORD_ROWS = 200_000;

    /** The filter value that every issue has. */
    static final String ALL = "";

    static final int BY_OPENING = 0;
    static final int BY_UPDATE = 1;
    static final int BY_SEVERITY = 2;

    private final Session session;
    private final Map<WordBlock, Long> newWords = new HashMap<>();

    /** An issue as the index has it: its sort keys are the view's. */
    record Entry(IssueView view, Set<String> facets, Set<String> words) {}

    /** A row of {@code entries} without its issue. */
    record Row(String facet, int sort, long key) {}

    /** The issues of one block that got a word in a batch. */
    private record WordBlock(String word, long block) {}

    SqliteIssueIndex(Session session) {
        this.session = session;
    }

    /** Makes the tables and fills them from the views. */
    static void make(Session session) throws SQLException {
        session.execute(TABLES);
        fillWords(session);
    }

    /** Filter values as text, with {@link #ALL}. */
    static Set<String> facets(IssueView view) {
        Set<String> facets = new LinkedHashSet<>();
        facets.add(ALL);
        Facet.of(view).forEach(facet -> facets.add(text(facet)));
        return facets;
    }

    static String text(Facet facet) {
        return facet.field() + "=" + facet.value();
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
                for (String word : SqliteIssues.strings(pieces.getBytes(2))) {
                    bits.merge(word, bit(n), (one, other) -> one | other);
                }
            }
        }
        take(bits, block, rows);
        write(session, rows);
    }

    static long bit(long n) {
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

    /**
     * Replaces an issue's rows; its new words are written by {@link #finish}.
     *
     * @param n the issue's number
     * @param before null if it is new
     */
    @SuppressWarnings("ReferenceEquality") // Words.of returns the same set if no word has changed.
    void change(long n, @Nullable Entry before, Entry now) throws SQLException {
        Set<Row> rowsBefore = before == null ? Set.of() : rows(before);
        Set<Row> rows = rows(now);
        for (Row row : rowsBefore) {
            if (!rows.contains(row)) {
                session.update(
                        "DELETE FROM entries WHERE facet = ? AND sort = ? AND key = ? AND id = ?",
                        row.facet(),
                        row.sort(),
                        row.key(),
                        now.view().id());
            }
        }
        for (Row row : rows) {
            if (!rowsBefore.contains(row)) {
                session.update(
                        "INSERT INTO entries VALUES (?, ?, ?, ?, ?)",
                        row.facet(),
                        row.sort(),
                        row.key(),
                        now.view().id(),
                        n);
            }
        }
        Set<String> wordsBefore = before == null ? Set.of() : before.words();
        Set<String> words = now.words();
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

    /** True if the facet has entries in each order, not in the default one alone. */
    static boolean isInAllOrders(String facet) {
        return facet.equals(ALL) || facet.startsWith("status=");
    }

    private static Set<Row> rows(Entry entry) {
        IssueView view = entry.view();
        return rows(
                entry.facets(), view.openedAt().toEpochMilli(), view.updatedAt().toEpochMilli(), view.rank());
    }

    /** An issue's rows of {@code entries}. */
    static Set<Row> rows(Set<String> facets, long openedAt, long updatedAt, long rank) {
        Set<Row> rows = new HashSet<>();
        for (String facet : facets) {
            rows.add(new Row(facet, BY_UPDATE, updatedAt));
            if (isInAllOrders(facet)) {
                rows.add(new Row(facet, BY_OPENING, openedAt));
                rows.add(new Row(facet, BY_SEVERITY, rank));
            }
        }
        return rows;
    }

    /** Writes the words of all issues that were changed: issues of one block share rows. */
    void finish() throws SQLException {
        for (Map.Entry<WordBlock, Long> word : newWords.entrySet()) {
            session.update(
                    "INSERT INTO words VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bits = bits | excluded.bits",
                    word.getKey().word(),
                    word.getKey().block(),
                    word.getValue());
        }
    }
}
