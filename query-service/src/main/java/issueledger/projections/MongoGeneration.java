package issueledger.projections;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bson.Document;

/** A generation in collections of its own. Views are written first, then parked events, then the checkpoint, in the feed's token. */
public final class MongoGeneration implements Generation {
    private final int number;
    private final MongoDatabase database;
    private final String name;
    private final MongoFeed feed;

    /** @param name of its collection of views, and how the names of its other collections begin */
    MongoGeneration(int number, MongoDatabase database, String name, MongoFeed feed) {
        this.number = number;
        this.database = database;
        this.name = name;
        this.feed = feed;
    }

    /** The collection that the views are stored in. */
    public MongoCollection<Document> views() {
        return database.getCollection(name);
    }

    private MongoCollection<Document> parked() {
        return database.getCollection(name + "-parked");
    }

    void drop() {
        views().drop();
        parked().drop();
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public Checkpoint checkpoint() {
        return feed.checkpoint(number);
    }

    @Override
    public boolean write(
            Runnable changes, Collection<Parked> parked, Collection<String> retried, Checkpoint checkpoint) {
        if (!feed.isHeld()) {
            return false;
        }
        changes.run();
        if (!retried.isEmpty()) {
            List<Long> still = parked.stream().map(Parked::position).toList();
            parked().deleteMany(new Document("issueId", new Document("$in", List.copyOf(retried)))
                    .append("_id", new Document("$nin", still)));
        }
        if (!parked.isEmpty()) {
            // An event that is delivered again keeps its first error; one that was retried gets the new one.
            String how = retried.isEmpty() ? "$setOnInsert" : "$set";
            parked().bulkWrite(parked.stream()
                    .map(event -> new UpdateOneModel<Document>(
                            eq("_id", event.position()),
                            new Document(how, document(event)),
                            new UpdateOptions().upsert(true)))
                    .toList());
        }
        return feed.advance(number, checkpoint);
    }

    private static Document document(Parked event) {
        return new Document("issueId", event.issueId())
                .append("type", event.type())
                .append("error", event.error())
                .append("at", event.at().toEpochMilli());
    }

    @Override
    public Map<String, Long> parkedIssues() {
        Map<String, Long> first = new HashMap<>();
        parked().aggregate(List.of(Aggregates.group("$issueId", Accumulators.min("first", "$_id"))))
                .forEach(issue -> first.put(issue.getString("_id"), issue.getLong("first")));
        return first;
    }

    @Override
    public long parkedCount() {
        return parked().countDocuments();
    }

    @Override
    public List<Parked> parked(long afterPosition, int limit) {
        Function<Document, Parked> read = event -> new Parked(
                event.getLong("_id"),
                event.getString("issueId"),
                event.getString("type"),
                event.getString("error"),
                Instant.ofEpochMilli(event.getLong("at")));
        return parked().find(gt("_id", afterPosition))
                .sort(Sorts.ascending("_id"))
                .limit(limit)
                .map(read::apply)
                .into(new ArrayList<>());
    }
}
