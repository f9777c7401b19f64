package issueledger.log.mongo;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.UpdateOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bson.Document;

/**
 * Fairness between processes: losers of a race register here; the others skip a turn. Without it the last winner, which knows the new head
 * first, would win again.
 *
 * <p>Correctness does not depend on it: a late look only costs other processes time.
 */
final class AppenderFairness {
    private static final String APPENDERS = "appenders";
    private static final String LOST = "lost";

    /** Interval between two looks; they stop {@link #AT_REST} after the last batch. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final Duration AT_REST = Duration.ofSeconds(1);

    /** Entries of ended processes are deleted after this time. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final MongoCollection<Document> appenders;
    private final Clock clock;
    private final String me = UUID.randomUUID().toString();
    private boolean indexed;

    /** The lost races of each other appender as last seen. */
    private final Map<String, Long> seen = new HashMap<>();

    private final AtomicBoolean othersWait = new AtomicBoolean();
    private long lastLook = System.nanoTime();
    private volatile long lastBatch = System.nanoTime();

    AppenderFairness(MongoDatabase database, Clock clock) {
        this.appenders = database.getCollection(APPENDERS)
                .withReadPreference(ReadPreference.primary())
                .withReadConcern(ReadConcern.LOCAL)
                .withWriteConcern(WriteConcern.W1);
        this.clock = clock;
    }

    /** Registers a lost race. On the appender's thread. */
    void lost() {
        if (!indexed) {
            appenders.createIndex(
                    Indexes.ascending("at"), new IndexOptions().expireAfter(KEPT.toSeconds(), TimeUnit.SECONDS));
            indexed = true;
        }
        appenders.updateOne(
                eq("_id", me),
                combine(inc(LOST, 1L), set("at", Date.from(clock.instant()))),
                new UpdateOptions().upsert(true));
    }

    /** True if another process is known to have lost a race since the last call. On the appender's thread, before each batch. */
    boolean othersWait() {
        lastBatch = System.nanoTime();
        return othersWait.getAndSet(false);
    }

    /** Reads the other processes' lost races, if this one appends and the interval is over. On one thread. */
    void look() {
        long now = System.nanoTime();
        if (now - lastBatch > AT_REST.toNanos() || now - lastLook < LOOK.toNanos()) {
            return;
        }
        for (Document other : appenders.find(ne("_id", me))) {
            Long lost = other.getLong(LOST);
            if (!lost.equals(seen.put(other.getString("_id"), lost))) {
                othersWait.set(true);
            }
        }
        lastLook = System.nanoTime();
    }
}
