package issueledger.issues;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Filters.regex;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Sorts.descending;
import static com.mongodb.client.model.Sorts.orderBy;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.Indexes;
import issueledger.issues.IssueQuery.Sort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** The list from MongoDB, with an index for each filter and each order. */
final class StoredIssueList implements IssueList {
    /** The filter fields; each holds a list of values. */
    private static final List<String> FILTERS = List.of("status", "severity", "assignee", "label", "file");

    private final MongoCollection<Document> issues;

    StoredIssueList(MongoCollection<Document> issues) {
        this.issues = issues;
        issues.createIndexes(indexes());
    }

    /** One index for each order, one for each filter in the default order, one for the words. */
    private static List<IndexModel> indexes() {
        List<IndexModel> indexes = new ArrayList<>();
        for (String field : Sort.FIELDS) {
            indexes.add(new IndexModel(order(new Sort(field, false))));
            indexes.add(new IndexModel(order(new Sort(field, true))));
        }
        for (String filter : FILTERS) {
            indexes.add(new IndexModel(
                    Indexes.compoundIndex(Indexes.ascending("list." + filter), order(new Sort("updatedAt", true)))));
        }
        indexes.add(new IndexModel(Indexes.ascending("list.words")));
        return indexes;
    }

    private static String key(String field) {
        return "list." + (field.equals("severity") ? "rank" : field);
    }

    private static Bson order(Sort sort) {
        String key = key(sort.field());
        return orderBy(sort.descending() ? descending(key) : ascending(key), ascending("_id"));
    }

    @Override
    public void addTo(Document document, Entry entry) {
        Document list = new Document("openedAt", entry.openedAt())
                .append("updatedAt", entry.updatedAt())
                .append("rank", entry.severity())
                .append("item", entry.item());
        for (String filter : FILTERS) {
            List<String> values = entry.facets().stream()
                    .filter(facet -> facet.field().equals(filter))
                    .map(Facet::value)
                    .toList();
            if (!values.isEmpty()) {
                list.append(filter, values);
            }
        }
        list.append(
                "words",
                Arrays.stream(entry.words().split(" "))
                        .filter(word -> !word.isEmpty())
                        .toList());
        document.append("list", list);
    }

    @Override
    public List<Row> list(IssueQuery query, IssueQuery.@Nullable Cursor cursor, Collection<Facet> wanted, int limit) {
        List<Bson> filters = new ArrayList<>();
        wanted.forEach(facet -> filters.add(eq("list." + facet.field(), facet.value())));
        // Words are letters and digits, so they need no quoting in a regular expression.
        query.words().forEach(word -> filters.add(regex("list.words", "^" + word)));
        if (query.openedAfter() != null) {
            filters.add(gt("list.openedAt", query.openedAfter().toEpochMilli()));
        }
        if (query.openedBefore() != null) {
            filters.add(lt("list.openedAt", query.openedBefore().toEpochMilli()));
        }
        String key = key(query.sort().field());
        if (cursor != null) {
            filters.add(or(
                    query.sort().descending() ? lt(key, cursor.key()) : gt(key, cursor.key()),
                    and(eq(key, cursor.key()), gt("_id", cursor.id()))));
        }
        filters.add(exists("list")); // Issues without a readable event are not listed.
        List<Row> rows = new ArrayList<>(limit);
        issues.find(and(filters))
                .projection(include("list.item", key))
                .sort(order(query.sort()))
                .limit(limit)
                .forEach(document -> {
                    Document list = document.get("list", Document.class);
                    rows.add(new Row(
                            document.getString("_id"),
                            list.getString("item"),
                            list.getLong(key.substring("list.".length()))));
                });
        return rows;
    }
}
