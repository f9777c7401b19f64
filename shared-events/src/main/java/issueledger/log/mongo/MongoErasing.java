package issueledger.log.mongo;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import issueledger.events.Rfc3339;
import issueledger.log.ErasedEvent;
import issueledger.log.Erasure;
import issueledger.log.ErasureOrder;
import issueledger.log.ErasureRefused;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Erases an event's texts from a ledger's database, and drops the stored views, which hold them too. All services are stopped. */
public final class MongoErasing {
    /** Everything else in the database is folded from the log. */
    private static final Set<String> KEPT =
            Set.of(MongoEventLog.COMMITS, MongoEventLog.ERASURES, MongoDeployment.MARK, "refusals", "appenders");

    private MongoErasing() {}

    /**
     * Erases. Killed in the middle, it is repeated with the same order.
     *
     * @throws ErasureRefused if there is no such event, or if it is erased already
     */
    public static Erasure erase(MongoDeployment deployment, ErasureOrder order) {
        try (EventLog log = deployment.log(Clock.systemUTC())) {
            return erase(deployment.database(), log, order);
        }
    }

    static Erasure erase(MongoDatabase database, EventLog log, ErasureOrder order) {
        RecordedEvent event = order.find(log);
        ErasedEvent erased = ErasedEvent.of(event, ErasureOrder.firstOfCommit(log, event), order.metadata());
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
        database.getCollection(MongoEventLog.COMMITS).updateOne(eq("_id", event.commit()), combine(changes));
        Erasure erasure = order.erasureOf(event);
        record(database, List.of(erasure));
        database.listCollectionNames().forEach(name -> {
            if (!KEPT.contains(name) && !name.startsWith("system.")) {
                database.getCollection(name).drop();
            }
        });
        return erasure;
    }

    private static Bson put(String field, @Nullable String value) {
        return value == null ? unset(field) : set(field, value);
    }

    /** Copies the erasures of another log; those already there are kept. */
    public static void copy(MongoDeployment deployment, List<Erasure> erasures) {
        long known = deployment.database().getCollection(MongoEventLog.ERASURES).countDocuments();
        record(deployment.database(), erasures.subList((int) Math.min(known, erasures.size()), erasures.size()));
    }

    private static void record(MongoDatabase database, List<Erasure> erasures) {
        MongoCollection<Document> collection = database.getCollection(MongoEventLog.ERASURES);
        long number = collection.countDocuments();
        for (Erasure erasure : erasures) {
            collection.insertOne(new Document("_id", ++number)
                    .append("position", erasure.position())
                    .append("metadata", erasure.metadata())
                    .append("at", Rfc3339.format(erasure.at()))
                    .append("by", erasure.by())
                    .append("reason", erasure.reason()));
        }
    }
}
