package issueledger.issues;

import issueledger.events.Severity;
import issueledger.issues.IssueQuery.Cursor;
import issueledger.issues.Issues.Row;
import issueledger.projections.SqliteViews.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** One page of the list, from the tables of {@link SqliteIssueIndex}. */
final class SqliteIssueList {
    /** Up to this many candidates are sorted; above it, walking the ordered entries is faster. */
    private static final int MAX_SORTED = 4_096;

    /** The last character of Unicode. */
    private static final String AFTER_ALL_LETTERS = "\uDBFF\uDFFF";

    private static final List<String> SORTS = List.of("openedAt", "updatedAt", "severity");
    private static final List<String> SORT_COLUMNS = List.of("opened_at", "updated_at", "rank");

    private final Session session;
    private final IssueQuery query;
    private final @Nullable Cursor cursor;
    private final int limit;
    private final int sort;
    private final List<String> facets;

    SqliteIssueList(Session session, IssueQuery query, @Nullable Cursor cursor, int limit) {
        this.session = session;
        this.query = query;
        this.cursor = cursor;
        this.limit = limit;
        this.sort = SORTS.indexOf(query.sort().field());
        this.facets = Facet.of(query).stream().map(SqliteIssueIndex::text).toList();
    }

    private boolean isOrdered(String facet) {
        return sort == SqliteIssueIndex.BY_UPDATE || SqliteIssueIndex.isInAllOrders(facet);
    }

    /**
     * Issues that may be on the list: SQL that gives their numbers, with its parameter.
     *
     * @param facet the filter value that all of them have; null if they were found by words
     */
    private record Candidates(
            String sql, String parameter, @Nullable String facet) {
        static Candidates with(String facet) {
            return new Candidates("SELECT n FROM entries WHERE facet = ? AND sort = 1", facet, facet);
        }
    }

    List<Row> rows() throws SQLException {
        boolean walkOnly =
                query.words().isEmpty() && facets.size() <= 1 && facets.stream().allMatch(this::isOrdered);
        Candidates few = walkOnly ? null : few();
        if (few == null) {
            return walk(facets.stream().filter(this::isOrdered).findFirst().orElse(SqliteIssueIndex.ALL));
        }
        String facet = few.facet();
        return facet != null && sort == SqliteIssueIndex.BY_UPDATE ? walk(facet) : sorted(few);
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
            return new Candidates("SELECT value FROM json_each(?)", numbers(found), null);
        }
        Candidates fewest = null;
        long least = MAX_SORTED;
        for (String facet : facets) {
            Candidates candidates = Candidates.with(facet);
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
                numbers.add(Long.toString(block * SqliteIssueIndex.BLOCK + Long.numberOfTrailingZeros(left)));
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
        filter(sql, parameters, candidates.facet());
        if (cursor != null) {
            String beyond = query.sort().descending() ? " < " : " > ";
            sql.append(" AND (" + key + beyond + "? OR (" + key + " = ? AND i.id > ?))");
            parameters.addAll(List.of(cursor.key(), cursor.key(), cursor.id()));
        }
        sql.append(" ORDER BY " + key + (query.sort().descending() ? " DESC" : "") + ", i.id LIMIT ?");
        parameters.add(limit);
        return select(sql, parameters);
    }

    /** Reads the entries of a filter value in the list's order until the page is full. */
    private List<Row> walk(String facet) throws SQLException {
        if (sort == SqliteIssueIndex.BY_SEVERITY) {
            return walkBySeverity(facet);
        }
        StringBuilder sql = new StringBuilder();
        List<Object> parameters = new ArrayList<>();
        beginWalk(facet, sql, parameters);
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
    private List<Row> walkBySeverity(String facet) throws SQLException {
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
            beginWalk(facet, sql, parameters);
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

    private void beginWalk(String facet, StringBuilder sql, List<Object> parameters) {
        sql.append("SELECT e.id, i.item, e.key, i.n, i.item_crc FROM entries e CROSS JOIN issues i ON i.n = e.n"
                + " WHERE e.facet = ? AND e.sort = ?");
        parameters.add(facet);
        parameters.add(sort);
        filter(sql, parameters, facet);
    }

    /** @param known a filter value that all candidates have */
    private void filter(StringBuilder sql, List<Object> parameters, @Nullable String known) {
        for (String facet : facets) {
            if (facet.equals(known)) {
                continue;
            }
            sql.append(" AND EXISTS (SELECT 1 FROM entries f WHERE f.facet = ? AND f.sort = 1 AND f.key = i.updated_at"
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
                SqliteIssues.require(
                        id != null
                                && item != null
                                && found.getInt(5) == SqliteIssues.itemCrc(found.getLong(4), id, item),
                        String.valueOf(id));
                rows.add(new Row(id, item, found.getLong(3)));
            }
        }
        return rows;
    }
}
