package issueledger.log.mongo;

import static com.mongodb.client.model.Projections.include;

import com.mongodb.MongoException;
import issueledger.events.Rfc3339;
import issueledger.log.Commit;
import issueledger.log.Commit.IdempotencyKey;
import issueledger.log.Commitments;
import issueledger.log.Erasure;
import issueledger.log.HashedCommit;
import issueledger.log.LogDamaged;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import issueledger.log.NewEvent;
import issueledger.log.RecordedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Converts commits to and from documents, and reports documents that cannot be read. */
final class CommitCodec {
    /** The fields of a commit that its successor needs. */
    static final Bson HEAD = include("n", "number", "hash", "recordedAt");

    /** Those fields and the commit's streams. */
    static final Bson CHAIN =
            include("n", "number", "hash", "recordedAt", "commit", "events.stream", "events.sequence");

    private static final String LACKS = "lacks a field or has one of another type";

    private final String where;
    private final Map<Long, Erasure> erasures;

    /**
     * @param where the database's name in messages
     * @param erasures the last of each erased event, by position
     */
    CommitCodec(String where, Map<Long, Erasure> erasures) {
        this.where = where;
        this.erasures = erasures;
    }

    String where() {
        return where;
    }

    static Document document(HashedCommit hashed, long first, long number, String hash, String recordedAt) {
        Commit commit = hashed.commit();
        List<Document> events = new ArrayList<>(commit.events().size());
        for (NewEvent event : commit.events()) {
            events.add(new Document("stream", event.stream())
                    .append("sequence", event.sequence())
                    .append("type", event.type())
                    .append("revision", event.revision())
                    .append("id", event.id())
                    .append("payload", event.payload())
                    .append("metadata", event.metadata()));
            putCommitments(events.get(events.size() - 1), event.commitments());
        }
        Document document = new Document("_id", first)
                .append("n", events.size())
                .append("number", number)
                .append("commit", commit.id())
                .append("recordedAt", recordedAt)
                .append("hash", hash)
                .append("events", events);
        IdempotencyKey key = commit.key();
        put(document, "key", key == null ? null : key.stored());
        put(document, "request", commit.request());
        return document;
    }

    private static void putCommitments(Document event, Commitments commitments) {
        put(event, "payloadSalt", commitments.payloadSalt());
        put(event, "metadataSalt", commitments.metadataSalt());
        put(event, "payloadCommitment", commitments.payload());
        put(event, "metadataCommitment", commitments.metadata());
    }

    private static void put(Document document, String field, @Nullable String value) {
        if (value != null) {
            document.append(field, value);
        }
    }

    /** The position of a commit's first event. */
    static long first(Document commit) {
        if (commit.get("_id") instanceof Long first) {
            return first;
        }
        throw new LogDamaged("the commit " + commit.get("_id") + " has no position; restore it from a back-up");
    }

    /** The position of a commit's last event. */
    static long last(Document commit) {
        if (commit.get("n") instanceof Integer events) {
            return first(commit) + events - 1;
        }
        throw new LogDamaged("the commit at position " + commit.get("_id")
                + " does not tell how many events it has; restore it from a back-up");
    }

    static List<Document> eventsOf(Document commit) {
        return commit.getList("events", Document.class);
    }

    Instant recordedAt(Document commit) {
        Instant time = commit.get("recordedAt") instanceof String text ? Rfc3339.parse(text) : null;
        if (time == null) {
            throw damaged(commit, "has no time", null);
        }
        return time;
    }

    LogHead head(@Nullable Document last) {
        if (last == null) {
            return LogHead.EMPTY;
        }
        try {
            return new LogHead(last(last), last.getString("hash"), last.getLong("number"), recordedAt(last));
        } catch (ClassCastException | NullPointerException e) {
            throw damaged(last, LACKS, e);
        }
    }

    List<RecordedEvent> events(Document commit) {
        try {
            Instant recordedAt = recordedAt(commit);
            long first = first(commit);
            long number = commit.getLong("number");
            String hash = text(commit, "hash");
            List<Document> stored = eventsOf(commit);
            if (stored.isEmpty() || stored.size() != commit.getInteger("n")) {
                throw damaged(commit, "does not have the " + commit.get("n") + " events that it tells of", null);
            }
            List<RecordedEvent> events = new ArrayList<>(stored.size());
            for (Document event : stored) {
                events.add(new RecordedEvent(
                        first + events.size(),
                        text(event, "id"),
                        text(event, "stream"),
                        event.getLong("sequence"),
                        text(event, "type"),
                        text(event, "revision"),
                        recordedAt,
                        text(event, "payload"),
                        text(event, "metadata"),
                        first,
                        number,
                        hash,
                        new Commitments(
                                event.getString("payloadSalt"),
                                event.getString("metadataSalt"),
                                event.getString("payloadCommitment"),
                                event.getString("metadataCommitment")),
                        events.isEmpty() ? commit.getString("key") : null,
                        events.isEmpty() ? commit.getString("request") : null,
                        event.containsKey("payloadSalt") && event.containsKey("metadataSalt")
                                ? null
                                : erasures.get(first + events.size())));
            }
            return events;
        } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw damaged(commit, LACKS, e);
        }
    }

    /** A field that must be there: a missing one is damage, as its wrong type is. */
    private static String text(Document document, String field) {
        return Objects.requireNonNull(document.getString(field), field);
    }

    LogDamaged gap(long position) {
        return LogDamaged.gap(where + " has a gap: position " + position + " is missing; restore it from a back-up");
    }

    private LogDamaged damaged(Document commit, String what, @Nullable Throwable cause) {
        return new LogDamaged(
                where + " is damaged: the commit at position " + commit.get("_id") + " " + what
                        + "; restore it from a back-up",
                cause);
    }

    /** Calls the server; failures become {@link LogUnavailable} with a sentence. */
    <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (MongoException e) {
            throw unavailable(e);
        }
    }

    LogUnavailable unavailable(MongoException e) {
        return new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, where + " " + MongoErrors.sentence(e), e);
    }
}
