package issueledger.evolution;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.axon.EventLogStorageEngine;
import issueledger.axon.EventReader;
import issueledger.events.Description;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.IssueOpened;
import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.IssueEvent.PhaseCompleted;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.IssueEvent.WorkStarted;
import issueledger.events.NoteKind;
import issueledger.events.PlannedPhase;
import issueledger.evolution.OldLog.OldCommit;
import issueledger.log.AppendResult.Appended;
import issueledger.log.EventLog;
import issueledger.log.LogExamples;
import issueledger.log.RecordedEvent;
import issueledger.log.Verifier;
import issueledger.log.sqlite.SqliteEventLog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldLogTest {
    private static final List<IssueEvent> AS_READ_TODAY = List.of(
            new IssueOpened(
                    "Orders are slow",
                    new Description("5 s", List.of(), List.of(), null, List.of("POST /orders")),
                    List.of("orders")),
            new NoteRecorded(1, NoteKind.PROGRESS, "„naïve“ Schätzung: 5200.10 ms"),
            new PhasesPlanned(List.of(
                    new PlannedPhase("Index", null, "1 week", null, null),
                    new PlannedPhase("Monitoring", null, null, null, null))),
            new WorkStarted(LocalDate.of(2026, 2, 15)),
            new PhaseStarted(1),
            new PhaseCompleted(1, "done"),
            new PhaseStarted(2));

    @TempDir
    Path folder;

    private Path file;
    private EventLog log;

    @BeforeEach
    void write() {
        file = folder.resolve("events.db");
        log = SqliteEventLog.open(file, Clock.systemUTC());
        for (OldCommit old : OldLog.commits()) {
            Appended appended = LogExamples.appended(log, old.commit());
            assertThat(appended.hash()).isEqualTo(old.hash());
        }
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void the_event_reader_reads_old_shapes_as_those_of_today() {
        EventReader reader = new EventReader(OldShapes.upcasters());
        assertThat(log.read(0, 100).stream().flatMap(event -> reader.read(event).events().stream()))
                .isEqualTo(AS_READ_TODAY);
    }

    @Test
    void axon_reads_them_alike_and_counts_events_as_the_log_does() {
        EventLogStorageEngine.Builder builder = EventLogStorageEngine.builder(log);
        builder.upcasterChain(new EventUpcasterChain(OldShapes.upcasters()));
        EmbeddedEventStore store =
                EmbeddedEventStore.builder().storageEngine(builder.build()).build();
        try {
            List<? extends DomainEventMessage<?>> messages =
                    store.readEvents("slow-orders").asStream().toList();
            assertThat(messages.stream().map(DomainEventMessage::getPayload).toList())
                    .isEqualTo(AS_READ_TODAY);
            assertThat(messages.stream().map(DomainEventMessage::getSequenceNumber))
                    .containsExactly(0L, 1L, 2L, 3L, 3L, 4L, 5L);
        } finally {
            store.shutDown();
        }
    }

    @Test
    void what_is_stored_stays_as_it_was_written_and_the_old_hashes_hold() {
        EventReader reader = new EventReader(OldShapes.upcasters());
        List<RecordedEvent> before = log.read(0, 100);
        before.forEach(reader::read);

        assertThat(log.read(0, 100)).isEqualTo(before);
        assertThat(before.stream()
                        .map(event -> event.type() + " " + event.revision())
                        .collect(Collectors.joining(", ")))
                .isEqualTo("IssueRaised 1, NoteRecorded 0, PhasesPlanned 1, WorkBegun 1, PhaseCompleted 1,"
                        + " PhaseStarted 1");
        assertThat(Verifier.verify(file).sentence())
                .isEqualTo("6 events in 5 commits; the last hash is "
                        + OldLog.commits().getLast().hash());
    }
}
