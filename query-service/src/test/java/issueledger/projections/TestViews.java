package issueledger.projections;

import com.mongodb.client.MongoDatabase;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A projection's views in a store of either kind, fed by the test. */
public final class TestViews implements AutoCloseable {
    private final Filling filling;
    private final Projection projection;
    private final Feed feed;
    private final ViewStore store;

    private TestViews(Projection projection, ViewStore store, Clock clock) {
        this(projection, store, store.feed(projection.storedAs()), clock);
    }

    private TestViews(Projection projection, ViewStore store, Feed feed, Clock clock) {
        this.projection = projection;
        this.feed = feed;
        this.store = store;
        while (!feed.acquire()) {
            Thread.onSpinWait();
        }
        Generation served = feed.served();
        if (served == null) {
            served = feed.begin();
            feed.serve(served);
        }
        this.filling = new Filling(projection, served, clock);
        projection.serve(filling.model());
    }

    /** Goes on with the views of the folder, if it has some. */
    public static TestViews sqlite(Projection projection, Path folder, Clock clock) {
        return new TestViews(projection, new SqliteViewStore(folder, clock), clock);
    }

    public static TestViews mongo(Projection projection, MongoDatabase database, Clock clock) {
        return new TestViews(projection, new MongoViewStore(database), clock);
    }

    /** The same views, opened by another projection. */
    public TestViews again(Projection other, Clock clock) {
        return new TestViews(other, store, feed, clock);
    }

    /** Ends this process. */
    @Override
    public void close() {
        feed.release();
        store.close();
    }

    public void apply(List<RecordedEvent> events) {
        if (!filling.apply(events, 0)) {
            throw new IllegalStateException("another process feeds these views");
        }
    }

    /** Makes what readers need. */
    public void prepareForReaders() {
        filling.model().prepareForReaders();
        projection.serve(filling.model());
    }

    public long retry(EventLog log) {
        return filling.retry(log);
    }

    public Generation generation() {
        return filling.generation();
    }

    public List<Generation.Parked> parked() {
        return filling.generation().parked(0, 1_000);
    }

    public long parkedCount() {
        return filling.parked();
    }

    public @Nullable Long parkedAt(String issue) {
        return filling.parkedAt(issue);
    }
}
