package issueledger.analytics.facts;

import com.mongodb.client.MongoDatabase;
import issueledger.axon.EventReader;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.log.Commitments;
import issueledger.log.RecordedEvent;
import issueledger.projections.TestViews;
import issueledger.query.Recorder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Histories that a test tells, and the facts that are folded from them. */
public final class Told implements AutoCloseable {
    private static final Commitments SALTED = new Commitments("0".repeat(32), "0".repeat(32), null, null);

    private final Function<AnalyticsProjection, TestViews> store;
    private final Map<String, Long> versions = new HashMap<>();
    private final List<RecordedEvent> events = new ArrayList<>();
    private AnalyticsProjection projection = new AnalyticsProjection(new EventReader(List.of()));
    private TestViews views;
    private int applied;

    private Told(Function<AnalyticsProjection, TestViews> store) {
        this.store = store;
        this.views = store.apply(projection);
    }

    public static Told sqlite(Path folder) {
        return new Told(projection -> TestViews.sqlite(projection, folder, Clock.systemUTC()));
    }

    public static Told mongo(MongoDatabase database) {
        return new Told(projection -> TestViews.mongo(projection, database, Clock.systemUTC()));
    }

    /** Events that are recorded when they happen. */
    public Told at(String time, String issue, IssueEvent... happened) {
        return late(time, null, issue, null, happened);
    }

    /** Events that are recorded at one time and happened at another. */
    public Told late(
            String recordedAt,
            @Nullable String effectiveAt,
            String issue,
            @Nullable String reason,
            IssueEvent... happened) {
        Instant effective = effectiveAt == null ? null : Instant.parse(effectiveAt);
        for (IssueEvent event : happened) {
            add(
                    recordedAt,
                    issue,
                    EventJson.typeOf(event.getClass()),
                    EventJson.write(event),
                    Recorder.metadata("ada", reason, effective));
        }
        return this;
    }

    public Told add(String recordedAt, String issue, String type, String payload, String metadata) {
        long version = versions.merge(issue, 1L, Long::sum);
        events.add(new RecordedEvent(
                events.size() + 1L,
                "e-" + events.size(),
                issue,
                version - 1,
                type,
                "1",
                Instant.parse(recordedAt),
                payload,
                metadata,
                events.size() + 1L,
                events.size() + 1L,
                "0".repeat(64),
                SALTED,
                null,
                null,
                null));
        return this;
    }

    /** Folds what is not folded yet, in batches. */
    public Told fold(int batch) {
        while (applied < events.size()) {
            int end = Math.min(events.size(), applied + batch);
            views.apply(events.subList(applied, end));
            applied = end;
        }
        return this;
    }

    /** Delivers the last events again, as after a crash. */
    public Told again(int last) {
        views.apply(events.subList(events.size() - last, events.size()));
        return this;
    }

    /** Another process goes on with the same views. */
    public Told restart() {
        return restart(Long.MAX_VALUE);
    }

    /** @param mostBytes of heap that the process has for facts */
    Told restart(long mostBytes) {
        views.close();
        projection = new AnalyticsProjection(new EventReader(List.of()), mostBytes);
        views = store.apply(projection);
        return this;
    }

    public TestViews views() {
        return views;
    }

    public List<RecordedEvent> events() {
        return events;
    }

    /** The facts after all events. */
    public Facts facts() {
        fold(1_000);
        return Objects.requireNonNull(projection.served());
    }

    boolean isOverfull() {
        fold(1_000);
        return projection.isOverfull();
    }

    public List<IssueFacts> issues() {
        return facts().stream().toList();
    }

    @Override
    public void close() {
        views.close();
    }
}
