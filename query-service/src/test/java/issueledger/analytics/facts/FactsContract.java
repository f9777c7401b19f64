package issueledger.analytics.facts;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.REOPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.latency;
import static issueledger.query.Happenings.note;
import static issueledger.query.Happenings.sampled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import issueledger.axon.EventReader;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.MetricKind;
import issueledger.events.Status;
import issueledger.projections.Generation;
import issueledger.projections.Generation.Parked;
import issueledger.query.Happenings;
import issueledger.query.Recorder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The facts of issues, in a store of either kind. */
abstract class FactsContract {
    private static final String T = "2026-03-01T08:00:00Z";

    protected Told told;

    abstract Told store();

    @BeforeEach
    void begin() {
        told = store();
    }

    @AfterEach
    void end() {
        told.close();
    }

    private IssueFacts issue(String id) {
        return told.facts().stream()
                .filter(issue -> issue.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** All that is stored of the issues, in the order of their ids. */
    private static String text(Facts facts) {
        return facts.stream()
                .map(issue -> issue.id() + Arrays.toString(issue.stored()) + issue.unpackedDetails())
                .sorted()
                .toList()
                .toString();
    }

    @Test
    void facts_that_do_not_fit_the_heap_are_stored_and_not_kept() {
        told.restart(1_000);
        told.at(T, "i-1", OPENED).at(T, "i-2", OPENED).fold(1);
        assertThat(told.isOverfull()).isFalse();
        told.at(T, "i-3", OPENED).at(T, "i-4", OPENED).at(T, "i-1", STARTED).fold(1);
        assertThat(told.isOverfull()).isTrue();
        assertThat(told.issues()).isEmpty();
        told.at(T, "i-2", STARTED, TESTING).at(T, "i-5", OPENED).fold(2).again(2);

        told.restart(1_000);
        assertThat(told.isOverfull()).isTrue();

        told.restart();
        assertThat(told.isOverfull()).isFalse();
        assertThat(told.issues())
                .extracting(IssueFacts::id, IssueFacts::status)
                .containsExactlyInAnyOrder(
                        tuple("i-1", Status.IN_PROGRESS),
                        tuple("i-2", Status.TESTING),
                        tuple("i-3", Status.OPEN),
                        tuple("i-4", Status.OPEN),
                        tuple("i-5", Status.OPEN));
    }

    @Test
    void an_issue_with_every_event_has_its_facts_after_a_restart_too() {
        told.at(T, "i-1", Happenings.everything().toArray(IssueEvent[]::new)).fold(3);

        told.restart();

        IssueFacts issue = issue("i-1");
        assertThat(issue.status()).isEqualTo(Status.OPEN);
        assertThat(issue.reopened()).isEqualTo(1);
        assertThat(issue.assignee()).isEqualTo("grace");
        assertThat(issue.labels()).containsExactly("performance", "database");
        assertThat(issue.files()).containsExactly("src/api/routes/data.py");
        assertThat(issue.endpoints()).containsExactly("POST /api/data/process");
        assertThat(issue.seen()).isEqualTo(told.events().size());
        Details details = issue.unpackedDetails();
        assertThat(details.title()).isEqualTo("Very slow data processing");
        assertThat(details.phases()).extracting(Details.Phase::name).containsExactly("Initial fixes", "Clean up");
        assertThat(details.phases().get(1).isRunning()).isTrue();
        assertThat(details.series()).singleElement().satisfies(series -> {
            assertThat(series.metric().baseline()).isEqualByComparingTo("5200");
            assertThat(series.metric().target()).hasToString("500.0");
            assertThat(series.metric().measured()).hasToString("340.25");
            assertThat(series.measuredAt()).isEqualTo(Instant.parse(T));
        });
    }

    @Test
    void the_samples_and_machines_of_metrics_are_facts() {
        told.at(
                        T,
                        "i-1",
                        OPENED,
                        sampled(MetricKind.BASELINE, "100", "101", "1e3", "0.000000000000000001", "-999999999999999"),
                        sampled(MetricKind.MEASURED, "1"),
                        latency(MetricKind.MEASURED, "7"))
                .fold(2);

        told.restart();

        assertThat(issue("i-1").unpackedDetails().measurements())
                .extracting(
                        one -> one.metric().samples().toString(),
                        one -> one.metric().run() == null
                                ? null
                                : one.metric().run().machine())
                .containsExactly(
                        tuple("[100, 101, 1000, 1E-18, -999999999999999]", "a"), tuple("[1]", "a"), tuple("[]", null));
    }

    @Test
    void events_that_are_delivered_again_change_nothing() {
        told.at(T, "i-1", OPENED, STARTED, TESTING)
                .at(T, "i-2", OPENED, note(1, "Twice"))
                .fold(2);
        String before = text(told.facts());

        told.again(4);
        assertThat(text(told.facts())).isEqualTo(before);
        told.restart().again(5);
        assertThat(text(told.facts())).isEqualTo(before);
    }

    @Test
    void another_process_follows_what_is_written() {
        told.at(T, "i-1", OPENED).fold(10);
        AnalyticsProjection following = new AnalyticsProjection(new EventReader(List.of()));
        Generation generation = told.views().generation();
        FactsModel follower = (FactsModel) following.open(generation);
        assertThat(text(follower.facts())).isEqualTo(text(told.facts()));

        told.at(T, "i-2", OPENED)
                .at(T, "i-1", STARTED)
                .fold(1)
                .at(T, "i-3", OPENED)
                .at(T, "i-2", STARTED)
                .fold(10);
        follower.refresh();

        assertThat(follower.facts().size()).isEqualTo(3);
        assertThat(text(follower.facts())).isEqualTo(text(told.facts()));
        follower.refresh();
        assertThat(text(follower.facts())).isEqualTo(text(told.facts()));
    }

    @Test
    void an_event_that_cannot_be_folded_is_parked_with_the_later_ones_of_its_issue() {
        String metadata = Recorder.metadata("ada", null, null);
        told.at(T, "i-1", OPENED)
                .add(T, "i-1", "IssueAssigned", "{\"assignee\":5.5.}", metadata)
                .at(T, "i-1", STARTED)
                .at(T, "i-2", OPENED, new PhaseStarted(7))
                .at(T, "i-3", STARTED)
                .add(T, "i-4", "NoSuchEvent", "{}", metadata)
                .at(T, "i-5", OPENED)
                .add(T, "i-5", "NoteRecorded", "no payload is needed of a note", metadata)
                .at(T, "i-5", STARTED)
                .fold(100);

        assertThat(told.views().parked()).extracting(Parked::position).containsExactly(2L, 3L, 5L, 6L, 7L);
        assertThat(told.facts().stream().map(IssueFacts::id)).containsExactly("i-1", "i-2", "i-5");
        assertThat(issue("i-1").status()).isEqualTo(Status.OPEN);
        assertThat(issue("i-2").changeCount()).isEqualTo(1);
        assertThat(issue("i-5").status()).isEqualTo(Status.IN_PROGRESS);
    }

    @Test
    void numbers_stay_and_a_snapshot_does_not_change() {
        for (int i = 0; i < 600; i++) {
            told.at(T, "i-" + i, OPENED);
        }
        Facts before = told.facts();
        told.at(T, "i-0", STARTED).at(T, "i-599", STARTED).at(T, "i-600", OPENED, REOPENED);
        Facts after = told.facts();

        assertThat(before.size()).isEqualTo(600);
        assertThat(before.stream().map(IssueFacts::status)).containsOnly(Status.OPEN);
        assertThat(after.size()).isEqualTo(601);
        assertThat(after.stream()
                        .filter(issue -> issue.status() == Status.IN_PROGRESS)
                        .map(IssueFacts::id))
                .containsExactly("i-0", "i-599");
        assertThat(after.stream().map(IssueFacts::number).toList())
                .isEqualTo(java.util.stream.IntStream.range(0, 601).boxed().toList());
    }
}
