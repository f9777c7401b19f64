package issueledger.issue;

import static issueledger.events.Better.HIGHER;
import static issueledger.events.Better.LOWER;
import static issueledger.events.IssueExamples.assigned;
import static issueledger.events.IssueExamples.baseline;
import static issueledger.events.IssueExamples.correction;
import static issueledger.events.IssueExamples.labels;
import static issueledger.events.IssueExamples.linked;
import static issueledger.events.IssueExamples.measured;
import static issueledger.events.IssueExamples.metric;
import static issueledger.events.IssueExamples.note;
import static issueledger.events.IssueExamples.opened;
import static issueledger.events.IssueExamples.reference;
import static issueledger.events.IssueExamples.referenceRemoved;
import static issueledger.events.IssueExamples.unlinked;
import static issueledger.events.IssueExamples.withdrawn;
import static issueledger.issue.IssueScenario.given;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.Better;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.ReferenceAdded;
import issueledger.events.MetricKind;
import issueledger.events.NoteKind;
import issueledger.events.ReferenceKind;
import issueledger.events.Statistic;
import issueledger.issue.IssueCommand.AddReference;
import issueledger.issue.IssueCommand.AssignIssue;
import issueledger.issue.IssueCommand.ChangeLabels;
import issueledger.issue.IssueCommand.CorrectNote;
import issueledger.issue.IssueCommand.LinkFile;
import issueledger.issue.IssueCommand.RecordMetric;
import issueledger.issue.IssueCommand.RecordNote;
import issueledger.issue.IssueCommand.RemoveReference;
import issueledger.issue.IssueCommand.UnlinkFile;
import issueledger.issue.IssueCommand.WithdrawMetric;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Notes, metrics, files, references, assignee and labels. */
class RecordsTest {

    @Test
    void notes_are_numbered_from_1_and_the_same_text_is_a_new_note() {
        given(opened())
                .when(new RecordNote(NoteKind.PROGRESS, "seen"))
                .then(note(1, "seen"))
                .when(new RecordNote(NoteKind.PROGRESS, "seen"))
                .then(note(2, "seen"));
    }

    @Test
    void a_corrected_note_keeps_its_number_and_takes_none() {
        given(opened(), note(1, "sean"), note(2, "heard"))
                .when(new CorrectNote(correction(1, "seen")))
                .then(correction(1, "seen"))
                .when(new RecordNote(NoteKind.PROGRESS, "felt"))
                .then(note(3, "felt"));
    }

    @Test
    void a_note_corrected_to_the_text_that_it_has_changes_nothing() {
        given(opened(), note(1, "seen"), correction(1, "heard"))
                .when(new CorrectNote(correction(1, "heard")))
                .stayedQuiet()
                .when(new CorrectNote(correction(1, "seen")))
                .then(correction(1, "seen"));
    }

    @Test
    void a_note_that_is_not_there_is_not_corrected() {
        IssueScenario oneNote = given(opened(), note(1, "seen"));
        for (long number : new long[] {2, 0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 4_294_967_297L}) {
            oneNote.when(new CorrectNote(correction(number, "seen"))).refused(Reason.UNKNOWN_NOTE);
        }
    }

    @Test
    void the_first_record_of_a_series_says_which_way_is_better() {
        given(opened()).when(new RecordMetric(latency("ms", LOWER))).then(latency("ms", LOWER));
        given(opened()).when(new RecordMetric(latency("ms", null))).refused(Reason.DIRECTION_REQUIRED);
    }

    @Test
    void a_later_record_takes_the_direction_over_from_its_series() {
        given(opened(), latency("ms", HIGHER))
                .when(new RecordMetric(latency("ms", null)))
                .then(latency("ms", HIGHER));
    }

    @Test
    void the_same_value_is_always_new() {
        given(opened(), measured("340")).when(new RecordMetric(measured("340"))).then(measured("340"));
    }

    @Test
    void a_series_has_one_unit() {
        given(opened(), latency("ms", LOWER))
                .when(new RecordMetric(latency("s", LOWER)))
                .refused(Reason.UNIT_MISMATCH);
    }

    @Test
    void a_series_has_one_direction() {
        given(opened(), latency("ms", LOWER))
                .when(new RecordMetric(latency("ms", HIGHER)))
                .refused(Reason.DIRECTION_MISMATCH);
    }

    @Test
    void another_unit_is_named_before_another_direction() {
        given(opened(), latency("ms", LOWER))
                .when(new RecordMetric(latency("s", HIGHER)))
                .refused(Reason.UNIT_MISMATCH);
    }

    @Test
    void another_name_statistic_or_environment_is_another_series() {
        IssueScenario latency = given(opened(), baseline("5200"));
        latency.when(new RecordMetric(metric(MetricKind.BASELINE, "Latency", "s", null, "5", null)))
                .refused(Reason.DIRECTION_REQUIRED);
        latency.when(new RecordMetric(series(Statistic.P99, "production"))).refused(Reason.DIRECTION_REQUIRED);
        latency.when(new RecordMetric(series(Statistic.P95, "staging"))).refused(Reason.DIRECTION_REQUIRED);
        latency.when(new RecordMetric(series(Statistic.P95, "production"))).refused(Reason.UNIT_MISMATCH);
    }

    @Test
    void a_metric_record_is_withdrawn_by_its_number_once() {
        IssueScenario two = given(opened(), baseline("5200"), measured("340"));
        two.when(new WithdrawMetric(withdrawn(2))).then(withdrawn(2));
        two.when(new WithdrawMetric(withdrawn(1))).then(withdrawn(1));
        assertThat(two.when(new WithdrawMetric(withdrawn(2)))
                        .then(withdrawn(2))
                        .when(new WithdrawMetric(withdrawn(2)))
                        .refused(Reason.UNKNOWN_METRIC))
                .hasMessageContaining("withdrawn already");
    }

    @Test
    void a_metric_record_that_is_not_there_is_not_withdrawn() {
        IssueScenario one = given(opened(), note(1, "seen"), note(2, "heard"), baseline("5200"));
        for (long number : new long[] {2, 0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 4_294_967_297L}) {
            one.when(new WithdrawMetric(withdrawn(number))).refused(Reason.UNKNOWN_METRIC);
        }
    }

    @Test
    void the_number_of_a_withdrawn_metric_record_is_never_given_again() {
        IssueScenario one = given(opened(), baseline("5200"), withdrawn(1));
        assertThat(one.state().nextMetric()).isEqualTo(2);
        one.when(new RecordMetric(baseline("5100")))
                .then(baseline("5100"))
                .when(new WithdrawMetric(withdrawn(2)))
                .then(withdrawn(2));
    }

    @Test
    void a_withdrawn_first_record_still_gives_its_series_unit_and_direction() {
        IssueScenario withdrawn = given(opened(), latency("ms", HIGHER), withdrawn(1));
        withdrawn.when(new RecordMetric(latency("ms", null))).then(latency("ms", HIGHER));
        withdrawn.when(new RecordMetric(latency("s", null))).refused(Reason.UNIT_MISMATCH);
        withdrawn.when(new RecordMetric(latency("ms", LOWER))).refused(Reason.DIRECTION_MISMATCH);
    }

    private static MetricRecorded series(Statistic statistic, String environment) {
        return new MetricRecorded(
                MetricKind.BASELINE, "latency", statistic, "s", BigDecimal.ONE, environment, null, null, null);
    }

    private static MetricRecorded latency(String unit, @Nullable Better better) {
        return metric(MetricKind.BASELINE, "latency", unit, better, "5200", null);
    }

    @Test
    void a_file_is_linked_and_its_purpose_changed() {
        given(opened())
                .when(new LinkFile(linked("a.py", null)))
                .then(linked("a.py", null))
                .when(new LinkFile(linked("a.py", "routes")))
                .then(linked("a.py", "routes"));
    }

    @Test
    void a_file_linked_without_a_purpose_loses_the_one_that_it_had() {
        given(opened(), linked("a.py", "routes"))
                .when(new LinkFile(linked("a.py", null)))
                .then(linked("a.py", null))
                .when(new LinkFile(linked("a.py", null)))
                .stayedQuiet();
    }

    @Test
    void a_file_linked_with_the_same_purpose_changes_nothing() {
        given(opened(), linked("a.py", "routes"))
                .when(new LinkFile(linked("a.py", "routes")))
                .stayedQuiet();
    }

    @Test
    void a_file_is_unlinked_and_may_be_linked_again() {
        given(opened(), linked("a.py", "routes"))
                .when(new UnlinkFile(unlinked("a.py")))
                .then(unlinked("a.py"))
                .when(new LinkFile(linked("a.py", "routes")))
                .then(linked("a.py", "routes"));
    }

    @Test
    void a_file_that_is_not_linked_is_not_unlinked() {
        given(opened(), linked("a.py", null))
                .when(new UnlinkFile(unlinked("A.py")))
                .refused(Reason.UNKNOWN_FILE);
        given(opened(), linked("a.py", null), unlinked("a.py"))
                .when(new UnlinkFile(unlinked("a.py")))
                .refused(Reason.UNKNOWN_FILE);
    }

    @Test
    void references_are_numbered_from_1() {
        given(opened())
                .when(new AddReference("Profile", null, ReferenceKind.OTHER))
                .then(reference(1, "Profile"))
                .when(new AddReference("Query plan", null, ReferenceKind.OTHER))
                .then(reference(2, "Query plan"));
    }

    @Test
    void the_same_reference_again_changes_nothing_and_has_its_number() {
        IssueScenario two = given(opened(), reference(1, "Profile"), reference(2, "Query plan"));
        AddReference again = new AddReference("Query plan", null, ReferenceKind.OTHER);
        two.when(again).stayedQuiet();
        assertThat(two.state().standing(again)).contains(2L);
    }

    @Test
    void a_reference_with_another_url_or_kind_is_another_one() {
        IssueScenario one = given(opened(), reference(1, "Profile"));
        one.when(new AddReference("Profile", "https://example.org", ReferenceKind.OTHER))
                .then(new ReferenceAdded(2, "Profile", "https://example.org", ReferenceKind.OTHER));
        one.when(new AddReference("Profile", null, ReferenceKind.BENCHMARK))
                .then(new ReferenceAdded(2, "Profile", null, ReferenceKind.BENCHMARK));
    }

    @Test
    void the_number_of_a_removed_reference_is_never_given_again() {
        given(opened(), reference(1, "Profile"))
                .when(new RemoveReference(referenceRemoved(1)))
                .then(referenceRemoved(1))
                .when(new AddReference("Profile", null, ReferenceKind.OTHER))
                .then(reference(2, "Profile"));
    }

    @Test
    void a_reference_that_is_not_there_is_not_removed() {
        IssueScenario removed = given(opened(), reference(1, "Profile"), referenceRemoved(1), reference(2, "Plan"));
        for (long number : new long[] {1, 3, 0, -2, Long.MAX_VALUE}) {
            removed.when(new RemoveReference(referenceRemoved(number))).refused(Reason.UNKNOWN_REFERENCE);
        }
    }

    @Test
    void an_issue_is_assigned_passed_on_and_given_to_nobody() {
        given(opened())
                .when(new AssignIssue(assigned("ada")))
                .then(assigned("ada"))
                .when(new AssignIssue(assigned("grace")))
                .then(assigned("grace"))
                .when(new AssignIssue(assigned(null)))
                .then(assigned(null));
    }

    @Test
    void the_same_assignee_changes_nothing() {
        given(opened()).when(new AssignIssue(assigned(null))).stayedQuiet();
        given(opened(), assigned("ada")).when(new AssignIssue(assigned("ada"))).stayedQuiet();
    }

    @Test
    void only_labels_that_really_come_and_go_are_in_the_event() {
        given(opened("api", "slow"))
                .when(new ChangeLabels(labels(List.of("slow", "orders"), List.of("api", "never"))))
                .then(labels(List.of("orders"), List.of("api")));
    }

    @Test
    void labels_that_stand_or_are_not_there_change_nothing() {
        given(opened("api"))
                .when(new ChangeLabels(labels(List.of("api"), List.of("slow"))))
                .stayedQuiet()
                .when(new ChangeLabels(labels(List.of(), List.of())))
                .stayedQuiet();
    }

    @Test
    void a_label_that_went_may_come_again() {
        given(opened("api"), labels(List.of(), List.of("api")))
                .when(new ChangeLabels(labels(List.of("api"), List.of())))
                .then(labels(List.of("api"), List.of()));
    }

    @Test
    void a_label_given_twice_counts_once() {
        given(opened("api", "api"))
                .when(new ChangeLabels(labels(List.of("slow", "slow"), List.of("api", "api"))))
                .then(labels(List.of("slow"), List.of("api")));
    }
}
