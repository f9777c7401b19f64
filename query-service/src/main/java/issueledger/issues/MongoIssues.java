package issueledger.issues;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Filters.regex;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Sorts.descending;
import static com.mongodb.client.model.Sorts.orderBy;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import issueledger.events.EventJson;
import issueledger.issues.IssueQuery.Sort;
import issueledger.projections.ViewsDamaged;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/** Issue views in a MongoDB collection: a document an issue, with an index for each filter and each order. */
final class MongoIssues implements Issues {
    /** Longer JSON is compressed: text, words and records together must fit MongoDB's 16 MiB document. */
    private static final int PLAIN_JSON = 1024 * 1024;

    /** Views per request. */
    private static final int REQUEST = 500;

    /** Views that a verification reads at a time. */
    private static final int AUDITED = 100;

    private final MongoCollection<Document> collection;
    private final LargeIssues large;

    MongoIssues(MongoCollection<Document> collection, LargeIssues large) {
        this.collection = collection;
        this.large = large;
        collection.createIndexes(indexes());
    }

    /** One index for each order, one for each filter in the default order, one for the words. */
    private static List<IndexModel> indexes() {
        List<IndexModel> indexes = new ArrayList<>();
        for (String field : Sort.FIELDS) {
            indexes.add(new IndexModel(order(new Sort(field, false))));
            indexes.add(new IndexModel(order(new Sort(field, true))));
        }
        for (String filter : Facet.FIELDS) {
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
    public Map<String, Stored> load(Collection<String> ids) {
        Map<String, Stored> stored = new HashMap<>();
        List<String> all = List.copyOf(ids);
        for (int from = 0; from < all.size(); from += REQUEST) {
            List<String> some = all.subList(from, Math.min(all.size(), from + REQUEST));
            for (Document document : collection.find(in("_id", some))) {
                stored.put(document.getString("_id"), stored(document));
            }
        }
        return stored;
    }

    @Override
    public void save(Collection<Stored> changed) {
        List<Stored> all = List.copyOf(changed);
        List<List<Stored>> requests = new ArrayList<>();
        for (int from = 0; from < all.size(); from += REQUEST) {
            requests.add(all.subList(from, Math.min(all.size(), from + REQUEST)));
        }
        requests.parallelStream().forEach(this::write);
    }

    /** A view with later events is not replaced: another process holds the lease now. The exception makes the batch be written again. */
    private void write(List<Stored> request) {
        List<ReplaceOneModel<Document>> writes = request.stream()
                .map(stored -> new ReplaceOneModel<>(
                        new Document("_id", stored.id()).append("seen", new Document("$lt", stored.seen())),
                        document(stored),
                        new ReplaceOptions().upsert(true)))
                .toList();
        int taken = bulkWrite(writes);
        if (taken < writes.size()) {
            throw new IllegalStateException("the store took " + taken + " of " + writes.size() + " views");
        }
    }

    /** The number of views that the store took or has newer versions of. */
    private int bulkWrite(List<ReplaceOneModel<Document>> writes) {
        try {
            return taken(collection.bulkWrite(writes, new BulkWriteOptions().ordered(false)));
        } catch (MongoBulkWriteException e) {
            if (e.getWriteConcernError() != null
                    || e.getWriteErrors().stream()
                            .anyMatch(error -> error.getCategory() != ErrorCategory.DUPLICATE_KEY)) {
                throw e;
            }
            return taken(e.getWriteResult()) + e.getWriteErrors().size();
        }
    }

    private static int taken(BulkWriteResult result) {
        return result.getMatchedCount() + result.getUpserts().size();
    }

    private Document document(Stored stored) {
        IssueView view = stored.view();
        String json = EventJson.MAPPER.writeValueAsString(view);
        String records = EventJson.MAPPER.writeValueAsString(view.metricRecords());
        large.note(stored.id(), json.length());
        Document list = new Document("openedAt", view.openedAt().toEpochMilli())
                .append("updatedAt", view.updatedAt().toEpochMilli())
                .append("rank", view.rank())
                .append("item", Item.json(view));
        List<Facet> facets = Facet.of(view);
        for (String field : Facet.FIELDS) {
            List<String> values = facets.stream()
                    .filter(facet -> facet.field().equals(field))
                    .map(Facet::value)
                    .toList();
            if (!values.isEmpty()) {
                list.append(field, values);
            }
        }
        list.append("words", List.copyOf(Words.of(view)));
        return new Document("_id", stored.id())
                .append("seen", stored.seen())
                .append("version", view.version())
                .append("json", json.length() <= PLAIN_JSON ? json : compressed(json))
                .append("records", records)
                .append("crc", Checksum.of((json + records).getBytes(UTF_8)))
                .append("list", list);
    }

    private Stored stored(Document document) {
        String json = json(document);
        IssueView view = EventJson.MAPPER
                .readValue(json, IssueView.class)
                .with(EventJson.MAPPER.readValue(document.getString("records"), RECORDS));
        return new Stored(document.getString("_id"), document.getLong("seen"), view);
    }

    @Override
    public List<Found> after(@Nullable Found last) {
        List<Found> some = new ArrayList<>();
        collection
                .find(last == null ? new Document() : gt("_id", last.id()))
                .sort(ascending("_id"))
                .limit(AUDITED)
                .forEach(document -> some.add(new FoundDocument(document)));
        return some;
    }

    @Override
    public Optional<Found> found(String id) {
        return Optional.ofNullable(collection.find(eq("_id", id)).first()).map(FoundDocument::new);
    }

    /** A stored document, compared with the one that a fold would write. */
    private final class FoundDocument implements Found {
        private final Document document;

        FoundDocument(Document document) {
            this.document = document;
        }

        @Override
        public String id() {
            return document.getString("_id");
        }

        @Override
        public long seen() {
            return document.get("seen") instanceof Long seen ? seen : -1;
        }

        @Override
        public @Nullable String difference(Stored folded) {
            Document expected = document(folded);
            for (Map.Entry<String, Object> field : expected.entrySet()) {
                if (!field.getKey().equals("list") && !field.getValue().equals(document.get(field.getKey()))) {
                    return "the stored " + field.getKey() + " is not what the log folds to";
                }
            }
            Document list = document.get("list") instanceof Document stored ? stored : new Document();
            return document.size() == expected.size() && list.equals(expected.get("list"))
                    ? null
                    : "what lists are read from is not what the log folds to";
        }
    }

    @Override
    public Optional<Stored> find(String id) {
        return Optional.ofNullable(collection.find(eq("_id", id)).first()).map(this::stored);
    }

    @Override
    public Optional<Answer> answer(String id) {
        return Optional.ofNullable(collection.find(eq("_id", id)).first())
                .map(document ->
                        new Answer(document.getLong("version"), json(document).getBytes(UTF_8)));
    }

    /** @throws ViewsDamaged if the text is not as it was written */
    private String json(Document document) {
        String id = document.getString("_id");
        String json = document.get("json") instanceof Binary binary
                ? decompressed(binary.getData())
                : document.getString("json");
        large.note(id, json.length());
        if (Checksum.of((json + document.getString("records")).getBytes(UTF_8)) != document.getInteger("crc", 0)) {
            throw new ViewsDamaged("the view of " + id + " is not as it was written");
        }
        return json;
    }

    @Override
    public List<Row> list(IssueQuery query, IssueQuery.@Nullable Cursor cursor, int limit) {
        List<Bson> filters = new ArrayList<>();
        Facet.of(query).forEach(facet -> filters.add(eq("list." + facet.field(), facet.value())));
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
        List<Row> rows = new ArrayList<>(limit);
        collection
                .find(filters.isEmpty() ? new Document() : and(filters))
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

    private static Binary compressed(String json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(json.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Binary(bytes.toByteArray());
    }

    private static String decompressed(byte[] bytes) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(gzip.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
