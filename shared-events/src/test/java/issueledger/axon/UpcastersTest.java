package issueledger.axon;

import static issueledger.log.LogExamples.appended;
import static issueledger.log.LogExamples.commit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.axon.EventReader.ReadEvent;
import issueledger.axon.EventReader.UnreadableEvent;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.NoteKind;
import issueledger.events.Statistic;
import issueledger.log.EventLog;
import issueledger.log.NewEvent;
import issueledger.log.sqlite.SqliteEventLog;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventMultiUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How an event's shape is changed: an older text in the log is read as the revision that the program knows. */
class UpcastersTest {
    private static final String METADATA = "{\"actor\":\"ada\",\"commandId\":\"c-1\"}";

    @TempDir
    Path folder;

    private EventLog log;

    @BeforeEach
    void open() {
        log = SqliteEventLog.open(folder.resolve("events.db"), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        log.close();
    }

    /** Metrics once had a {@code percentile} and no environment. */
    static final class MetricsOfRevision0 extends SingleEventUpcaster {
        @Override
        protected boolean canUpcast(IntermediateEventRepresentation event) {
            return event.getType().equals(new SimpleSerializedType("MetricRecorded", "0"));
        }

        @Override
        protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
            return event.upcastPayload(new SimpleSerializedType("MetricRecorded", "1"), JsonNode.class, payload -> {
                ObjectNode metric = (ObjectNode) payload;
                metric.put("statistic", "P" + metric.remove("percentile").asInt());
                metric.put("environment", "production");
                return metric;
            });
        }
    }

    /** A note that once also began a phase. */
    static final class NotesThatBeganAPhase extends EventMultiUpcaster {
        @Override
        protected boolean canUpcast(IntermediateEventRepresentation event) {
            return event.getType().equals(new SimpleSerializedType("NoteRecorded", "0"));
        }

        @Override
        protected Stream<IntermediateEventRepresentation> doUpcast(IntermediateEventRepresentation event) {
            return Stream.of(
                    event.upcastPayload(
                            new SimpleSerializedType("NoteRecorded", "1"),
                            JsonNode.class,
                            payload -> ((ObjectNode) payload.deepCopy()).without("phase")),
                    event.upcastPayload(
                            new SimpleSerializedType("PhaseStarted", "1"),
                            JsonNode.class,
                            payload -> ((ObjectNode) payload.deepCopy()).retain("phase")));
        }
    }

    @Test
    void an_older_revision_is_read_as_the_current_one_by_axon_and_by_the_event_reader_alike() {
        String stored =
                "{\"kind\":\"BASELINE\",\"name\":\"latency\",\"percentile\":95,\"unit\":\"ms\",\"value\":5200.10}";
        store("MetricRecorded", "0", stored);
        MetricsOfRevision0 upcaster = new MetricsOfRevision0();

        IssueEvent byReader = read(upcaster).events().get(0);
        Object byAxon;
        try (Notebooks notebooks = new Notebooks(log, upcaster)) {
            DomainEventMessage<?> message =
                    notebooks.store.readEvents("slow-orders").next();
            byAxon = message.getPayload();
            assertThat(notebooks
                            .engine
                            .readEvents(null, false)
                            .findFirst()
                            .orElseThrow()
                            .getPayload())
                    .isEqualTo(byAxon);
        }

        MetricRecorded metric = (MetricRecorded) byReader;
        assertThat(metric.statistic()).isEqualTo(Statistic.P95);
        assertThat(metric.environment()).isEqualTo("production");
        assertThat(metric.value()).hasToString("5200.10");
        assertThat(byAxon).isEqualTo(byReader);
        assertThat(log.read(0, 1).get(0).payload()).isEqualTo(stored);
    }

    @Test
    void one_recorded_event_may_be_read_as_two() {
        store("NoteRecorded", "0", "{\"note\":1,\"kind\":\"PROGRESS\",\"text\":\"begun\",\"phase\":2}");

        ReadEvent read = read(new NotesThatBeganAPhase());

        assertThat(read.events()).containsExactly(new NoteRecorded(1, NoteKind.PROGRESS, "begun"), new PhaseStarted(2));
        assertThat(read.metadata().actor()).isEqualTo("ada");
        assertThat(read.recorded().position()).isEqualTo(1);
    }

    @Test
    void what_the_current_program_wrote_passes_the_upcasters_untouched() {
        store("NoteRecorded", "1", "{\"note\":1,\"kind\":\"PROGRESS\",\"text\":\"begun\"}");

        assertThat(read(new MetricsOfRevision0(), new NotesThatBeganAPhase()).events())
                .containsExactly(new NoteRecorded(1, NoteKind.PROGRESS, "begun"));
    }

    @Test
    void an_older_revision_without_its_upcaster_is_unreadable_and_says_which_event_it_is() {
        store("MetricRecorded", "0", "{}");

        assertUnreadable("event 1 (MetricRecorded 0 of slow-orders) cannot be read", "revision 0");
    }

    @Test
    void an_unknown_type_is_unreadable() {
        store("IssueExploded", "1", "{}");

        assertUnreadable("event 1 (IssueExploded 1 of slow-orders) cannot be read");
    }

    @Test
    void a_value_that_breaks_its_rules_is_unreadable() {
        store("NoteRecorded", "1", "{\"note\":1,\"kind\":\"PROGRESS\",\"text\":\" \"}");

        assertUnreadable("event 1 (NoteRecorded 1 of slow-orders) cannot be read");
    }

    @Test
    void a_field_that_the_event_does_not_have_is_unreadable() {
        store("PhaseStarted", "1", "{\"phase\":1,\"colour\":\"red\"}");

        assertUnreadable("event 1 (PhaseStarted 1 of slow-orders) cannot be read", "colour");
    }

    @Test
    void text_that_is_no_json_is_unreadable() {
        store("PhaseStarted", "1", "phase one");

        assertUnreadable("event 1 (PhaseStarted 1 of slow-orders) cannot be read");
    }

    @Test
    void an_event_without_its_required_fields_is_unreadable() {
        store("PhaseStarted", "1", "{}");

        assertUnreadable("event 1 (PhaseStarted 1 of slow-orders) cannot be read", "see /phase");
    }

    private void store(String type, String revision, String payload) {
        appended(log, commit(new NewEvent("id-1", "slow-orders", 0, type, revision, payload, METADATA)));
    }

    private ReadEvent read(EventUpcaster... upcasters) {
        return new EventReader(List.of(upcasters)).read(log.read(0, 1).get(0));
    }

    private void assertUnreadable(String... words) {
        assertThatThrownBy(this::read)
                .isInstanceOf(UnreadableEvent.class)
                .hasMessageContainingAll(words)
                .extracting(e -> ((UnreadableEvent) e).event())
                .isEqualTo(log.read(0, 1).get(0));
    }
}
