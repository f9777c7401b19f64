package issueledger.projections;

import static com.mongodb.client.model.Filters.eq;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Sorts;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

/** Processors' tokens in the collection {@code processors}; the feeds' are in {@code tokens}. */
final class MongoProcessorTokens implements ProcessorTokens {
    private final MongoCollection<Document> processors;

    MongoProcessorTokens(MongoDatabase database) {
        this.processors = database.getCollection("processors");
    }

    @Override
    public List<Row> rows(String processor) {
        return processors
                .find(eq("processor", processor))
                .sort(Sorts.ascending("segment"))
                .map(row -> new Row(
                        processor,
                        row.getInteger("segment"),
                        row.getString("token"),
                        row.getString("type"),
                        row.getString("owner"),
                        row.getLong("at"),
                        row.getInteger("erasures")))
                .into(new ArrayList<>());
    }

    @Override
    public boolean insert(Row row) {
        try {
            processors.insertOne(document(row));
            return true;
        } catch (MongoWriteException e) {
            if (e.getError().getCategory() != ErrorCategory.DUPLICATE_KEY) {
                throw e;
            }
            return false;
        }
    }

    @Override
    public boolean replace(Row from, Row to) {
        return processors.replaceOne(document(from), document(to)).getMatchedCount() == 1;
    }

    @Override
    public boolean delete(Row row) {
        return processors.deleteOne(document(row)).getDeletedCount() == 1;
    }

    private static Document document(Row row) {
        return new Document("_id", row.processor() + "/" + row.segment())
                .append("processor", row.processor())
                .append("segment", row.segment())
                .append("token", row.token())
                .append("type", row.type())
                .append("owner", row.owner())
                .append("at", row.at())
                .append("erasures", row.erasures());
    }
}
