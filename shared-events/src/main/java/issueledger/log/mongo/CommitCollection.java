package issueledger.log.mongo;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Sorts.descending;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * The collection, asked so that every answer comes from an index of equals. Positions are dense: the commit after a position is looked
 * for at that place and the next few, and never by a range, for which the stand-ins of the tests read everything there is.
 */
final class CommitCollection {
    private static final int WINDOW = 500;

    private final MongoCollection<Document> collection;
    private final CommitCodec documents;

    CommitCollection(MongoCollection<Document> collection, CommitCodec documents) {
        this.collection = collection;
        this.documents = documents;
    }

    MongoCollection<Document> collection() {
        return collection;
    }

    /** The last one there is, however many there are. */
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
        int window = Math.max(1, Math.min(WINDOW, wanted));
        long last = end;
        Document taken = null;
        long looked;
        do {
            looked = last + window;
            try (MongoCursor<Document> found = collection
                    .find(in("_id", positions(last + 1, looked)))
                    .projection(projection)
                    .sort(ascending("_id"))
                    .batchSize(window)
                    .iterator()) {
                while (found.hasNext()) {
                    taken = found.next();
                    if (taken.getLong("_id") != last + 1) {
                        throw documents.gap(last + 1);
                    }
                    last = CommitCodec.last(taken);
                    if (!take.test(taken)) {
                        return taken;
                    }
                }
            }
        } while (last >= looked);
        return taken;
    }

    private static List<Long> positions(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    /** The commit that has a position, or null. */
    @Nullable
    Document containing(long position, Bson projection) {
        long to = position;
        for (long window = 8; to > 0; window *= 8) {
            long from = Math.max(1, to - window + 1);
            Document found = collection
                    .find(in("_id", positions(from, to)))
                    .projection(projection)
                    .sort(descending("_id"))
                    .limit(1)
                    .first();
            if (found != null) {
                return CommitCodec.last(found) < position ? null : found;
            }
            to = from - 1;
        }
        return null;
    }

    /** Commits with an event of a stream within a range of sequences. */
    static Bson withEvents(String stream, Document sequence) {
        // The first condition is in the second: it, and the lack of an $and, are for planners that look for equals at
        // the top.
        return new Document("events.stream", stream)
                .append(
                        "events",
                        new Document("$elemMatch", new Document("stream", stream).append("sequence", sequence)));
    }
}
