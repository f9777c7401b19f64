package issueledger.issues;

import issueledger.issues.IssueQuery.Sort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory index of the list: its sort orders and its filter values. The embedded MongoDB has no such index and would scan every
 * issue for each page. Only a search for words scans, in the list's order.
 */
final class IssueIndex implements IssueList {
    /** Up to this many candidates are sorted; above it, scanning the ordered index is faster. */
    private static final int MAX_SORTED = 1_000;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<Facet, Bucket> buckets = new HashMap<>();
    private final Map<Sort, NavigableSet<Node>> orders = new HashMap<>();

    IssueIndex() {
        for (String field : Sort.FIELDS) {
            for (boolean descending : new boolean[] {false, true}) {
                Sort sort = new Sort(field, descending);
                orders.put(sort, new TreeSet<>(order(sort)));
            }
        }
    }

    private static Comparator<Node> order(Sort sort) {
        Comparator<Node> byKey = Comparator.comparingLong(node -> node.key(sort));
        return (sort.descending() ? byKey.reversed() : byKey).thenComparing(node -> node.id);
    }

    /** The issues with a value. */
    private static final class Bucket {
        private final Set<Node> nodes = new HashSet<>();
    }

    /** An issue in the index; changed only under the write lock. */
    private static final class Node {
        private final String id;
        private long openedAt;
        private long updatedAt;
        private long severity;
        private Set<Bucket> buckets = Set.of();
        private String words = "";
        private String item = "";

        Node(String id) {
            this.id = id;
        }

        long key(Sort sort) {
            return switch (sort.field()) {
                case "openedAt" -> openedAt;
                case "updatedAt" -> updatedAt;
                default -> severity;
            };
        }
    }

    @Override
    public void put(Collection<Entry> entries) {
        lock.writeLock().lock();
        try {
            entries.forEach(this::put);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void put(Entry entry) {
        Node known = nodes.get(entry.id());
        Node node = known == null ? new Node(entry.id()) : known;
        if (known == null) {
            nodes.put(entry.id(), node);
        }
        place(node, entry, known == null);
        Set<Bucket> before = node.buckets;
        node.words = entry.words();
        node.item = entry.item();
        node.buckets = new HashSet<>();
        for (Facet facet : entry.facets()) {
            node.buckets.add(buckets.computeIfAbsent(facet, any -> new Bucket()));
        }
        before.stream().filter(bucket -> !node.buckets.contains(bucket)).forEach(bucket -> bucket.nodes.remove(node));
        node.buckets.forEach(bucket -> bucket.nodes.add(node));
    }

    /** Removes the node from each order whose key changes, then adds it with the new key: a TreeSet cannot find it otherwise. */
    private void place(Node node, Entry entry, boolean isNew) {
        List<NavigableSet<Node>> moved = new ArrayList<>();
        orders.forEach((sort, order) -> {
            if (isNew || node.key(sort) != key(entry, sort)) {
                order.remove(node);
                moved.add(order);
            }
        });
        node.openedAt = entry.openedAt();
        node.updatedAt = entry.updatedAt();
        node.severity = entry.severity();
        moved.forEach(order -> order.add(node));
    }

    private static long key(Entry entry, Sort sort) {
        return switch (sort.field()) {
            case "openedAt" -> entry.openedAt();
            case "updatedAt" -> entry.updatedAt();
            default -> entry.severity();
        };
    }

    @Override
    public List<Row> list(IssueQuery query, IssueQuery.@Nullable Cursor cursor, Collection<Facet> wanted, int limit) {
        lock.readLock().lock();
        try {
            List<Bucket> filters = new ArrayList<>();
            for (Facet facet : wanted) {
                Bucket bucket = buckets.get(facet);
                if (bucket == null) {
                    return List.of();
                }
                filters.add(bucket);
            }
            return candidates(query.sort(), filters, cursor == null ? null : place(cursor, query.sort()))
                    .filter(node -> node.buckets.containsAll(filters))
                    .filter(node -> isOpenedWithin(query, node))
                    .filter(node -> query.words().stream().allMatch(word -> node.words.contains(" " + word)))
                    .limit(limit)
                    .map(node -> new Row(node.id, node.item, node.key(query.sort())))
                    .toList();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Candidates in the list's order after a place. */
    private Stream<Node> candidates(Sort sort, List<Bucket> filters, @Nullable Node after) {
        Bucket least = filters.stream()
                .min(Comparator.comparingInt(bucket -> bucket.nodes.size()))
                .orElse(null);
        if (least != null && least.nodes.size() <= MAX_SORTED) {
            Comparator<Node> order = order(sort);
            return least.nodes.stream()
                    .filter(node -> after == null || order.compare(node, after) > 0)
                    .sorted(order);
        }
        NavigableSet<Node> order = Objects.requireNonNull(orders.get(sort), "there is an order for each sort");
        return after == null ? order.stream() : order.tailSet(after, false).stream();
    }

    private static Node place(IssueQuery.Cursor cursor, Sort sort) {
        Node place = new Node(cursor.id());
        switch (sort.field()) {
            case "openedAt" -> place.openedAt = cursor.key();
            case "updatedAt" -> place.updatedAt = cursor.key();
            default -> place.severity = cursor.key();
        }
        return place;
    }

    private static boolean isOpenedWithin(IssueQuery query, Node node) {
        return (query.openedAfter() == null
                        || node.openedAt > query.openedAfter().toEpochMilli())
                && (query.openedBefore() == null
                        || node.openedAt < query.openedBefore().toEpochMilli());
    }
}
