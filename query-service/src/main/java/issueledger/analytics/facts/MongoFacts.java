package issueledger.analytics.facts;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Indexes.ascending;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.bson.Document;
import org.bson.types.Binary;

/** Facts in a MongoDB collection: a document an issue. */
final class MongoFacts implements FactsStore {
    /** Issues per request. */
    private static final int REQUEST = 1_000;

    private final MongoCollection<Document> collection;

    MongoFacts(MongoCollection<Document> collection) {
        this.collection = collection;
        collection.createIndex(ascending("write"));
    }

    @Override
    public long read(long fromWrite, UnaryOperator<String> shared, Consumer<IssueFacts> each) {
        long last = fromWrite;
        for (Document document : collection.find(fromWrite > 0 ? gte("write", fromWrite) : new Document())) {
            each.accept(stored(document).facts(shared));
            last = Math.max(last, document.getLong("write"));
        }
        return last;
    }

    @Override
    public Map<String, IssueFacts> load(Collection<String> ids, UnaryOperator<String> shared) {
        Map<String, IssueFacts> found = new HashMap<>();
        List<String> all = List.copyOf(ids);
        for (int from = 0; from < all.size(); from += REQUEST) {
            for (Document document :
                    collection.find(in("_id", all.subList(from, Math.min(all.size(), from + REQUEST))))) {
                found.put(document.getString("_id"), stored(document).facts(shared));
            }
        }
        return found;
    }

    @Override
    public List<StoredFacts> after(String id, int limit) {
        List<StoredFacts> found = new ArrayList<>();
        for (Document document :
                collection.find(gt("_id", id)).sort(ascending("_id")).limit(limit)) {
            found.add(stored(document));
        }
        return found;
    }

    @Override
    public Optional<StoredFacts> found(String id) {
        return Optional.ofNullable(collection.find(eq("_id", id)).first()).map(MongoFacts::stored);
    }

    private static StoredFacts stored(Document document) {
        byte[] facts = document.get("facts", Binary.class).getData();
        return new StoredFacts(document.getString("_id"), facts, document.getInteger("crc", 0));
    }

    @Override
    public void write(Collection<IssueFacts> issues, long write) {
        List<IssueFacts> all = List.copyOf(issues);
        for (int from = 0; from < all.size(); from += REQUEST) {
            bulkWrite(all.subList(from, Math.min(all.size(), from + REQUEST)), write);
        }
    }

    /** A later write is not replaced: another process holds the lease then. */
    private void bulkWrite(List<IssueFacts> issues, long write) {
        List<ReplaceOneModel<Document>> writes = issues.stream()
                .map(issue -> new ReplaceOneModel<>(
                        new Document("_id", issue.id()).append("write", new Document("$lt", write)),
                        document(issue, write),
                        new ReplaceOptions().upsert(true)))
                .toList();
        try {
            collection.bulkWrite(writes, new BulkWriteOptions().ordered(false));
        } catch (MongoBulkWriteException e) {
            if (e.getWriteConcernError() != null
                    || e.getWriteErrors().stream()
                            .anyMatch(error -> error.getCategory() != ErrorCategory.DUPLICATE_KEY)) {
                throw e;
            }
        }
    }

    private static Document document(IssueFacts issue, long write) {
        StoredFacts stored = StoredFacts.of(issue);
        return new Document("_id", issue.id())
                .append("write", write)
                .append("facts", new Binary(stored.bytes()))
                .append("crc", stored.checksum());
    }
}
