package issueledger.refusals;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import issueledger.log.mongo.MongoErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Refusals in a collection with a TTL index. Their numbers are dense, over all writing processes. */
public final class MongoRefusals implements Refusals {
    private static final String ID = "_id";
    private static final String EXPIRES = "expiresAt";
    private static final String ISSUE = "issueId";
    private static final String AT = "at";

    private final MongoCollection<Document> collection;
    private final Duration kept;
    private boolean indexed;

    /** @param kept retention time */
    public MongoRefusals(MongoDatabase database, Duration kept) {
        this.collection = database.getCollection("refusals");
        this.kept = kept;
    }

    @Override
    public synchronized void keep(List<RefusedCommand> refused) {
        try {
            if (!indexed) {
                collection.createIndex(
                        Indexes.ascending(EXPIRES), new IndexOptions().expireAfter(0L, TimeUnit.SECONDS));
                collection.createIndex(Indexes.ascending(ISSUE, ID));
                indexed = true;
            }
            List<RefusedCommand> left = refused;
            while (!left.isEmpty()) {
                left = left.subList(inserted(left), left.size());
            }
        } catch (MongoException e) {
            throw new RefusalsUnavailable("the refusals cannot be written: MongoDB " + MongoErrors.sentence(e), e);
        }
    }

    /** The number of refusals inserted before another service took the next number. */
    private int inserted(List<RefusedCommand> refused) {
        Document last = collection.find().sort(Sorts.descending(ID)).first();
        long number = last == null ? 0 : last.getLong(ID);
        List<Document> documents = new ArrayList<>();
        for (RefusedCommand one : refused) {
            documents.add(document(one.numbered(++number)));
        }
        try {
            collection.insertMany(documents);
            return documents.size();
        } catch (MongoBulkWriteException e) {
            // An ordered batch inserts everything before the first error.
            return e.getWriteErrors().stream()
                    .filter(error -> error.getCategory() == ErrorCategory.DUPLICATE_KEY)
                    .findFirst()
                    .orElseThrow(() -> e)
                    .getIndex();
        }
    }

    private Document document(RefusedCommand one) {
        return new Document(ID, one.id())
                .append(AT, Date.from(one.at()))
                .append(EXPIRES, Date.from(one.at().plus(kept)))
                .append("command", one.command())
                .append(ISSUE, one.issueId())
                .append("actor", one.actor())
                .append("status", one.status())
                .append("type", one.type())
                .append("reason", one.reason())
                .append("detail", one.detail())
                .append("traceId", one.traceId());
    }

    /** MongoDB's TTL index deletes by age. */
    @Override
    public void forget(Instant before) {
        try {
            Document last = collection.find().sort(Sorts.descending(ID)).first();
            if (last != null && last.getLong(ID) > MOST) {
                collection.deleteMany(Filters.lte(ID, last.getLong(ID) - MOST));
            }
        } catch (MongoException e) {
            throw new RefusalsUnavailable("the refusals cannot be deleted: MongoDB " + MongoErrors.sentence(e), e);
        }
    }

    @Override
    public List<RefusedCommand> read(
            long after,
            int limit,
            @Nullable String issueId,
            @Nullable String actor,
            @Nullable String command,
            @Nullable String reason) {
        List<Bson> filters = Stream.of(
                        equal(ISSUE, issueId),
                        equal("actor", actor),
                        equal("command", command),
                        equal("reason", reason),
                        List.of(Filters.gt(ID, after)))
                .flatMap(List::stream)
                .toList();
        try {
            return collection
                    .find(Filters.and(filters))
                    .sort(Sorts.ascending(ID))
                    .limit(limit)
                    .map(MongoRefusals::refused)
                    .into(new ArrayList<>());
        } catch (MongoException e) {
            throw new RefusalsUnavailable("the refusals cannot be read: MongoDB " + MongoErrors.sentence(e), e);
        }
    }

    private static List<Bson> equal(String field, @Nullable String value) {
        return value == null ? List.of() : List.of(Filters.eq(field, value));
    }

    private static RefusedCommand refused(Document document) {
        return new RefusedCommand(
                document.getLong(ID),
                document.getDate(AT).toInstant(),
                document.getString("command"),
                document.getString(ISSUE),
                document.getString("actor"),
                document.getInteger("status"),
                document.getString("type"),
                document.getString("reason"),
                document.getString("detail"),
                document.getString("traceId"));
    }

    /** Does nothing: the deployment owns the client. */
    @Override
    public void close() {}
}
