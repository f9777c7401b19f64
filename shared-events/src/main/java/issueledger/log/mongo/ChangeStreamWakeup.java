package issueledger.log.mongo;

import static com.mongodb.client.model.Aggregates.match;
import static com.mongodb.client.model.Aggregates.project;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Projections.include;

import com.mongodb.MongoException;
import com.mongodb.client.MongoChangeStreamCursor;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import issueledger.log.BackgroundThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wakes the head watcher on appends of any process. An optimisation only: without it the poll finds them. */
final class ChangeStreamWakeup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeStreamWakeup.class);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private static final Duration ENDING = Duration.ofSeconds(2);

    private final MongoCollection<Document> commits;
    private final Runnable hint;
    private final BackgroundThread thread;
    private volatile boolean closed;

    ChangeStreamWakeup(MongoCollection<Document> commits, Runnable hint) {
        this.commits = commits;
        this.hint = hint;
        this.thread = new BackgroundThread("log-hint", this::run);
    }

    private void run() {
        while (!closed) {
            try (MongoChangeStreamCursor<ChangeStreamDocument<Document>> changes = commits.watch(
                            List.of(match(eq("operationType", "insert")), project(include("_id"))))
                    .maxAwaitTime(1, TimeUnit.SECONDS)
                    .cursor()) {
                while (!closed) {
                    // One wake-up for all changes that arrived together.
                    if (changes.tryNext() != null && changes.available() == 0) {
                        hint.run();
                    }
                }
            } catch (MongoException e) {
                if (!closed) {
                    LOG.debug("no change stream, the log is polled: {}", e.getMessage());
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            closed = true; // Only close() interrupts.
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        thread.awaitEnd(ENDING); // The caller may close the client next.
    }
}
