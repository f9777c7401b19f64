package issueledger.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import issueledger.axon.EventLogStorageEngine;
import issueledger.axon.EventSerializer;
import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.NoteKind;
import issueledger.log.EventLog;
import issueledger.log.StoppedClock;
import issueledger.log.mongo.MongoEventLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.extensions.mongo.DefaultMongoTemplate;
import org.axonframework.extensions.mongo.eventsourcing.eventstore.MongoEventStorageEngine;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Why the log on MongoDB is our own: what Axon's extension does with its defaults, and that ours does not. A test of Axon's that
 * fails says that a hazard is gone, and docs/decisions/0007 needs a second look.
 */
@Tag("by-name")
class HazardsOfAxonsMongoEngineTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    private static MongoServer server;
    private static MongoClient client;

    private final MongoDatabase database = client.getDatabase("hazards-" + UUID.randomUUID());
    private final List<EventLog> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = new MongoServer(new MemoryBackend());
        client = MongoClients.create("mongodb://127.0.0.1:" + server.bind().getPort());
    }

    @AfterAll
    static void stop() {
        client.close();
        server.shutdownNow();
    }

    @AfterEach
    void close() {
        opened.forEach(EventLog::close);
    }

    @Test
    void axons_tracker_never_reads_a_commit_that_lands_later_than_its_look_back_window() {
        EventStorageEngine engine = axons();
        Tracker tracker = new Tracker(engine);
        DomainEventMessage<?> slow = note("slow", 0, NOON);
        engine.appendEvents(note("swift", 0, NOON.plusSeconds(2)));
        assertThat(tracker.reads()).containsExactly("swift/0");

        engine.appendEvents(slow); // Its commit took 2 s: a pause, a retry, a slow disk.
        assertThat(tracker.reads()).isEmpty();
        engine.appendEvents(note("swift", 1, NOON.plusSeconds(3)));

        assertThat(tracker.reads()).containsExactly("swift/1");
        assertThat(new Tracker(engine).reads()).containsExactly("slow/0", "swift/0", "swift/1");
    }

    @Test
    void our_tracker_reads_a_commit_that_lands_late() {
        EventStorageEngine engine = ours(new StoppedClock(NOON));
        Tracker tracker = new Tracker(engine);
        DomainEventMessage<?> slow = note("slow", 0, NOON);
        engine.appendEvents(note("swift", 0, NOON.plusSeconds(2)));
        assertThat(tracker.reads()).containsExactly("swift/0");

        engine.appendEvents(slow);

        assertThat(tracker.reads()).containsExactly("slow/0");
    }

    @Test
    void axons_tracker_skips_ten_minutes_of_the_others_after_one_event_of_a_clock_that_is_ten_minutes_fast() {
        EventStorageEngine engine = axons();
        Tracker tracker = new Tracker(engine);
        engine.appendEvents(note("fast", 0, NOON.plus(Duration.ofMinutes(10))));
        assertThat(tracker.reads()).containsExactly("fast/0");

        for (int minute = 0; minute <= 10; minute++) {
            engine.appendEvents(note("right", minute, NOON.plus(Duration.ofMinutes(minute))));
            if (minute < 10) {
                assertThat(tracker.reads()).as("after %d minutes", minute).isEmpty();
            }
        }

        assertThat(tracker.reads()).containsExactly("right/10");
        assertThat(new Tracker(engine).reads()).hasSize(12);
    }

    @Test
    void our_tracker_reads_the_others_after_an_event_of_a_clock_that_is_ten_minutes_fast() {
        EventStorageEngine fast = ours(new StoppedClock(NOON.plus(Duration.ofMinutes(10))));
        EventStorageEngine right = ours(new StoppedClock(NOON));
        Tracker tracker = new Tracker(right);
        fast.appendEvents(note("fast", 0, NOON.plus(Duration.ofMinutes(10))));
        assertThat(tracker.reads()).containsExactly("fast/0");

        right.appendEvents(note("right", 0, NOON));

        assertThat(tracker.reads()).containsExactly("right/0");
    }

    @Test
    void axons_append_that_is_refused_leaves_its_first_event_behind() {
        EventStorageEngine engine = axons();
        appendOneThatIsRefusedForItsSecondEvent(engine);

        assertThat(new Tracker(engine).reads()).containsExactly("free/0", "taken/0", "free/1", "taken/1");
    }

    @Test
    void our_append_that_is_refused_leaves_nothing_behind() {
        EventStorageEngine engine = ours(new StoppedClock(NOON));
        appendOneThatIsRefusedForItsSecondEvent(engine);

        assertThat(new Tracker(engine).reads()).containsExactly("free/0", "taken/0", "taken/1");
    }

    private static void appendOneThatIsRefusedForItsSecondEvent(EventStorageEngine engine) {
        engine.appendEvents(note("free", 0, NOON));
        engine.appendEvents(note("taken", 0, NOON.plusMillis(1)));
        engine.appendEvents(note("taken", 1, NOON.plusMillis(3)));
        assertThatThrownBy(() ->
                        engine.appendEvents(note("free", 1, NOON.plusMillis(2)), note("taken", 1, NOON.plusMillis(2))))
                .isInstanceOf(ConcurrencyException.class);
    }

    private EventStorageEngine axons() {
        return MongoEventStorageEngine.builder()
                .mongoTemplate(
                        DefaultMongoTemplate.builder().mongoDatabase(database).build())
                .eventSerializer(EventSerializer.create())
                .snapshotSerializer(EventSerializer.create())
                .build();
    }

    private EventStorageEngine ours(StoppedClock clock) {
        EventLog log = MongoEventLog.open(database, "The MongoDB database", clock);
        opened.add(log);
        return EventLogStorageEngine.builder(log).build();
    }

    private static DomainEventMessage<?> note(String issue, long sequence, Instant at) {
        return new GenericDomainEventMessage<>(
                "Issue",
                issue,
                sequence,
                new NoteRecorded(sequence + 1, NoteKind.PROGRESS, "going on"),
                MetaData.emptyInstance(),
                issue + "-" + sequence,
                at);
    }

    /** Reads on from its token, as a streaming processor does. */
    private static final class Tracker {
        private final EventStorageEngine engine;
        private @Nullable TrackingToken token;

        Tracker(EventStorageEngine engine) {
            this.engine = engine;
        }

        /** New events, as issue/sequence. */
        List<String> reads() {
            List<String> read = new ArrayList<>();
            engine.readEvents(token, false).forEach(event -> {
                token = ((TrackedEventMessage<?>) event).trackingToken();
                DomainEventMessage<?> note = (DomainEventMessage<?>) event;
                read.add(note.getAggregateIdentifier() + "/" + note.getSequenceNumber());
            });
            return read;
        }
    }
}
