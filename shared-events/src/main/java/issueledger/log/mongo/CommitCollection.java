package issueledger.log.mongo;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Sorts.descending;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import java.util.function.Predicate;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** The queries on the commits' collection; each is answered from an index. */
final class CommitCollection {
    private static final int MAX_BATCH = 500;

    private final MongoCollection<Document> collection;
    private final CommitCodec documents;

    CommitCollection(MongoCollection<Document> collection, CommitCodec documents) {
        this.collection = collection;
        this.documents = documents;
    }

    MongoCollection<Document> collection() {
        return collection;
    }

    /** The log's last commit; null if the log is empty. */
    @Nullable
    Document last() {
        return collection
                .find()
                .projection(CommitCodec.HEAD)
                .sort(descending("_id"))
                .limit(1)
                .first();
    }

    boolean isThere(long position) {
        return collection.find(eq("_id", position)).projection(CommitCodec.HEAD).first() != null;
    }

    /**
     * Takes the commits that follow one, in order, until there are no more or {@code take} has enough.
     *
     * @param end the position of a commit's last event
     * @param wanted about how many events are wanted
     * @return the last commit that was taken, null where there was none
     */
    @Nullable
    Document after(long end, int wanted, Bson projection, Predicate<Document> take) {
        long last = end;
        Document taken = null;
        try (MongoCursor<Document> found = collection
                .find(gt("_id", end))
                .projection(projection)
                .sort(ascending("_id"))
                .batchSize(Math.clamp(wanted, 1, MAX_BATCH))
                .iterator()) {
            while (found.hasNext()) {
                taken = found.next();
                if (CommitCodec.first(taken) != last + 1) {
                    throw documents.gap(last + 1);
                }
                last = CommitCodec.last(taken);
                if (!take.test(taken)) {
                    break;
                }
            }
        }
        return taken;
    }

    /** The commit that has a position, or null. */
    @Nullable
    Document containing(long position, Bson projection) {
        Document found = collection
                .find(lte("_id", position))
                .projection(projection)
                .sort(descending("_id"))
                .limit(1)
                .first();
        return found == null || CommitCodec.last(found) < position ? null : found;
    }

    /** Commits with an event of a stream within a range of sequences. */
    static Bson withEvents(String stream, Document sequence) {
        // The second condition implies the first, which stand-ins for MongoDB need to use the index.
        return new Document("events.stream", stream)
                .append(
                        "events",
                        new Document("$elemMatch", new Document("stream", stream).append("sequence", sequence)));
    }
}
