package issueledger.issues;

import issueledger.issues.SqliteIssueIndex.Row;
import issueledger.projections.SqliteViews.Session;
import issueledger.projections.ViewAudit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares the rows of {@code entries} and {@code words} with the issues' own rows. Each block of 64 issues has the sum of its rows'
 * hashes, of those that there are and of those that there must be: 32 bytes a block. A block whose sums differ is looked at row by row.
 */
final class SqliteIndexAudit {
    /** Rows between two looks at whether the client is still there. */
    private static final int ROWS = 20_000;

    private static final String ISSUES =
            "SELECT i.n, i.id, i.opened_at, i.updated_at, i.rank, i.facets, p.json, i.seen FROM issues i LEFT JOIN"
                    + " pieces p ON p.key = i.n * 1048576 + 1048575 WHERE i.n BETWEEN ? AND ? ORDER BY i.n";
    private static final String ENTRIES = "SELECT facet, sort, key, id, n FROM entries";
    private static final String WORDS = "SELECT word, block, bits FROM words";

    private final Session session;
    private final ViewAudit audit;
    private int rows;

    SqliteIndexAudit(Session session, ViewAudit audit) {
        this.session = session;
        this.audit = audit;
    }

    /** Sums of hashes by block. */
    private static final class Sums {
        private long[] sums = new long[64];

        void add(long block, long hash) {
            if (block >= sums.length) {
                sums = Arrays.copyOf(sums, Math.toIntExact(2 * block));
            }
            sums[(int) block] += hash;
        }

        long of(int block) {
            return block < sums.length ? sums[block] : 0;
        }
    }

    /** An issue as the index must have it. */
    private record Issue(long n, String id, long seen, Set<Row> rows, Set<String> words) {}

    private interface Each {
        void issue(Issue issue) throws SQLException;
    }

    private interface EachEntry {
        void entry(Row row, String id, long n) throws SQLException;
    }

    private interface EachWord {
        void word(String word, long block, long bits) throws SQLException;
    }

    void run() throws SQLException {
        Long least = session.number("SELECT min(n) FROM (SELECT min(n) AS n FROM entries UNION ALL SELECT min(n) FROM"
                + " issues UNION ALL SELECT min(block) FROM words)");
        Long most = session.number("SELECT max(n) FROM issues");
        long last = most == null ? 0 : most;
        if (least != null && least < 0) {
            audit.differs(0, null, "the index of the list has a row of no issue");
            return;
        }
        Sums entries = new Sums();
        Sums words = new Sums();
        Map<String, Long> bits = new HashMap<>();
        long[] block = new long[1];
        issues(0, Long.MAX_VALUE, issue -> {
            Long found = session.number("SELECT n FROM issues WHERE id = ?", issue.id());
            if (found == null || found != issue.n()) {
                audit.differs(issue.seen(), issue.id(), "the view cannot be found by its id");
            }
            for (Row row : issue.rows()) {
                entries.add(issue.n() / SqliteIssueIndex.BLOCK, hash(row, issue.id(), issue.n()));
            }
            if (issue.n() / SqliteIssueIndex.BLOCK != block[0]) {
                take(bits, block[0], words);
                block[0] = issue.n() / SqliteIssueIndex.BLOCK;
            }
            issue.words().forEach(word -> bits.merge(word, SqliteIssueIndex.bit(issue.n()), (a, b) -> a | b));
        });
        take(bits, block[0], words);
        long blocks = last / SqliteIssueIndex.BLOCK + 1;
        boolean[] strays = new boolean[1];
        entries((row, id, n) -> {
            long at = n / SqliteIssueIndex.BLOCK;
            strays[0] |= at >= blocks;
            entries.add(Math.min(at, blocks), -hash(row, id, n));
        });
        words((word, at, set) -> {
            strays[0] |= at >= blocks;
            words.add(Math.min(at, blocks), -hash(word, at, set));
        });
        if (strays[0]) {
            audit.differs(0, null, "the index of the list has a row of no issue");
        }
        for (int at = 0; at < blocks; at++) {
            if (entries.of(at) != 0) {
                explainEntries(at);
            }
            if (words.of(at) != 0) {
                explainWords(at);
            }
        }
    }

    private static void take(Map<String, Long> bits, long block, Sums words) {
        bits.forEach((word, set) -> words.add(block, hash(word, block, set)));
        bits.clear();
    }

    private void issues(long from, long to, Each each) throws SQLException {
        try (ResultSet row = session.statement(ISSUES, from, to).executeQuery()) {
            while (row.next()) {
                byte[] words = row.getBytes(7);
                each.issue(new Issue(
                        row.getLong(1),
                        row.getString(2),
                        row.getLong(8),
                        SqliteIssueIndex.rows(
                                SqliteIssues.strings(row.getBytes(6)), row.getLong(3), row.getLong(4), row.getLong(5)),
                        words == null ? Set.of() : SqliteIssues.strings(words)));
                step();
            }
        }
    }

    private void entries(EachEntry each) throws SQLException {
        try (ResultSet row = session.statement(ENTRIES).executeQuery()) {
            while (row.next()) {
                each.entry(new Row(row.getString(1), row.getInt(2), row.getLong(3)), row.getString(4), row.getLong(5));
                step();
            }
        }
    }

    private void words(EachWord each) throws SQLException {
        try (ResultSet row = session.statement(WORDS).executeQuery()) {
            while (row.next()) {
                each.word(row.getString(1), row.getLong(2), row.getLong(3));
                step();
            }
        }
    }

    private void step() {
        if (++rows % ROWS == 0) {
            audit.compared(0, 0);
        }
    }

    /** Names the issues of a block that have other rows than they must. */
    private void explainEntries(long block) throws SQLException {
        Map<String, Set<Row>> there = new HashMap<>();
        entries((row, id, n) -> {
            if (n / SqliteIssueIndex.BLOCK == block) {
                there.computeIfAbsent(n + " " + id, key -> new java.util.HashSet<>())
                        .add(row);
            }
        });
        long[] seen = new long[1];
        issues(block * SqliteIssueIndex.BLOCK, (block + 1) * SqliteIssueIndex.BLOCK - 1, issue -> {
            Set<Row> found = there.remove(issue.n() + " " + issue.id());
            seen[0] = issue.seen();
            if (!issue.rows().equals(found)) {
                differs(issue, "the rows of the list are not those of its view");
            }
        });
        if (!there.isEmpty()) {
            audit.differs(seen[0], null, "the index of the list has a row of no issue");
        }
    }

    private void explainWords(long block) throws SQLException {
        Map<String, Long> there = new HashMap<>();
        words((word, at, bits) -> {
            if (at == block) {
                there.put(word, bits);
            }
        });
        Map<String, Long> left = new HashMap<>(there);
        long[] seen = new long[1];
        issues(block * SqliteIssueIndex.BLOCK, (block + 1) * SqliteIssueIndex.BLOCK - 1, issue -> {
            seen[0] = issue.seen();
            long bit = SqliteIssueIndex.bit(issue.n());
            boolean same = true;
            for (String word : issue.words()) {
                Long bits = there.get(word);
                same &= bits != null && (bits & bit) != 0;
                left.computeIfPresent(word, (w, b) -> b & ~bit);
            }
            boolean more = left.values().stream().anyMatch(bits -> (bits & bit) != 0);
            if (!same || more) {
                differs(issue, "the words of the text search are not those of its view");
            }
            left.replaceAll((word, bits) -> bits & ~bit);
        });
        if (left.values().stream().anyMatch(bits -> bits != 0)
                || there.values().stream().anyMatch(bits -> bits == 0)) {
            audit.differs(seen[0], null, "the words of the text search have a row of no issue");
        }
    }

    private void differs(Issue issue, @Nullable String detail) {
        audit.differs(issue.seen(), issue.id(), String.valueOf(detail));
    }

    private static long hash(Row row, String id, long n) {
        return mixed(mixed(mixed(mixed(text(row.facet()), row.sort()), row.key()), text(id)), n);
    }

    private static long hash(String word, long block, long bits) {
        return mixed(mixed(text(word), block), bits);
    }

    private static long text(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return hash;
    }

    /** The finalizer of SplitMix64. */
    private static long mixed(long hash, long value) {
        long mixed = hash * 31 + value;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
