package issueledger.issues;

import issueledger.issues.IssueQuery.Sort;
import issueledger.issues.Issues.Item;
import issueledger.issues.Issues.Row;
import java.util.List;
import java.util.Set;

/**
 * An issue as lists need it, in memory.
 *
 * @param item its JSON in a list
 * @param openedAt in milliseconds, as {@code updatedAt}
 * @param rank the severity as a number
 */
record ListedIssue(
        String id, String item, long openedAt, long updatedAt, long rank, List<Facet> facets, Set<String> words) {

    static ListedIssue of(IssueView view) {
        return new ListedIssue(
                view.id(),
                Item.json(view),
                view.openedAt().toEpochMilli(),
                view.updatedAt().toEpochMilli(),
                view.rank(),
                Facet.of(view),
                Words.of(view));
    }

    Row row(Sort sort) {
        long key = switch (sort.field()) {
            case "openedAt" -> openedAt;
            case "updatedAt" -> updatedAt;
            default -> rank;
        };
        return new Row(id, item, key);
    }

    /** In the unit of the cache's bound: roughly characters. */
    int size() {
        return item.length()
                + 16 * facets.size()
                + words.stream().mapToInt(String::length).sum();
    }
}
