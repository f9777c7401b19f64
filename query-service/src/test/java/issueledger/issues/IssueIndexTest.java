package issueledger.issues;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.issues.IssueList.Entry;
import issueledger.issues.IssueList.Facet;
import issueledger.issues.IssueList.Row;
import issueledger.issues.IssueQuery.Cursor;
import issueledger.issues.IssueQuery.Sort;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Held against a list that looks at every issue. */
class IssueIndexTest {
    private static final int ISSUES = 3_000;
    private static final List<Facet> COMMON = List.of(new Facet("status", "OPEN"), new Facet("status", "FIXED"));
    private static final List<Facet> RARE = List.of(new Facet("label", "db"), new Facet("assignee", "mara"));

    private static final List<String> WORDS = List.of(" slow orders", " slow search", " checkout");

    private final Random random = new Random(7);
    private final IssueIndex index = new IssueIndex();
    private final Map<String, Entry> entries = new HashMap<>();

    @Test
    void a_page_is_what_looking_at_every_issue_would_find_however_the_issues_changed() {
        for (int i = 0; i < ISSUES; i++) {
            put("i-" + i);
        }
        for (int round = 0; round < 300; round++) {
            put("i-" + random.nextInt(ISSUES));
            IssueQuery query = query();
            List<Facet> wanted = wanted();
            Cursor cursor = random.nextBoolean() ? null : new Cursor("", key(), "i-" + random.nextInt(ISSUES));
            int limit = 1 + random.nextInt(100);

            assertThat(index.list(query, cursor, wanted, limit))
                    .as("%s %s %s %s", query, wanted, cursor, limit)
                    .isEqualTo(expected(query, cursor, wanted, limit));
        }
    }

    @Test
    void a_value_that_no_issue_ever_had_finds_nothing() {
        put("i-1");

        assertThat(index.list(IssueQueryTest.everything(), null, List.of(new Facet("label", "never")), 10))
                .isEmpty();
    }

    /** Few keys, so that many tie. */
    private long key() {
        return random.nextInt(200);
    }

    private void put(String id) {
        List<Facet> facets = new ArrayList<>();
        facets.add(COMMON.get(random.nextInt(2)));
        RARE.stream().filter(facet -> random.nextInt(20) == 0).forEach(facets::add);
        Entry entry = new Entry(
                id, key(), key(), random.nextInt(5), facets, WORDS.get(random.nextInt(3)), "item " + random.nextInt());
        entries.put(id, entry);
        index.put(List.of(entry));
    }

    private IssueQuery query() {
        String field = List.copyOf(Sort.FIELDS).get(random.nextInt(3));
        return new IssueQuery(
                null,
                null,
                null,
                null,
                null,
                random.nextInt(4) == 0 ? Instant.ofEpochMilli(key()) : null,
                random.nextInt(4) == 0 ? Instant.ofEpochMilli(key()) : null,
                random.nextInt(3) == 0 ? Set.of("slow", "ord") : Set.of(),
                new Sort(field, random.nextBoolean()));
    }

    private List<Facet> wanted() {
        List<Facet> wanted = new ArrayList<>();
        if (random.nextBoolean()) {
            wanted.add(COMMON.get(random.nextInt(2)));
        }
        RARE.stream().filter(facet -> random.nextInt(4) == 0).forEach(wanted::add);
        return wanted;
    }

    private List<Row> expected(IssueQuery query, @Nullable Cursor cursor, List<Facet> wanted, int limit) {
        Comparator<Row> byKey = Comparator.comparingLong(Row::key);
        Comparator<Row> order = (query.sort().descending() ? byKey.reversed() : byKey).thenComparing(Row::id);
        return entries.values().stream()
                .filter(entry -> entry.facets().containsAll(wanted))
                .filter(entry -> query.words().isEmpty() || entry.words().equals(" slow orders"))
                .filter(entry -> query.openedAfter() == null
                        || entry.openedAt() > query.openedAfter().toEpochMilli())
                .filter(entry -> query.openedBefore() == null
                        || entry.openedAt() < query.openedBefore().toEpochMilli())
                .map(entry -> new Row(entry.id(), entry.item(), key(entry, query.sort())))
                .filter(row -> cursor == null || order.compare(row, new Row(cursor.id(), "", cursor.key())) > 0)
                .sorted(order)
                .limit(limit)
                .toList();
    }

    private static long key(Entry entry, Sort sort) {
        return switch (sort.field()) {
            case "openedAt" -> entry.openedAt();
            case "updatedAt" -> entry.updatedAt();
            default -> entry.severity();
        };
    }
}
