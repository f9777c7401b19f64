package issueledger.issue;

import static issueledger.events.IssueExamples.ISSUE;
import static issueledger.events.IssueExamples.confirmed;
import static issueledger.events.IssueExamples.duplicateOf;
import static issueledger.events.IssueExamples.failed;
import static issueledger.events.IssueExamples.fixed;
import static issueledger.events.IssueExamples.linked;
import static issueledger.events.IssueExamples.opened;
import static issueledger.events.IssueExamples.phaseCompleted;
import static issueledger.events.IssueExamples.rootCause;
import static issueledger.events.IssueExamples.standing;
import static issueledger.events.IssueExamples.testingStarted;
import static issueledger.events.IssueExamples.unlinked;
import static issueledger.events.IssueExamples.workStarted;
import static issueledger.events.TestKind.UNIT;
import static issueledger.issue.IssueScenario.THEN;
import static issueledger.issue.IssueScenario.given;

import issueledger.events.IssueExamples;
import issueledger.events.Status;
import issueledger.issue.IssueCommand.AdvancePhase;
import issueledger.issue.IssueCommand.CloseIssue;
import issueledger.issue.IssueCommand.LinkFile;
import issueledger.issue.IssueCommand.MarkFixed;
import issueledger.issue.IssueCommand.RecordRootCause;
import issueledger.issue.IssueCommand.StartWork;
import issueledger.issue.IssueCommand.UnlinkFile;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Where several reasons hold, the first in the table of docs/commands.md is the answer. */
class FirstReasonTest {
    private static final Instant TOO_EARLY = THEN.minusSeconds(1);

    @Test
    void the_status_is_named_before_unmet_requirements() {
        given(opened(), workStarted(), testingStarted())
                .when(new CloseIssue(confirmed()))
                .refused(Reason.WRONG_STATUS);
    }

    @Test
    void the_status_is_named_before_a_missing_reason() {
        given(standing(Status.OPEN))
                .and(rootCause("N+1 queries"), IssueExamples.closed(issueledger.events.Resolution.WONT_FIX))
                .when(new RecordRootCause(rootCause("A lock")))
                .refused(Reason.WRONG_STATUS);
    }

    @Test
    void the_status_is_named_before_a_phase_that_does_not_run() {
        given(opened()).when(new AdvancePhase(phaseCompleted(1))).refused(Reason.WRONG_STATUS);
    }

    @Test
    void the_status_is_named_before_an_unknown_file_and_a_linked_one() {
        given(standing(Status.CLOSED)).when(new UnlinkFile(unlinked("b.py"))).refused(Reason.WRONG_STATUS);
        given(standing(Status.CLOSED)).when(new LinkFile(linked("a.py", null))).refused(Reason.WRONG_STATUS);
    }

    @Test
    void the_status_is_named_before_an_effective_time_that_is_too_early() {
        given(opened(), workStarted())
                .effectiveAt(TOO_EARLY)
                .when(new StartWork(null))
                .refused(Reason.WRONG_STATUS);
    }

    @Test
    void unmet_requirements_are_named_before_an_effective_time_that_is_too_early() {
        given(opened(), workStarted(), testingStarted(), failed(UNIT))
                .effectiveAt(TOO_EARLY)
                .when(new MarkFixed(fixed()))
                .refused(Reason.REQUIREMENTS_UNMET);
        given(opened(), workStarted(), testingStarted(), fixed())
                .effectiveAt(TOO_EARLY)
                .when(new CloseIssue(confirmed()))
                .refused(Reason.REQUIREMENTS_UNMET);
    }

    @Test
    void a_duplicate_of_no_issue_is_named_before_an_effective_time_that_is_too_early() {
        given(opened())
                .effectiveAt(TOO_EARLY)
                .when(new CloseIssue(duplicateOf("slow-checkout")))
                .refused(Reason.UNKNOWN_DUPLICATE);
        given(opened())
                .effectiveAt(TOO_EARLY)
                .when(new CloseIssue(duplicateOf(ISSUE)))
                .refused(Reason.DUPLICATE_OF_ITSELF);
    }
}
