package issueledger.issues;

import issueledger.issues.IssueQuery.Cursor;
import issueledger.issues.Issues.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All issues as they were at one position of the log: views of a near position, and apart from them the issues that have an event
 * between the two. So nothing has to be folded but these.
 */
final class PastIssues {
    /** Read beyond a page, so that few issues that change meanwhile do not make it short. */
    private static final int SPARE = 50;

    private final Base base;
    private final Function<String, Optional<IssueView>> then;
    private final Map<String, Optional<ListedIssue>> changed = new HashMap<>();
    private int size;

    /** The views that a list of the past is made from. */
    interface Base {
        /** The views; they may move on while they are read. */
        Issues issues();

        /**
         * The issues with an event between the position of the views, as it is now, and the one that is wanted; those that were returned
         * before may be left out.
         */
        Set<String> changed();
    }

    /** @param then an issue at the position; empty if it did not exist */
    PastIssues(Base base, Function<String, Optional<IssueView>> then) {
        this.base = base;
        this.then = then;
    }

    /** One page of the list. */
    synchronized List<Row> list(IssueQuery query, @Nullable Cursor cursor, int limit) {
        learn();
        List<Row> unchanged;
        do {
            unchanged = unchanged(query, cursor, limit);
            // The views may have moved on under the page: an issue that changed meanwhile is no longer among the
            // unchanged ones.
        } while (learn() && unchanged.stream().anyMatch(row -> changed.containsKey(row.id())));
        List<Row> rows = new ArrayList<>(unchanged);
        Row last = cursor == null ? null : new Row(cursor.id(), "", cursor.key());
        changed.values().stream()
                .flatMap(Optional::stream)
                .filter(query::accepts)
                .map(issue -> issue.row(query.sort()))
                .filter(row -> last == null || query.order().compare(row, last) > 0)
                .forEach(rows::add);
        rows.sort(query.order());
        return rows.subList(0, Math.min(limit, rows.size()));
    }

    /** Characters held in memory. */
    synchronized int size() {
        return size;
    }

    /** Returns true if issues have changed since the last call. */
    private boolean learn() {
        List<String> news =
                base.changed().stream().filter(id -> !changed.containsKey(id)).toList();
        Map<String, Optional<ListedIssue>> listed = new TreeMap<>();
        Collection<Map.Entry<String, Optional<ListedIssue>>> folded = news.parallelStream()
                .map(id -> Map.entry(id, then.apply(id).map(ListedIssue::of)))
                .toList();
        folded.forEach(entry -> listed.put(entry.getKey(), entry.getValue()));
        listed.values().stream().flatMap(Optional::stream).forEach(issue -> size += issue.size());
        changed.putAll(listed);
        return !listed.isEmpty();
    }

    private List<Row> unchanged(IssueQuery query, @Nullable Cursor cursor, int limit) {
        List<Row> rows = new ArrayList<>();
        Cursor after = cursor;
        int wanted = limit + SPARE;
        List<Row> page;
        do {
            page = base.issues().list(query, after, wanted);
            page.stream().filter(row -> !changed.containsKey(row.id())).forEach(rows::add);
            if (!page.isEmpty()) {
                after = new Cursor("", page.getLast().key(), page.getLast().id(), null);
            }
        } while (page.size() == wanted && rows.size() < limit);
        return rows;
    }
}
