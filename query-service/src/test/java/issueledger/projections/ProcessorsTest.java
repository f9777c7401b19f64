package issueledger.projections;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.IssueEvent;
import issueledger.log.ErasureOrder;
import issueledger.log.EventLog;
import issueledger.log.sqlite.SqliteErasing;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.query.QueryService;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An Axon event handler in the query service. */
@Tag("full")
class ProcessorsTest {
    private static final List<String> HANDLED = new CopyOnWriteArrayList<>();

    private final Path folder = QueryServiceTest.directory();
    private EventLog log = SqliteEventLog.open(folder.resolve("events.db"), Clock.systemUTC());
    private Recorder recorder = new Recorder(log);

    /** Not a {@code @Component}: the scan would give it to every test. */
    @ProcessingGroup("actors")
    static class Actors {
        @EventHandler
        void on(IssueEvent event, @MetaDataValue("actor") String actor, TrackingToken token) {
            HANDLED.add(token.position().orElseThrow() + " " + actor + " "
                    + event.getClass().getSimpleName());
        }

        @ResetHandler
        void reset() {
            HANDLED.add("reset");
        }
    }

    static class Upcasters {
        /** Revision 0 of a note called its text a remark. */
        @Bean
        SingleEventUpcaster remarks() {
            return new SingleEventUpcaster() {
                @Override
                protected boolean canUpcast(IntermediateEventRepresentation event) {
                    return event.getType().equals(new SimpleSerializedType("NoteRecorded", "0"));
                }

                @Override
                protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
                    return event.upcastPayload(
                            new SimpleSerializedType("NoteRecorded", "1"), JsonNode.class, payload -> {
                                ObjectNode note = (ObjectNode) payload;
                                note.set("text", note.remove("remark"));
                                return note;
                            });
                }
            };
        }
    }

    @AfterEach
    void closeTheLog() {
        HANDLED.clear();
        log.close();
    }

    private ConfigurableApplicationContext start(Class<?>... more) {
        List<Class<?>> sources = new ArrayList<>(List.of(QueryService.class));
        sources.addAll(List.of(more));
        return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
                .run("--server.port=0", "--issue-ledger.data-dir=" + folder);
    }

    private static void awaitHandled(int events) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (HANDLED.size() < events && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertThat(HANDLED).hasSize(events);
    }

    @Test
    void a_handler_gets_past_and_live_events_through_the_upcasters_and_goes_on_after_a_restart() throws Exception {
        recorder.record("i-1", OPENED);
        recorder.recordText(
                "i-1",
                "NoteRecorded",
                "0",
                "{\"note\":1,\"kind\":\"PROGRESS\",\"remark\":\"begun\"}",
                Recorder.metadata("bo", null, null));
        ConfigurableApplicationContext first = start(Actors.class, Upcasters.class);
        awaitHandled(3);
        recorder.record("i-1", note(2, "Live"));
        awaitHandled(4);
        first.close();
        recorder.record("i-1", note(3, "Meanwhile"));
        ConfigurableApplicationContext second = start(Actors.class, Upcasters.class);
        awaitHandled(5);
        recorder.record("i-1", note(4, "Live again"));
        awaitHandled(6);
        second.close();
        assertThat(HANDLED)
                .containsExactly(
                        "reset",
                        "1 ada IssueOpened",
                        "2 bo NoteRecorded",
                        "3 ada NoteRecorded",
                        "4 ada NoteRecorded",
                        "5 ada NoteRecorded");
    }

    @Test
    void a_reset_replays_the_log() throws Exception {
        recorder.record("i-1", OPENED, note(1, "Past"));
        try (var service = start(Actors.class)) {
            awaitHandled(3);
            PooledStreamingEventProcessor processor = service.getBean(EventProcessingConfiguration.class)
                    .eventProcessor("actors", PooledStreamingEventProcessor.class)
                    .orElseThrow();
            processor.shutDown();
            processor.resetTokens();
            processor.start();
            awaitHandled(6);
            recorder.record("i-1", note(2, "Live"));
            awaitHandled(7);
        }
        assertThat(HANDLED)
                .containsExactly(
                        "reset",
                        "1 ada IssueOpened",
                        "2 ada NoteRecorded",
                        "reset",
                        "1 ada IssueOpened",
                        "2 ada NoteRecorded",
                        "3 ada NoteRecorded");
    }

    @Test
    void after_an_erasure_a_handler_is_reset_once() throws Exception {
        recorder.record("i-1", OPENED, note(1, "Secret"));
        ConfigurableApplicationContext first = start(Actors.class);
        awaitHandled(3);
        first.close();
        log.close();
        SqliteErasing.erase(
                folder.resolve("events.db"), new ErasureOrder("i-1", 2, true, "ada", "asked", Instant.EPOCH));
        log = SqliteEventLog.open(folder.resolve("events.db"), Clock.systemUTC());
        ConfigurableApplicationContext second = start(Actors.class);
        awaitHandled(6);
        second.close();
        assertThat(HANDLED.subList(3, 6)).containsExactly("reset", "1 ada IssueOpened", "2 [erased] NoteRecorded");
        ConfigurableApplicationContext third = start(Actors.class);
        Thread.sleep(500);
        third.close();
        assertThat(HANDLED).hasSize(6);
    }

    @Test
    void without_a_handler_no_processor_is_started() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (var service = start()) {
            assertThat(service.getBean(EventProcessingConfiguration.class).eventProcessors())
                    .isEmpty();
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("Coordinator[") || name.startsWith("WorkPackage["));
        }
    }
}
