package issueledger.issues;

import static com.mongodb.client.model.Filters.eq;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.ReplaceOptions;
import issueledger.log.RecordedEvent;
import issueledger.projections.Views;
import java.time.Clock;
import org.bson.Document;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Events that could not be folded, and the later events of their issues. */
@Component
class Parked {
    private static final Logger LOG = LoggerFactory.getLogger(Parked.class);

    private final MongoCollection<Document> collection;
    private final Clock clock;

    Parked(Views views, Clock clock) {
        this.clock = clock;
        this.collection = views.database().getCollection(Issues.STORED_AS + "-parked");
    }

    /** Parks an event; idempotent. */
    void park(RecordedEvent event, String error) {
        LOG.error("parked event {} ({} of issue {}): {}", event.position(), event.type(), event.stream(), error);
        collection.replaceOne(
                eq("_id", event.position()),
                new Document("_id", event.position())
                        .append("issueId", event.stream())
                        .append("type", event.type())
                        .append("error", error)
                        .append("at", clock.millis()),
                new ReplaceOptions().upsert(true));
    }

    long count() {
        return collection.countDocuments();
    }
}
