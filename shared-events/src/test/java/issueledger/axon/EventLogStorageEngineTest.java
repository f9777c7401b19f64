package issueledger.axon;

import static issueledger.log.LogExamples.appended;
import static issueledger.log.LogExamples.commit;
import static issueledger.log.LogExamples.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.NoteKind;
import issueledger.log.AppendResult.Appended;
import issueledger.log.EventLog;
import issueledger.log.NewEvent;
import issueledger.log.NotInTime;
import issueledger.log.RecordedEvent;
import issueledger.log.StoppedClock;
import issueledger.log.sqlite.SqliteEventLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventMessageHandler;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventLogStorageEngineTest {
    private static final Instant NOW = Instant.parse("2026-02-14T09:30:00.000Z");

    @TempDir
    Path folder;

    private final StoppedClock clock = new StoppedClock(NOW);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private EventLog log;
    private Notebooks notebooks;

    @BeforeEach
    void open() {
        log = openLog();
        notebooks = openNotebooks(log);
    }

    private EventLog openLog() {
        EventLog one = SqliteEventLog.open(folder.resolve("events.db"), clock);
        opened.addFirst(one);
        return one;
    }

    private Notebooks openNotebooks(EventLog on) {
        Notebooks some = new Notebooks(on);
        opened.addFirst(some);
        return some;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void an_aggregate_is_stored_under_stable_names_and_loaded_by_another_process() {
        notebooks.begin("slow-orders");
        notebooks.note("slow-orders", "going on");

        assertThat(log.read(0, 10))
                .extracting(
                        RecordedEvent::type, RecordedEvent::revision, RecordedEvent::payload, RecordedEvent::metadata)
                .containsExactly(
                        tuple(
                                "NoteRecorded",
                                "1",
                                "{\"note\":1,\"kind\":\"PROGRESS\",\"text\":\"begun\"}",
                                "{\"actor\":\"ada\"}"),
                        tuple(
                                "NoteRecorded",
                                "1",
                                "{\"note\":2,\"kind\":\"PROGRESS\",\"text\":\"going on\"}",
                                "{\"actor\":\"ada\"}"));
        assertThat(openNotebooks(openLog()).load("slow-orders").notes).containsExactly("begun", "going on");
    }

    @Test
    void an_event_carries_the_logs_time_and_not_its_makers() {
        notebooks.begin("slow-orders");

        assertThat(notebooks.store.readEvents("slow-orders").next().getTimestamp())
                .isEqualTo(NOW);
    }

    @Test
    void one_unit_of_work_is_one_commit_and_knows_where_it_was_appended() {
        Appended appended =
                notebooks.begin(MetaData.with("actor", "ada"), "one", "two").orElseThrow();

        assertThat(List.of(appended.first(), appended.last())).containsExactly(1L, 2L);
        assertThat(log.read(0, 10)).extracting(RecordedEvent::stream).containsExactly("one", "two");
        assertThat(log.read(0, 10)).extracting(RecordedEvent::commit).containsOnly(1L);
        assertThat(log.head().hash()).isEqualTo(appended.hash());
        assertThat(notebooks.confirm("one")).isEmpty();
    }

    @Test
    void the_loser_of_a_race_gets_a_concurrency_exception_and_appends_nothing() {
        Notebooks others = openNotebooks(openLog());
        notebooks.begin("slow-orders");

        assertThatThrownBy(() -> notebooks.change("slow-orders", (notebook, metadata) -> {
                    CompletableFuture.runAsync(() -> others.note("slow-orders", "first"))
                            .join();
                    notebook.note("second", metadata);
                }))
                .isInstanceOf(ConcurrencyException.class)
                .hasMessage("event 1 of slow-orders was to come where 2 is next");

        assertThat(notebooks.load("slow-orders").notes).containsExactly("begun", "first");
        notebooks.note("slow-orders", "second");
        assertThat(others.load("slow-orders").notes).containsExactly("begun", "first", "second");
    }

    @Test
    void an_idempotency_key_comes_from_the_metadata_and_is_taken_once() {
        MetaData metadata = MetaData.with("actor", "ada").and("idempotencyKey", "k-1");
        notebooks.begin(metadata, "one");

        assertThat(log.findByIdempotencyKey("ada", "k-1")).isPresent();
        assertThatThrownBy(() -> notebooks.begin(metadata, "two")).isInstanceOf(ConcurrencyException.class);
        assertThat(log.head().position()).isEqualTo(1);
    }

    @Test
    void what_is_no_event_of_an_aggregate_is_refused() {
        EventMessage<?> loose = GenericEventMessage.asEventMessage(new NoteRecorded(1, NoteKind.DECISION, "no issue"));

        assertThatThrownBy(() -> notebooks.engine.appendEvents(loose))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("events of aggregates only");
        assertThat(log.head().position()).isZero();
    }

    @Test
    void a_snapshot_saves_the_events_before_it_and_hides_none_after_it() {
        fill(notebooks);
        assertThat(notebooks.engine.readSnapshot("slow-orders"))
                .hasValueSatisfying(s -> assertThat(s.getSequenceNumber()).isEqualTo(4));
        openNotebooks(openLog()).note("slow-orders", "by another process");

        Notebook loaded = notebooks.load("slow-orders");

        assertThat(loaded.notes).containsExactly("begun", "note 2", "note 3", "note 4", "note 5", "by another process");
        assertThat(loaded.sourced()).isEqualTo(1);
    }

    @Test
    void an_attempt_does_not_read_what_came_after_a_snapshot_and_its_append_is_refused() {
        fill(notebooks);
        assertThat(notebooks.noteOptimistically("slow-orders", "right, but no snapshot"))
                .isPresent();

        assertThatThrownBy(() -> notebooks.noteOptimistically("slow-orders", "wrong"))
                .isInstanceOf(ConcurrencyException.class)
                .hasMessage("event 5 of slow-orders was to come where 6 is next");

        // The next attempts read the log for a while.
        notebooks.noteOptimistically("slow-orders", "right");
        assertThat(notebooks.load("slow-orders").notes)
                .containsExactly("begun", "note 2", "note 3", "note 4", "note 5", "right, but no snapshot", "right");
    }

    @Test
    void an_attempt_that_appends_nothing_stands_only_if_the_log_has_nothing_new() {
        fill(notebooks);
        assertThat(notebooks.confirm("slow-orders")).isEmpty();
        openNotebooks(openLog()).note("slow-orders", "by another process");

        assertThatThrownBy(() -> notebooks.confirm("slow-orders"))
                .isInstanceOf(ConcurrencyException.class)
                .hasMessage("event 5 of slow-orders is another writer's");

        assertThat(notebooks.confirm("slow-orders")).isEmpty(); // Read from the log.
    }

    /** As many notes as make a snapshot. */
    private static void fill(Notebooks notebooks) {
        notebooks.begin("slow-orders");
        for (int i = 2; i <= Notebooks.SNAPSHOT_EVERY; i++) {
            notebooks.note("slow-orders", "note " + i);
        }
    }

    @Test
    @Tag("full")
    void a_unit_of_work_that_has_waited_for_too_long_does_not_begin_to_read() {
        notebooks.begin("slow-orders");
        assertThatThrownBy(() -> Notebooks.attempt(attempt -> {
                    pass(Duration.ofMillis(3_900)); // As one does whose aggregate is locked by others.
                    notebooks.load("slow-orders");
                }))
                .isInstanceOf(NotInTime.class)
                .hasMessageContaining("those before it on slow-orders still wait for the log");
    }

    private static void pass(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void an_attempt_without_a_snapshot_reads_a_stream_of_many_pages() {
        Notebooks others = openNotebooks(openLog());
        others.begin("slow-orders");
        for (int i = 2; i <= 250; i++) {
            others.note("slow-orders", "note " + i);
        }

        notebooks.noteOptimistically("slow-orders", "note 251");

        assertThat(others.load("slow-orders").notes).hasSize(251);
    }

    @Test
    void a_snapshot_never_replaces_a_newer_one() {
        notebooks.engine.storeSnapshot(snapshot(9));
        notebooks.engine.storeSnapshot(snapshot(4));
        assertThat(notebooks.engine.readSnapshot("slow-orders").orElseThrow().getSequenceNumber())
                .isEqualTo(9);

        notebooks.engine.storeSnapshot(snapshot(14));
        assertThat(notebooks.engine.readSnapshot("slow-orders").orElseThrow().getSequenceNumber())
                .isEqualTo(14);
    }

    private static GenericDomainEventMessage<Notebook> snapshot(long sequence) {
        return new GenericDomainEventMessage<>("Issue", "slow-orders", sequence, new Notebook());
    }

    @Test
    void the_last_sequence_number_is_that_of_the_streams_end() {
        assertThat(notebooks.engine.lastSequenceNumberFor("slow-orders")).isEmpty();
        appended(
                log,
                commit(IntStream.range(0, 250)
                        .mapToObj(i -> note("slow-orders", i))
                        .toArray(NewEvent[]::new)));

        assertThat(notebooks.engine.lastSequenceNumberFor("slow-orders")).hasValue(249L);
    }

    @Test
    void tokens_are_positions() {
        notebooks.begin("one");
        clock.set(NOW.plusSeconds(1));
        notebooks.begin("two");
        notebooks.begin("three");

        assertThat(notebooks.engine.createTailToken()).isNull();
        assertThat(notebooks.engine.createHeadToken()).isEqualTo(new GlobalSequenceTrackingToken(3));
        assertThat(notebooks.engine.createTokenAt(NOW)).isEqualTo(new GlobalSequenceTrackingToken(0));
        assertThat(notebooks.engine.createTokenAt(NOW.plusMillis(1))).isEqualTo(new GlobalSequenceTrackingToken(1));
        assertThat(notebooks.engine.createTokenAt(NOW.plusSeconds(1))).isEqualTo(new GlobalSequenceTrackingToken(1));
        assertThat(notebooks.engine.createTokenAt(NOW.plusSeconds(9))).isEqualTo(new GlobalSequenceTrackingToken(3));
        assertThat(notebooks.engine.readEvents(new GlobalSequenceTrackingToken(1), false))
                .extracting(message -> ((TrackedEventMessage<?>) message).trackingToken())
                .containsExactly(new GlobalSequenceTrackingToken(2), new GlobalSequenceTrackingToken(3));
    }

    @Test
    void a_streaming_processor_sees_everything_once_in_order() throws Exception {
        int before = 320;
        int during = 60;
        int writers = 3;
        int total = before + writers * during;
        appended(
                log,
                commit(IntStream.range(0, before)
                        .mapToObj(i -> note("before", i))
                        .toArray(NewEvent[]::new)));
        List<Long> seen = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(total);
        EventMessageHandler handler = event -> {
            seen.add(((TrackedEventMessage<?>) event).trackingToken().position().orElseThrow());
            all.countDown();
            return null;
        };
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
        PooledStreamingEventProcessor processor = PooledStreamingEventProcessor.builder()
                .name("everything")
                .eventHandlerInvoker(SimpleEventHandlerInvoker.builder()
                        .eventHandlers(handler)
                        .build())
                .messageSource(notebooks.store)
                .tokenStore(new InMemoryTokenStore())
                .initialToken(StreamableMessageSource::createTailToken)
                .transactionManager(NoTransactionManager.INSTANCE)
                .coordinatorExecutor(threads)
                .workerExecutor(threads)
                .initialSegmentCount(1)
                .batchSize(100)
                .build();
        try (ExecutorService writing = Executors.newCachedThreadPool()) {
            processor.start();
            Notebooks others = openNotebooks(openLog());
            List<Future<?>> running = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                Notebooks by = w == 0 ? others : notebooks;
                String id = "writer-" + w;
                running.add(writing.submit(() -> {
                    by.begin(id);
                    for (int i = 1; i < during; i++) {
                        by.note(id, "note " + i);
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
            assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            processor.shutDown();
            threads.shutdown();
        }

        assertThat(seen).isEqualTo(LongStream.rangeClosed(1, total).boxed().toList());
    }

    @Test
    void an_event_of_an_unknown_type_is_an_error_and_not_passed_by() {
        notebooks.begin("slow-orders");
        appended(log, commit(new NewEvent("x", "slow-orders", 1, "IssueExploded", "1", "{}", "{\"actor\":\"ada\"}")));
        appended(log, commit(note("slow-orders", 2)));

        assertThatThrownBy(() -> notebooks.load("slow-orders"))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("IssueExploded");
        assertThatThrownBy(() -> notebooks
                        .engine
                        .readEvents(null, false)
                        .map(EventMessage::getPayload)
                        .toList())
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("IssueExploded");
    }

    @Test
    void an_event_of_a_later_revision_is_an_error_too() {
        appended(
                log,
                commit(new NewEvent("x", "slow-orders", 0, "NoteRecorded", "2", "{\"any\":1}", "{\"actor\":\"a\"}")));

        assertThatThrownBy(() -> notebooks.load("slow-orders"))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("NoteRecorded of revision 2");
    }
}
