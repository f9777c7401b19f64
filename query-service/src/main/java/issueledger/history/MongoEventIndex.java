package issueledger.history;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Indexes.ascending;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.InsertManyOptions;
import issueledger.log.Place;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** The events' places in a MongoDB collection: a document an event, with the position as its id. */
final class MongoEventIndex implements EventIndex {
    /** Events per request. */
    private static final int REQUEST = 1_000;

    private final MongoCollection<Document> collection;

    MongoEventIndex(MongoCollection<Document> collection) {
        this.collection = collection;
        collection.createIndexes(List.of(
                new IndexModel(ascending("actor", "_id")),
                new IndexModel(ascending("type", "_id")),
                new IndexModel(ascending("actor", "type", "_id")),
                new IndexModel(ascending("issue", "_id"))));
    }

    @Override
    public void add(List<Entry> entries) {
        for (int from = 0; from < entries.size(); from += REQUEST) {
            List<Entry> some = entries.subList(from, Math.min(entries.size(), from + REQUEST));
            insert(some.stream().map(MongoEventIndex::document).toList());
        }
    }

    private static Document document(Entry entry) {
        return new Document("_id", entry.place().position())
                .append("commit", entry.place().commit())
                .append("actor", entry.actor())
                .append("type", entry.type())
                .append("issue", entry.issueId());
    }

    /** A document that is there already is the same: events do not change. */
    private void insert(List<Document> documents) {
        try {
            collection.insertMany(documents, new InsertManyOptions().ordered(false));
        } catch (MongoBulkWriteException e) {
            if (e.getWriteConcernError() != null
                    || e.getWriteErrors().stream()
                            .anyMatch(error -> error.getCategory() != ErrorCategory.DUPLICATE_KEY)) {
                throw e;
            }
        }
    }

    @Override
    public List<Entry> entries(long after, long to) {
        List<Entry> entries = new ArrayList<>();
        collection
                .find(and(gt("_id", after), lte("_id", to)))
                .sort(ascending("_id"))
                .forEach(document -> {
                    Place place = new Place(document.getLong("_id"), document.getLong("commit"));
                    entries.add(new Entry(
                            place,
                            document.getString("actor"),
                            document.getString("type"),
                            document.getString("issue")));
                });
        return entries;
    }

    @Override
    public List<Place> find(EventFilter filter, long after, long end, int limit) {
        List<Bson> conditions = new ArrayList<>();
        add(conditions, "actor", filter.actor());
        add(conditions, "type", filter.type());
        add(conditions, "issue", filter.issueId());
        conditions.add(gt("_id", after));
        conditions.add(lte("_id", end));
        List<Place> places = new ArrayList<>();
        collection
                .find(and(conditions))
                .projection(new Document("commit", 1))
                .sort(ascending("_id"))
                .limit(limit)
                .forEach(document -> places.add(new Place(document.getLong("_id"), document.getLong("commit"))));
        return places;
    }

    private static void add(List<Bson> conditions, String field, @Nullable String value) {
        if (value != null) {
            conditions.add(eq(field, value));
        }
    }
}
