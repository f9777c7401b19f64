package issueledger.log.mongo;

import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.UpdateOptions;
import issueledger.events.Rfc3339;
import issueledger.log.ErasedEvent;
import issueledger.log.Erasure;
import issueledger.log.ErasureOrder;
import issueledger.log.ErasureRefused;
import issueledger.log.ErasureUnfinished;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Erases an event's texts from a ledger's database, and drops the stored views, which hold them too. All services are stopped. */
public final class MongoErasing {
    private MongoErasing() {}

    /**
     * Records the erasure, changes the event, drops the views. After a crash the same order finishes it.
     *
     * @throws ErasureRefused if there is no such event, or if it is erased already
     * @throws ErasureUnfinished if the database went away in the middle
     */
    public static Erasure erase(MongoDeployment deployment, ErasureOrder order) {
        try (EventLog log = deployment.log(Clock.systemUTC())) {
            return erase(deployment.database(), log, order);
        } catch (MongoException e) {
            throw new ErasureUnfinished(
                    deployment.where() + " " + MongoErrors.sentence(e) + ": give the order again", e);
        }
    }

    static Erasure erase(MongoDatabase database, EventLog log, ErasureOrder order) {
        RecordedEvent event = order.find(log);
        try {
            order.requireTexts(event);
            Erasure erasure = order.erasureOf(event);
            record(database, List.of(erasure));
            change(database, event, ErasedEvent.of(event, ErasureOrder.firstOfCommit(log, event), order.metadata()));
            return erasure;
        } finally {
            dropViews(database); // Also where an earlier run was killed before it.
        }
    }

    private static void change(MongoDatabase database, RecordedEvent event, ErasedEvent erased) {
        String of = "events." + (event.position() - event.commit()) + ".";
        List<Bson> changes = new ArrayList<>();
        changes.add(set(of + "payload", erased.payload()));
        changes.add(set(of + "metadata", erased.metadata()));
        changes.add(put(of + "payloadSalt", erased.commitments().payloadSalt()));
        changes.add(put(of + "metadataSalt", erased.commitments().metadataSalt()));
        changes.add(put(of + "payloadCommitment", erased.commitments().payload()));
        changes.add(put(of + "metadataCommitment", erased.commitments().metadata()));
        changes.add(put("key", erased.key()));
        changes.add(unset("request"));
        Document unchanged = new Document("_id", event.commit())
                .append(of + "payloadSalt", event.commitments().payloadSalt())
                .append(of + "metadataSalt", event.commitments().metadataSalt());
        if (database.getCollection(MongoEventLog.COMMITS)
                        .updateOne(unchanged, combine(changes))
                        .getMatchedCount()
                != 1) {
            throw new ErasureRefused("another erasure of the event was faster: give the order again");
        }
    }

    private static Bson put(String field, @Nullable String value) {
        return value == null ? unset(field) : set(field, value);
    }

    /** The views of each token; the next start of a query service fills them. */
    private static void dropViews(MongoDatabase database) {
        MongoCollection<Document> tokens = database.getCollection("tokens");
        List<String> collections = database.listCollectionNames().into(new ArrayList<>());
        for (Document token : tokens.find().into(new ArrayList<>())) {
            collections.stream()
                    .filter(name -> name.startsWith(token.getString("_id") + "-"))
                    .forEach(name -> database.getCollection(name).drop());
        }
        tokens.drop();
    }

    /** Copies the erasures of another log; those already there are kept. */
    public static void copy(MongoDeployment deployment, List<Erasure> erasures) {
        record(deployment.database(), erasures);
    }

    private static void record(MongoDatabase database, List<Erasure> erasures) {
        MongoCollection<Document> collection = database.getCollection(MongoEventLog.ERASURES);
        for (Erasure erasure : erasures) {
            Document of = new Document("position", erasure.position()).append("metadata", erasure.metadata());
            collection.updateOne(
                    new Document("_id", of),
                    new Document(
                            "$setOnInsert",
                            new Document(of)
                                    .append("at", Rfc3339.format(erasure.at()))
                                    .append("by", erasure.by())
                                    .append("reason", erasure.reason())),
                    new UpdateOptions().upsert(true));
        }
    }
}
