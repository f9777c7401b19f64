package issueledger.issues;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Filters.regex;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import issueledger.events.EventJson;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.issues.IssueView.MetricRecord;
import issueledger.issues.IssueView.PhaseStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/**
 * The collection of issue views: each its JSON text, beside the few fields that filters and sorts use, so that decimals stay exact
 * and a read is a copy.
 */
@Component
class Issues {
    /** Longer JSON is kept compressed: the text, its words and its records together must stay under MongoDB's 16 MiB. */
    private static final int PLAIN_JSON = 1024 * 1024;

    private static final TypeReference<List<MetricRecord>> RECORDS = new TypeReference<>() {};

    private final MongoCollection<Document> collection;

    Issues(MongoDatabase views) {
        this.collection = views.getCollection("issues");
    }

    /**
     * What is stored of one issue.
     *
     * @param seen the last position that the view knows of
     * @param view null where not even the first event could be read
     * @param parkedAt the first position that could not be folded, null if there is none
     */
    record Stored(
            String id,
            long seen,
            @Nullable IssueView view,
            @Nullable Long parkedAt) {}

    /** An issue's JSON as it is answered. */
    record Answer(long version, String json, @Nullable Long parkedAt) {}

    /** One line of the list. */
    record Item(
            String id,
            String title,
            Status status,
            @Nullable Severity severity,
            @Nullable String assignee,
            List<String> labels,
            long version,
            @Nullable PhaseOf phase,
            Instant openedAt,
            Instant updatedAt) {
        static Item of(IssueView view) {
            return new Item(
                    view.id(),
                    view.title(),
                    view.status(),
                    view.severity(),
                    view.assignee(),
                    view.labels(),
                    view.version(),
                    PhaseOf.of(view),
                    view.openedAt(),
                    view.updatedAt());
        }
    }

    /** Which phase runs, of how many. */
    record PhaseOf(@Nullable Integer current, int of) {
        static @Nullable PhaseOf of(IssueView view) {
            Integer current = view.phases().stream()
                    .filter(phase -> phase.status() == PhaseStatus.RUNNING)
                    .map(IssueView.Phase::number)
                    .findFirst()
                    .orElse(null);
            return view.phases().isEmpty()
                    ? null
                    : new PhaseOf(current, view.phases().size());
        }
    }

    /** A row of a page: the item's JSON and the key that it was sorted by. */
    record Row(String id, String item, long key) {}

    Map<String, Stored> load(Collection<String> ids) {
        Map<String, Stored> stored = new HashMap<>();
        for (Document document : collection.find(in("_id", ids))) {
            stored.put(document.getString("_id"), stored(document));
        }
        return stored;
    }

    void save(Collection<Stored> changed) {
        List<ReplaceOneModel<Document>> writes = changed.stream()
                .map(stored -> new ReplaceOneModel<>(
                        eq("_id", stored.id()), document(stored), new ReplaceOptions().upsert(true)))
                .toList();
        if (!writes.isEmpty()) {
            collection.bulkWrite(writes);
        }
    }

    Optional<Stored> find(String id) {
        return Optional.ofNullable(collection.find(eq("_id", id)).first()).map(Issues::stored);
    }

    Optional<Answer> answer(String id) {
        Document document = collection
                .find(eq("_id", id))
                .projection(Projections.include("version", "json", "parkedAt"))
                .first();
        return Optional.ofNullable(document)
                .map(d -> new Answer(d.getLong("version"), json(d.get("json")), d.getLong("parkedAt")));
    }

    /** One page of the list, in the query's order, from after {@code cursor} on. */
    List<Row> list(IssueQuery query, IssueQuery.@Nullable Cursor cursor, int limit) {
        String key = query.sort().field();
        List<Bson> filters = filters(query);
        if (cursor != null) {
            Bson beyond = query.sort().descending() ? lt(key, cursor.key()) : gt(key, cursor.key());
            filters.add(or(beyond, and(eq(key, cursor.key()), gt("_id", cursor.id()))));
        }
        FindIterable<Document> found = collection
                .find(filters.isEmpty() ? new Document() : and(filters))
                .projection(Projections.include("item", key))
                .sort(Sorts.orderBy(
                        query.sort().descending() ? Sorts.descending(key) : Sorts.ascending(key),
                        Sorts.ascending("_id")))
                .limit(limit);
        List<Row> rows = new ArrayList<>();
        for (Document document : found) {
            rows.add(new Row(document.getString("_id"), document.getString("item"), document.getLong(key)));
        }
        return rows;
    }

    private static List<Bson> filters(IssueQuery query) {
        List<Bson> filters = new ArrayList<>();
        // What has no status is an issue of which nothing could be read.
        filters.add(
                query.status() == null
                        ? gt("status", "")
                        : eq("status", query.status().name()));
        if (query.severity() != null) {
            filters.add(eq("severity", rank(query.severity())));
        }
        if (query.label() != null) {
            filters.add(eq("labels", query.label()));
        }
        if (query.assignee() != null) {
            filters.add(eq("assignee", query.assignee()));
        }
        if (query.file() != null) {
            filters.add(eq("files", query.file()));
        }
        if (query.openedAfter() != null) {
            filters.add(gt("openedAt", query.openedAfter().toEpochMilli()));
        }
        if (query.openedBefore() != null) {
            filters.add(lt("openedAt", query.openedBefore().toEpochMilli()));
        }
        // A word has letters and digits only, so nothing in it means anything to a pattern.
        query.words().forEach(word -> filters.add(regex("words", " " + word)));
        return filters;
    }

    private static long rank(@Nullable Severity severity) {
        return severity == null ? 0 : severity.rank();
    }

    private static Document document(Stored stored) {
        Document document = new Document("_id", stored.id()).append("seen", stored.seen());
        if (stored.parkedAt() != null) {
            document.append("parkedAt", stored.parkedAt());
        }
        IssueView view = stored.view();
        if (view == null) {
            return document.append("version", 0L);
        }
        String json = EventJson.MAPPER.writeValueAsString(view);
        return document.append("version", view.version())
                .append("status", view.status().name())
                .append("severity", rank(view.severity()))
                .append("assignee", view.assignee())
                .append("labels", view.labels())
                .append("files", view.relatedFiles().stream().map(f -> f.path()).toList())
                .append("openedAt", view.openedAt().toEpochMilli())
                .append("updatedAt", view.updatedAt().toEpochMilli())
                .append("words", Words.searchable(view))
                .append("item", EventJson.MAPPER.writeValueAsString(Item.of(view)))
                .append("json", json.length() <= PLAIN_JSON ? json : compressed(json))
                .append("records", EventJson.MAPPER.writeValueAsString(view.metricRecords()));
    }

    private static Stored stored(Document document) {
        String json = json(document.get("json"));
        IssueView view = json.isEmpty()
                ? null
                : EventJson.MAPPER
                        .readValue(json, IssueView.class)
                        .with(EventJson.MAPPER.readValue(document.getString("records"), RECORDS));
        return new Stored(document.getString("_id"), document.getLong("seen"), view, document.getLong("parkedAt"));
    }

    private static String json(@Nullable Object stored) {
        return switch (stored) {
            case null -> "";
            case Binary binary -> decompressed(binary.getData());
            default -> (String) stored;
        };
    }

    private static Binary compressed(String json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Binary(bytes.toByteArray());
    }

    private static String decompressed(byte[] bytes) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
