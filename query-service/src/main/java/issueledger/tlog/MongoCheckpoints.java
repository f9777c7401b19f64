package issueledger.tlog;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Sorts.descending;
import static com.mongodb.client.model.Sorts.orderBy;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReplaceOptions;
import issueledger.log.mongo.MongoDeployment;
import issueledger.log.mongo.MongoErrors;
import issueledger.proof.Hash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/** Checkpoints in a MongoDB collection, beside the log: a document each, with its number as its id. */
final class MongoCheckpoints implements CheckpointStore {
    private static final int ONE = 1;

    private final MongoCollection<Document> checkpoints;
    private final MongoCollection<Document> witnesses;
    private boolean indexed;

    MongoCheckpoints(MongoDatabase database) {
        this.checkpoints = database.getCollection("checkpoints");
        this.witnesses = database.getCollection("witnesses");
    }

    static CheckpointStore of(MongoDeployment deployment) {
        return new MongoCheckpoints(deployment.database());
    }

    private static <T> T run(Supplier<T> work) {
        try {
            return work.get();
        } catch (MongoException e) {
            throw new CheckpointsUnavailable(
                    "the signed checkpoints cannot be read or written: MongoDB " + MongoErrors.sentence(e), e);
        }
    }

    private List<SignedCheckpoint> select(Bson filter, Bson order, int limit) {
        return run(() -> checkpoints
                .find(filter)
                .sort(order)
                .limit(limit)
                .map(MongoCheckpoints::checkpoint)
                .into(new ArrayList<>()));
    }

    private static SignedCheckpoint checkpoint(Document document) {
        return new SignedCheckpoint(
                document.getLong("_id"),
                document.getLong("size"),
                Hash.of(document.get("root", Binary.class).getData()),
                document.getDate("at").toInstant(),
                document.getString("note"),
                document.getString("keys"),
                document.getBoolean("cosigned", false));
    }

    private static Document document(SignedCheckpoint checkpoint) {
        return new Document("_id", checkpoint.number())
                .append("size", checkpoint.size())
                .append("root", new Binary(checkpoint.root().bytes()))
                .append("at", Date.from(checkpoint.at()))
                .append("note", checkpoint.note())
                .append("keys", checkpoint.keys())
                .append("cosigned", checkpoint.isCosigned())
                .append("hourly", false);
    }

    @Override
    public Optional<SignedCheckpoint> last() {
        return select(new Document(), descending("_id"), ONE).stream().findFirst();
    }

    @Override
    public synchronized boolean add(SignedCheckpoint next) {
        return run(() -> {
            if (!indexed) {
                checkpoints.createIndex(Indexes.ascending("size"));
                indexed = true;
            }
            try {
                checkpoints.insertOne(document(next));
                return true;
            } catch (MongoWriteException e) {
                if (e.getError().getCategory() == ErrorCategory.DUPLICATE_KEY) {
                    return false; // Another process was first.
                }
                throw e;
            }
        });
    }

    @Override
    public boolean cosign(SignedCheckpoint before, SignedCheckpoint after) {
        return run(() -> checkpoints
                        .updateOne(
                                and(eq("_id", before.number()), eq("note", before.note())),
                                combine(set("note", after.note()), set("cosigned", true)))
                        .getMatchedCount()
                == 1);
    }

    @Override
    public List<SignedCheckpoint> before(long number, int limit) {
        return select(lt("_id", number), descending("_id"), limit);
    }

    @Override
    public List<SignedCheckpoint> after(long number, int limit) {
        return select(gt("_id", number), ascending("_id"), limit);
    }

    @Override
    public Optional<SignedCheckpoint> ofAtMost(long size) {
        return select(lte("size", size), orderBy(descending("size"), descending("_id")), ONE).stream()
                .findFirst();
    }

    @Override
    public List<SignedCheckpoint> thinnable(Instant before, int limit) {
        long last = last().map(SignedCheckpoint::number).orElse(0L);
        Bson filter = and(eq("cosigned", false), eq("hourly", false), lt("at", Date.from(before)), lt("_id", last));
        return select(filter, ascending("_id"), limit);
    }

    @Override
    public void thin(Collection<Long> delete, Collection<Long> keep) {
        run(() -> {
            checkpoints.deleteMany(and(in("_id", delete), eq("cosigned", false)));
            checkpoints.updateMany(in("_id", keep), set("hourly", true));
            return true;
        });
    }

    @Override
    public Map<String, WitnessState> witnesses() {
        return run(() -> {
            Map<String, WitnessState> found = new HashMap<>();
            for (Document document : witnesses.find()) {
                found.put(
                        document.getString("_id"),
                        new WitnessState(
                                document.getLong("size"),
                                instant(document.getDate("at")),
                                document.getString("error")));
            }
            return found;
        });
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }

    @Override
    public void put(String witness, WitnessState state) {
        Document document = new Document("_id", witness)
                .append("size", state.size())
                .append("at", state.at() == null ? null : Date.from(state.at()))
                .append("error", state.error());
        run(() -> witnesses.replaceOne(eq("_id", witness), document, new ReplaceOptions().upsert(true)));
    }

    /** The database is closed with its deployment. */
    @Override
    public void close() {}
}
