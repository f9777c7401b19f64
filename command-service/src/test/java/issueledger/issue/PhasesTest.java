package issueledger.issue;

import static issueledger.events.IssueExamples.closed;
import static issueledger.events.IssueExamples.confirmed;
import static issueledger.events.IssueExamples.fixed;
import static issueledger.events.IssueExamples.opened;
import static issueledger.events.IssueExamples.phaseCompleted;
import static issueledger.events.IssueExamples.phaseStarted;
import static issueledger.events.IssueExamples.plan;
import static issueledger.events.IssueExamples.reopened;
import static issueledger.events.IssueExamples.testingStarted;
import static issueledger.events.IssueExamples.workResumed;
import static issueledger.events.IssueExamples.workStarted;
import static issueledger.events.Requirement.PHASES;
import static issueledger.events.Requirement.ROOT_CAUSE;
import static issueledger.events.Resolution.WONT_FIX;
import static issueledger.issue.IssueScenario.given;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.IssueEvent.PhaseCompleted;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.IssueExamples;
import issueledger.events.PlannedPhase;
import issueledger.events.Status;
import issueledger.issue.IssueCommand.AdvancePhase;
import issueledger.issue.IssueCommand.CloseIssue;
import issueledger.issue.IssueCommand.PlanPhases;
import issueledger.issue.IssueCommand.StartWork;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A plan, and the phases that run one after the other. */
class PhasesTest {
    private static final StartWork START = new StartWork(LocalDate.parse("2026-02-14"));

    @Test
    void a_plan_made_before_work_starts_no_phase() {
        given(opened()).when(new PlanPhases(plan("Cache", "Index"))).then(plan("Cache", "Index"));
    }

    @Test
    void a_plan_made_during_work_starts_its_first_phase() {
        given(opened(), workStarted()).when(new PlanPhases(plan("Cache"))).then(plan("Cache"), phaseStarted(1));
        given(opened(), workStarted(), testingStarted())
                .when(new PlanPhases(plan("Cache")))
                .then(plan("Cache"), phaseStarted(1));
        given(opened(), workStarted(), testingStarted(), fixed())
                .when(new PlanPhases(plan("Cache")))
                .then(plan("Cache"), phaseStarted(1));
    }

    @Test
    void a_new_plan_leaves_a_running_phase_running() {
        given(opened(), plan("Cache", "Index"), workStarted(), phaseStarted(1))
                .when(new PlanPhases(plan("Cache more", "Index", "Measure")))
                .then(plan("Cache more", "Index", "Measure"));
    }

    @Test
    void a_plan_that_goes_on_after_all_is_completed_starts_the_first_unfinished_phase() {
        given(opened(), plan("Cache"), workStarted(), phaseStarted(1), phaseCompleted(1))
                .when(new PlanPhases(plan("Cache", "Index", "Measure")))
                .then(plan("Cache", "Index", "Measure"), phaseStarted(2));
    }

    @Test
    void the_same_plan_changes_nothing() {
        given(opened(), plan("Cache"), workStarted(), phaseStarted(1))
                .when(new PlanPhases(plan("Cache")))
                .stayedQuiet();
    }

    @Test
    void a_completed_phase_is_neither_altered_nor_dropped() {
        IssueScenario oneCompleted =
                given(opened(), plan("Cache", "Index"), workStarted(), phaseStarted(1), phaseCompleted(1));
        oneCompleted.when(new PlanPhases(plan("Cash", "Index"))).refused(Reason.COMPLETED_PHASE_CHANGED);
        oneCompleted
                .when(new PlanPhases(
                        new PhasesPlanned(List.of(new PlannedPhase("Cache", "in memory", null, null, null)))))
                .refused(Reason.COMPLETED_PHASE_CHANGED);
        given(opened(), plan("Cache", "Index"), workStarted(), phaseStarted(1), phaseCompleted(1))
                .and(phaseStarted(2), phaseCompleted(2))
                .when(new PlanPhases(plan("Cache")))
                .refused(Reason.COMPLETED_PHASE_CHANGED);
    }

    @Test
    void a_running_phase_is_not_dropped() {
        given(opened(), plan("Cache", "Index"), workStarted(), phaseStarted(1), phaseCompleted(1), phaseStarted(2))
                .when(new PlanPhases(plan("Cache")))
                .refused(Reason.RUNNING_PHASE_DROPPED);
    }

    @Test
    void a_changed_completed_phase_is_named_before_a_dropped_running_one() {
        given(opened(), plan("Cache", "Index"), workStarted(), phaseStarted(1), phaseCompleted(1), phaseStarted(2))
                .when(new PlanPhases(plan("Cash")))
                .refused(Reason.COMPLETED_PHASE_CHANGED);
    }

    @Test
    void work_starts_with_the_first_phase() {
        given(opened(), plan("Cache", "Index")).when(START).then(workStarted(), phaseStarted(1));
    }

    @Test
    void work_that_starts_again_goes_on_with_the_first_unfinished_phase() {
        given(opened(), plan("Cache"), workStarted(), phaseStarted(1), phaseCompleted(1))
                .and(testingStarted(), fixed(), reopened(), plan("Cache", "Index"))
                .when(START)
                .then(workStarted(), phaseStarted(2));
    }

    @Test
    void work_that_starts_again_after_all_phases_starts_none() {
        given(opened(), plan("Cache"), workStarted(), phaseStarted(1), phaseCompleted(1))
                .and(testingStarted(), fixed(), reopened())
                .when(START)
                .then(workStarted());
    }

    @Test
    void the_running_phase_is_completed_and_the_next_one_starts() {
        PhaseCompleted completed = new PhaseCompleted(1, "half the time");
        given(opened(), plan("Cache", "Index"), workStarted(), phaseStarted(1))
                .when(new AdvancePhase(completed))
                .then(completed, phaseStarted(2));
    }

    @Test
    void the_last_phase_is_completed_and_none_starts() {
        given(opened(), plan("Cache"), workStarted(), phaseStarted(1))
                .when(new AdvancePhase(phaseCompleted(1)))
                .then(phaseCompleted(1));
    }

    @Test
    void a_phase_is_not_advanced_where_none_runs() {
        IssueScenario withoutPlan = given(opened(), workStarted());
        withoutPlan.when(new AdvancePhase(phaseCompleted(1))).refused(Reason.NO_RUNNING_PHASE);
        withoutPlan.when(new AdvancePhase(phaseCompleted(-7))).refused(Reason.NO_RUNNING_PHASE);
        given(opened(), plan("Cache"), workStarted(), phaseStarted(1), phaseCompleted(1))
                .when(new AdvancePhase(phaseCompleted(1)))
                .refused(Reason.NO_RUNNING_PHASE);
    }

    @Test
    void another_phase_than_the_running_one_is_not_advanced() {
        IssueScenario firstRuns = given(opened(), plan("Cache", "Index"), workStarted(), phaseStarted(1));
        firstRuns.when(new AdvancePhase(phaseCompleted(2))).refused(Reason.WRONG_PHASE);
        firstRuns.when(new AdvancePhase(phaseCompleted(0))).refused(Reason.WRONG_PHASE);
        firstRuns.when(new AdvancePhase(phaseCompleted(Long.MAX_VALUE))).refused(Reason.WRONG_PHASE);
    }

    @Test
    void a_phase_runs_on_through_returning_fixing_closing_and_reopening() {
        given(opened(), plan("Cache", "Index"), workStarted(), phaseStarted(1), testingStarted(), workResumed())
                .when(new AdvancePhase(phaseCompleted(1)))
                .then(phaseCompleted(1), phaseStarted(2))
                .and(testingStarted(), fixed(), confirmed(ROOT_CAUSE, PHASES), reopened())
                .when(START)
                .then(workStarted())
                .when(new AdvancePhase(phaseCompleted(2)))
                .then(phaseCompleted(2));
    }

    @Test
    void a_phase_that_runs_in_a_reopened_issue_may_not_be_dropped() {
        given(opened(), plan("Cache", "Index"), workStarted(), phaseStarted(1), phaseCompleted(1), phaseStarted(2))
                .and(closed(WONT_FIX), reopened())
                .when(new PlanPhases(plan("Cache")))
                .refused(Reason.RUNNING_PHASE_DROPPED);
    }

    @Test
    void phases_must_be_completed_before_an_issue_is_confirmed() {
        given(opened(), plan("Cache"), workStarted(), phaseStarted(1), testingStarted(), fixed())
                .when(new CloseIssue(confirmed(ROOT_CAUSE)))
                .unmet(PHASES);
        given(opened(), plan("Cache"), workStarted(), phaseStarted(1), phaseCompleted(1), testingStarted(), fixed())
                .when(new CloseIssue(confirmed(ROOT_CAUSE)))
                .then(confirmed(ROOT_CAUSE));
    }

    @Test
    void without_a_running_phase_advancing_is_refused() {
        IssueState working = given(opened(), workStarted()).state();
        assertThat(working.allowedCommands()).doesNotContain("advance-phase");
        assertThat(working.refusedCommands())
                .filteredOn(refused -> refused.command().equals("advance-phase"))
                .extracting(IssueState.NotAllowed::reason)
                .containsExactly(Reason.NO_RUNNING_PHASE);
        assertThat(given(IssueExamples.standing(Status.IN_PROGRESS)).state().allowedCommands())
                .contains("advance-phase");
    }
}
