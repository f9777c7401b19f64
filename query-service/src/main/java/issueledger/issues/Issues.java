package issueledger.issues;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import issueledger.events.EventJson;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.issues.IssueList.Facet;
import issueledger.issues.IssueList.Row;
import issueledger.issues.IssueView.MetricRecord;
import issueledger.issues.IssueView.PhaseStatus;
import issueledger.projections.Views;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
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
 * The issue views, stored as JSON text, so that decimals stay exact and a read is a copy. The embedded store is written by this process
 * alone and cannot serve the list from an index: an index and a cache in memory do. MongoDB is written by other processes too: every
 * answer comes from the collection and its indexes.
 */
@Component
public class Issues {
    /** The collection's name; the 1 is the format of its documents. */
    static final String STORED_AS = "issues-1";

    /** Longer JSON is compressed: text, words and records together must fit MongoDB's 16 MiB document. */
    private static final int PLAIN_JSON = 1024 * 1024;

    private static final TypeReference<List<MetricRecord>> RECORDS = new TypeReference<>() {};

    /** Maximum JSON bytes of the cached views; as objects they take several times as much heap. */
    private static final long KEPT_CHARACTERS = Runtime.getRuntime().maxMemory() / 64;

    private static final int KEPT_OVERHEAD = 1_024;

    /** Views per write request. */
    private static final int WRITE = 500;

    private final MongoCollection<Document> collection;
    private final IssueList list;
    private final boolean shared;
    private final LargeIssues large;
    private final Cache<String, Kept> kept = Caffeine.newBuilder()
            .maximumWeight(KEPT_CHARACTERS)
            .weigher((String id, Kept k) -> KEPT_OVERHEAD + k.json().length())
            .executor(Runnable::run)
            .build();

    Issues(Views views, LargeIssues large) {
        this.large = large;
        this.collection = views.database().getCollection(STORED_AS);
        this.shared = views.isShared();
        this.list = shared ? new StoredIssueList(collection) : new IssueIndex();
    }

    /** A view with its JSON, which is empty if the first event cannot be read. */
    private record Kept(Stored stored, String json) {
        static Kept of(Stored stored) {
            return new Kept(stored, stored.view() == null ? "" : EventJson.MAPPER.writeValueAsString(stored.view()));
        }
    }

    /**
     * One issue's stored state.
     *
     * @param seen the last position that was folded or parked
     * @param view null if the first event cannot be read
     * @param parkedAt the first position that could not be folded, null if there is none
     */
    record Stored(
            String id,
            long seen,
            @Nullable IssueView view,
            @Nullable Long parkedAt) {}

    /** An issue's JSON with its version. */
    record Answer(long version, String json, @Nullable Long parkedAt) {}

    /** One line of the list. */
    public record Item(
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

    /** The running phase and the number of phases. */
    public record PhaseOf(@Nullable Integer current, int of) {
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

    Map<String, Stored> load(Collection<String> ids) {
        Map<String, Stored> stored = new HashMap<>();
        List<String> others = new ArrayList<>();
        for (String id : ids) {
            Kept known = shared ? null : kept.getIfPresent(id);
            if (known == null) {
                others.add(id);
            } else {
                stored.put(id, known.stored());
            }
        }
        for (int from = 0; from < others.size(); from += WRITE) {
            List<String> some = others.subList(from, Math.min(others.size(), from + WRITE));
            for (Document document : collection.find(in("_id", some))) {
                stored.put(document.getString("_id"), kept(document).stored());
            }
        }
        return stored;
    }

    void save(Collection<Stored> changed) {
        Iterator<Stored> all = changed.iterator();
        List<List<Stored>> requests = new ArrayList<>();
        while (all.hasNext()) {
            List<Stored> request = new ArrayList<>();
            while (all.hasNext() && request.size() < WRITE) {
                request.add(all.next());
            }
            requests.add(request);
        }
        requests.parallelStream().forEach(this::write);
    }

    private void write(List<Stored> request) {
        List<Kept> written = request.stream().map(Kept::of).toList();
        List<IssueList.Entry> entries = new ArrayList<>();
        List<ReplaceOneModel<Document>> writes = new ArrayList<>();
        for (Kept k : written) {
            Document document = document(k);
            IssueView view = k.stored().view();
            if (view != null) {
                IssueList.Entry entry = entry(view);
                entries.add(entry);
                list.addTo(document, entry);
            }
            writes.add(new ReplaceOneModel<>(replaced(k.stored()), document, new ReplaceOptions().upsert(true)));
        }
        requireTaken(writes.size(), bulkWrite(writes));
        written.forEach(k -> large.note(k.stored().id(), k.json().length()));
        if (!shared) {
            written.forEach(k -> kept.put(k.stored().id(), k));
        }
        list.put(entries);
    }

    /**
     * In a shared store a view with later events is not replaced: another process holds the lease now. The embedded store is asked by id
     * alone, since any further condition makes it scan all views.
     */
    private Bson replaced(Stored stored) {
        Document view = new Document("_id", stored.id());
        return shared ? view.append("seen", new Document("$lt", stored.seen())) : view;
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

    /** A shared store must confirm every view; the exception makes the projection write the batch again. */
    private void requireTaken(int sent, int taken) {
        if (shared && taken < sent) {
            throw new IllegalStateException("the store took " + taken + " of " + sent + " views");
        }
    }

    private static IssueList.Entry entry(IssueView view) {
        List<Facet> facets = new ArrayList<>();
        facets.add(new Facet("status", view.status().name()));
        if (view.severity() != null) {
            facets.add(new Facet("severity", view.severity().name()));
        }
        if (view.assignee() != null) {
            facets.add(new Facet("assignee", view.assignee()));
        }
        view.labels().forEach(label -> facets.add(new Facet("label", label)));
        view.relatedFiles().forEach(file -> facets.add(new Facet("file", file.path())));
        return new IssueList.Entry(
                view.id(),
                view.openedAt().toEpochMilli(),
                view.updatedAt().toEpochMilli(),
                rank(view.severity()),
                facets,
                Words.searchable(view),
                EventJson.MAPPER.writeValueAsString(Item.of(view)));
    }

    Optional<Stored> find(String id) {
        return Optional.ofNullable(kept(id)).map(Kept::stored);
    }

    /** The stored JSON, without parsing it. */
    Optional<Answer> answer(String id) {
        Kept known = shared ? null : kept.getIfPresent(id);
        if (known != null) {
            IssueView view = known.stored().view();
            return Optional.of(new Answer(
                    view == null ? 0 : view.version(),
                    known.json(),
                    known.stored().parkedAt()));
        }
        return Optional.ofNullable(collection.find(eq("_id", id)).first()).map(document -> {
            String json = json(document.get("json"));
            large.note(id, json.length());
            return new Answer(document.getLong("version"), json, document.getLong("parkedAt"));
        });
    }

    /** Atomic per id, so that a stale read never replaces a later write in the cache. */
    private @Nullable Kept kept(String id) {
        return shared ? stored(id) : kept.get(id, this::stored);
    }

    private @Nullable Kept stored(String id) {
        Document document = collection.find(eq("_id", id)).first();
        return document == null ? null : kept(document);
    }

    List<Row> list(IssueQuery query, IssueQuery.@Nullable Cursor cursor, int limit) {
        return list.list(query, cursor, facets(query), limit);
    }

    private static List<Facet> facets(IssueQuery query) {
        List<Facet> facets = new ArrayList<>();
        if (query.status() != null) {
            facets.add(new Facet("status", query.status().name()));
        }
        if (query.severity() != null) {
            facets.add(new Facet("severity", query.severity().name()));
        }
        if (query.label() != null) {
            facets.add(new Facet("label", query.label()));
        }
        if (query.assignee() != null) {
            facets.add(new Facet("assignee", query.assignee()));
        }
        if (query.file() != null) {
            facets.add(new Facet("file", query.file()));
        }
        return facets;
    }

    private static long rank(@Nullable Severity severity) {
        return severity == null ? 0 : severity.rank();
    }

    private static Document document(Kept written) {
        Stored stored = written.stored();
        Document document = new Document("_id", stored.id()).append("seen", stored.seen());
        if (stored.parkedAt() != null) {
            document.append("parkedAt", stored.parkedAt());
        }
        IssueView view = stored.view();
        if (view == null) {
            return document.append("version", 0L);
        }
        String json = written.json();
        return document.append("version", view.version())
                .append("json", json.length() <= PLAIN_JSON ? json : compressed(json))
                .append("records", EventJson.MAPPER.writeValueAsString(view.metricRecords()));
    }

    private static Kept kept(Document document) {
        String json = json(document.get("json"));
        IssueView view = json.isEmpty()
                ? null
                : EventJson.MAPPER
                        .readValue(json, IssueView.class)
                        .with(EventJson.MAPPER.readValue(document.getString("records"), RECORDS));
        Stored stored =
                new Stored(document.getString("_id"), document.getLong("seen"), view, document.getLong("parkedAt"));
        return new Kept(stored, json);
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
