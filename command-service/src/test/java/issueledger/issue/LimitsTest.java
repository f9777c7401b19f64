package issueledger.issue;

import static issueledger.events.IssueExamples.assigned;
import static issueledger.events.IssueExamples.closed;
import static issueledger.events.IssueExamples.confirmed;
import static issueledger.events.IssueExamples.correction;
import static issueledger.events.IssueExamples.fixed;
import static issueledger.events.IssueExamples.labels;
import static issueledger.events.IssueExamples.linked;
import static issueledger.events.IssueExamples.measured;
import static issueledger.events.IssueExamples.metric;
import static issueledger.events.IssueExamples.note;
import static issueledger.events.IssueExamples.opened;
import static issueledger.events.IssueExamples.passed;
import static issueledger.events.IssueExamples.reference;
import static issueledger.events.IssueExamples.referenceRemoved;
import static issueledger.events.IssueExamples.reopened;
import static issueledger.events.IssueExamples.rootCause;
import static issueledger.events.IssueExamples.standing;
import static issueledger.events.IssueExamples.testingStarted;
import static issueledger.events.IssueExamples.unlinked;
import static issueledger.events.IssueExamples.withdrawn;
import static issueledger.events.IssueExamples.workResumed;
import static issueledger.events.IssueExamples.workStarted;
import static issueledger.events.Requirement.PHASES;
import static issueledger.events.Requirement.ROOT_CAUSE;
import static issueledger.events.Resolution.WONT_FIX;
import static issueledger.events.TestKind.UNIT;
import static issueledger.issue.IssueScenario.given;
import static issueledger.issue.IssueScenario.many;
import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.IssueExamples;
import issueledger.events.MetricKind;
import issueledger.events.NoteKind;
import issueledger.events.ReferenceKind;
import issueledger.events.Status;
import issueledger.issue.IssueCommand.AddReference;
import issueledger.issue.IssueCommand.AssignIssue;
import issueledger.issue.IssueCommand.ChangeLabels;
import issueledger.issue.IssueCommand.CloseIssue;
import issueledger.issue.IssueCommand.CorrectNote;
import issueledger.issue.IssueCommand.LinkFile;
import issueledger.issue.IssueCommand.MarkFixed;
import issueledger.issue.IssueCommand.RecordMetric;
import issueledger.issue.IssueCommand.RecordNote;
import issueledger.issue.IssueCommand.RecordRootCause;
import issueledger.issue.IssueCommand.RecordTestRun;
import issueledger.issue.IssueCommand.RemoveReference;
import issueledger.issue.IssueCommand.ReopenIssue;
import issueledger.issue.IssueCommand.ReturnToWork;
import issueledger.issue.IssueCommand.StartTesting;
import issueledger.issue.IssueCommand.StartWork;
import issueledger.issue.IssueCommand.UnlinkFile;
import issueledger.issue.IssueCommand.WithdrawMetric;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much may stand in one issue. */
class LimitsTest {
    private static final long MEBIBYTES_8 = 8_388_608;
    private static final IssueCommand NOTE = new RecordNote(NoteKind.PROGRESS, "one more");

    private static IssueScenario full(List<? extends IssueEvent> events) {
        return given(opened(), workStarted()).and(events.toArray(IssueEvent[]::new));
    }

    @Test
    void there_are_at_most_500_notes() {
        full(many(499, i -> note(i, "seen")))
                .when(NOTE)
                .then(note(500, "one more"))
                .when(NOTE)
                .refused(Reason.LIMIT_REACHED);
    }

    @Test
    void the_500th_note_may_still_be_corrected() {
        full(many(500, i -> note(i, "seen")))
                .when(new CorrectNote(correction(500, "heard")))
                .then(correction(500, "heard"));
    }

    @Test
    void there_are_at_most_500_metric_records() {
        full(many(499, i -> measured("340")))
                .when(new RecordMetric(measured("1")))
                .then(measured("1"))
                .when(new RecordMetric(measured("2")))
                .refused(Reason.LIMIT_REACHED);
    }

    @Test
    void a_withdrawn_metric_record_keeps_its_place_among_500() {
        full(many(500, i -> measured("340")))
                .when(new WithdrawMetric(withdrawn(500)))
                .then(withdrawn(500))
                .when(new RecordMetric(measured("1")))
                .refused(Reason.LIMIT_REACHED);
    }

    @Test
    void there_are_at_most_500_test_runs() {
        full(many(499, i -> passed(UNIT)))
                .when(new RecordTestRun(passed(UNIT)))
                .then(passed(UNIT))
                .when(new RecordTestRun(passed(UNIT)))
                .refused(Reason.LIMIT_REACHED);
    }

    @Test
    void there_are_at_most_500_files_and_one_unlinked_makes_room() {
        full(many(499, i -> linked(i + ".py", null)))
                .when(new LinkFile(linked("500.py", null)))
                .then(linked("500.py", null))
                .when(new LinkFile(linked("501.py", null)))
                .refused(Reason.LIMIT_REACHED);
        full(many(500, i -> linked(i + ".py", null)))
                .when(new UnlinkFile(unlinked("7.py")))
                .then(unlinked("7.py"))
                .when(new LinkFile(linked("501.py", null)))
                .then(linked("501.py", null));
    }

    @Test
    void the_purpose_of_a_file_changes_even_among_500() {
        full(many(500, i -> linked(i + ".py", null)))
                .when(new LinkFile(linked("7.py", "routes")))
                .then(linked("7.py", "routes"))
                .when(new LinkFile(linked("7.py", "routes")))
                .stayedQuiet();
    }

    @Test
    void there_are_at_most_500_references_and_one_removed_makes_room() {
        AddReference another = new AddReference("another", null, ReferenceKind.OTHER);
        full(many(499, i -> reference(i, "plan " + i))).when(another).then(reference(500, "another"));
        IssueScenario all = full(many(500, i -> reference(i, "plan " + i)));
        all.when(another).refused(Reason.LIMIT_REACHED);
        all.when(new AddReference("plan 7", null, ReferenceKind.OTHER)).stayedQuiet();
        all.when(new RemoveReference(referenceRemoved(7)))
                .then(referenceRemoved(7))
                .when(another)
                .then(reference(501, "another"));
    }

    @Test
    void there_are_at_most_100_labels() {
        String[] labels = new String[100];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = "label " + i;
        }
        IssueScenario all = given(opened(labels));
        all.when(new ChangeLabels(labels(List.of("api"), List.of()))).refused(Reason.LIMIT_REACHED);
        all.when(new ChangeLabels(labels(List.of("api"), List.of("never there"))))
                .refused(Reason.LIMIT_REACHED);
        all.when(new ChangeLabels(labels(List.of("label 1"), List.of()))).stayedQuiet();
        all.when(new ChangeLabels(labels(List.of("api"), List.of("label 1"))))
                .then(labels(List.of("api"), List.of("label 1")));
    }

    @Test
    void payloads_come_to_at_most_8_mebibytes() {
        IssueScenario almost = filledBut(size(assigned("ada")));
        almost.when(new AssignIssue(assigned("adas"))).refused(Reason.LIMIT_REACHED);
        almost.when(new AssignIssue(assigned("adä"))).refused(Reason.LIMIT_REACHED);
        almost.when(new AssignIssue(assigned("ada"))).then(assigned("ada"));
    }

    @Test
    void what_changes_nothing_needs_no_room() {
        filledBut(0).when(new AssignIssue(assigned(null))).stayedQuiet();
    }

    @Test
    void a_full_issue_still_changes_its_status_and_loses_files_references_and_metric_records() {
        filledBut(0).when(new UnlinkFile(unlinked("a.py"))).then(unlinked("a.py"));
        filledBut(0).when(new RemoveReference(referenceRemoved(1))).then(referenceRemoved(1));
        filledBut(0).when(new WithdrawMetric(withdrawn(1))).then(withdrawn(1));
        filledBut(0)
                .when(new StartWork(workStarted().startedOn()))
                .then(workStarted(), IssueExamples.phaseStarted(1))
                .when(new StartTesting())
                .then(testingStarted())
                .when(new ReturnToWork())
                .then(workResumed())
                .when(new StartTesting())
                .then(testingStarted())
                .when(new MarkFixed(fixed()))
                .then(fixed())
                .when(new CloseIssue(confirmed(ROOT_CAUSE, PHASES)))
                .then(confirmed(ROOT_CAUSE, PHASES))
                .when(new ReopenIssue())
                .then(reopened())
                .when(new CloseIssue(closed(WONT_FIX)))
                .then(closed(WONT_FIX));
    }

    @Test
    void every_other_rule_is_named_before_the_limit() {
        IssueScenario full = filledBut(0);
        full.when(new CorrectNote(correction(499, "heard"))).refused(Reason.UNKNOWN_NOTE);
        full.when(new UnlinkFile(unlinked("b.py"))).refused(Reason.UNKNOWN_FILE);
        full.when(new RecordMetric(metric(MetricKind.TARGET, "memory", "MB", null, "1", null)))
                .refused(Reason.DIRECTION_REQUIRED);
        full.when(new RecordTestRun(passed(UNIT))).refused(Reason.WRONG_STATUS);
        filledBut(size(rootCause("N+1 queries")))
                .and(rootCause("N+1 queries"))
                .when(new RecordRootCause(rootCause("A lock")))
                .refused(Reason.REASON_REQUIRED);
    }

    /** An OPEN issue with room for just so many bytes. */
    private static IssueScenario filledBut(long room) {
        List<IssueEvent> events = new ArrayList<>(List.of(standing(Status.OPEN)));
        long left =
                MEBIBYTES_8 - room - events.stream().mapToLong(LimitsTest::size).sum();
        String longest = "\uD83D\uDC0C".repeat(20_000);
        long number = 2;
        for (long most = size(note(number, longest)); left > 2 * most; most = size(note(number, longest))) {
            NoteRecorded next = note(number++, longest);
            events.add(next);
            left -= size(next);
        }
        while (left > 0) {
            long frame = size(note(number, "x")) - 1;
            long length = Math.min(20_000, left - frame);
            if (left - frame - length > 0 && left - frame - length < 200) {
                length -= 200;
            }
            NoteRecorded next = note(number++, "x".repeat((int) length));
            events.add(next);
            left -= size(next);
        }
        return given(events);
    }

    private static long size(IssueEvent event) {
        return EventJson.write(event).getBytes(UTF_8).length;
    }
}
