package issueledger.issue;

import static issueledger.events.IssueExamples.ISSUE;
import static issueledger.events.IssueExamples.closed;
import static issueledger.events.IssueExamples.confirmed;
import static issueledger.events.IssueExamples.duplicateOf;
import static issueledger.events.IssueExamples.failed;
import static issueledger.events.IssueExamples.fixed;
import static issueledger.events.IssueExamples.measured;
import static issueledger.events.IssueExamples.opened;
import static issueledger.events.IssueExamples.passed;
import static issueledger.events.IssueExamples.phaseStarted;
import static issueledger.events.IssueExamples.plan;
import static issueledger.events.IssueExamples.reopened;
import static issueledger.events.IssueExamples.rootCause;
import static issueledger.events.IssueExamples.standing;
import static issueledger.events.IssueExamples.target;
import static issueledger.events.IssueExamples.testingStarted;
import static issueledger.events.IssueExamples.withdrawn;
import static issueledger.events.IssueExamples.workResumed;
import static issueledger.events.IssueExamples.workStarted;
import static issueledger.events.Requirement.PHASES;
import static issueledger.events.Requirement.ROOT_CAUSE;
import static issueledger.events.Requirement.TARGETS;
import static issueledger.events.Requirement.TESTS;
import static issueledger.events.Resolution.CONFIRMED;
import static issueledger.events.Resolution.NOT_REPRODUCIBLE;
import static issueledger.events.Resolution.WONT_FIX;
import static issueledger.events.TestKind.INTEGRATION;
import static issueledger.events.TestKind.UNIT;
import static issueledger.issue.IssueScenario.THEN;
import static issueledger.issue.IssueScenario.given;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.WorkStarted;
import issueledger.events.IssueExamples;
import issueledger.events.MetricKind;
import issueledger.events.Status;
import issueledger.issue.IssueCommand.CloseIssue;
import issueledger.issue.IssueCommand.MarkFixed;
import issueledger.issue.IssueCommand.RecordTestRun;
import issueledger.issue.IssueCommand.ReopenIssue;
import issueledger.issue.IssueCommand.ReturnToWork;
import issueledger.issue.IssueCommand.StartTesting;
import issueledger.issue.IssueCommand.StartWork;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The way from OPEN to CLOSED and back, with what each step requires. */
class LifecycleTest {
    private static final Instant BEFORE = THEN.minusMillis(1);

    @Test
    void work_starts_on_the_day_that_is_given() {
        given(opened()).when(new StartWork(LocalDate.parse("2026-01-31"))).then(startedOn("2026-01-31"));
    }

    @Test
    void work_starts_on_the_utc_day_of_the_effective_time_else_of_the_clock() {
        given(opened())
                .effectiveAt(Instant.parse("2026-02-14T23:59:59.999Z"))
                .when(new StartWork(null))
                .then(startedOn("2026-02-14"));
        given(opened()).when(new StartWork(null)).then(startedOn("2026-02-15"));
    }

    private static WorkStarted startedOn(String day) {
        return new WorkStarted(LocalDate.parse(day));
    }

    @Test
    void testing_starts() {
        given(opened(), workStarted()).when(new StartTesting()).then(testingStarted());
    }

    @Test
    void a_test_run_is_recorded_and_the_same_one_is_always_new() {
        given(opened(), workStarted())
                .when(new RecordTestRun(passed(UNIT)))
                .then(passed(UNIT))
                .when(new RecordTestRun(passed(UNIT)))
                .then(passed(UNIT));
    }

    @Test
    void work_is_resumed() {
        assertThat(given(opened(), workStarted(), testingStarted())
                        .when(new ReturnToWork())
                        .then(workResumed())
                        .state()
                        .status())
                .isEqualTo(Status.IN_PROGRESS);
    }

    @Test
    void an_issue_is_fixed_without_any_test_run() {
        given(opened(), workStarted(), testingStarted())
                .when(new MarkFixed(fixed()))
                .then(fixed());
    }

    @Test
    void a_kind_of_test_that_failed_last_keeps_an_issue_from_being_fixed() {
        given(opened(), workStarted(), testingStarted(), failed(UNIT))
                .when(new MarkFixed(fixed()))
                .unmet(TESTS);
        given(opened(), workStarted(), testingStarted(), failed(UNIT), passed(INTEGRATION))
                .when(new MarkFixed(fixed()))
                .unmet(TESTS);
        given(opened(), workStarted(), testingStarted(), passed(UNIT), failed(UNIT))
                .when(new MarkFixed(fixed()))
                .unmet(TESTS);
    }

    @Test
    void a_failure_is_forgotten_when_its_kind_passes_later() {
        given(opened(), workStarted(), testingStarted(), failed(UNIT), passed(UNIT))
                .when(new MarkFixed(fixed()))
                .then(fixed());
    }

    @Test
    void only_runs_since_testing_started_count() {
        given(opened(), workStarted(), failed(UNIT), testingStarted())
                .when(new MarkFixed(fixed()))
                .then(fixed());
        given(opened(), workStarted(), testingStarted(), failed(UNIT), workResumed(), testingStarted())
                .when(new MarkFixed(fixed()))
                .then(fixed());
    }

    @Test
    void latest_run_goes_by_position_and_not_by_time() {
        given(opened(), workStarted(), testingStarted(), passed(UNIT))
                .and(THEN.minusSeconds(60), failed(UNIT))
                .when(new MarkFixed(fixed()))
                .unmet(TESTS);
    }

    @Test
    void failed_tests_are_waived_and_a_waiver_that_is_not_needed_is_kept() {
        given(opened(), workStarted(), testingStarted(), failed(UNIT))
                .when(new MarkFixed(fixed(TESTS)))
                .then(fixed(TESTS));
        given(opened(), workStarted(), testingStarted())
                .when(new MarkFixed(fixed(TESTS, TARGETS)))
                .then(fixed(TESTS, TARGETS));
    }

    @Test
    void a_fixed_issue_with_a_root_cause_is_confirmed() {
        given(fixedWith(rootCause("N+1 queries")))
                .when(new CloseIssue(confirmed()))
                .then(confirmed());
    }

    @Test
    void all_requirements_that_are_unmet_are_listed() {
        IssueScenario lackingAll = given(
                opened(),
                plan("Cache"),
                target("500"),
                workStarted(),
                phaseStarted(1),
                testingStarted(),
                failed(UNIT),
                fixed(TESTS));
        lackingAll.when(new CloseIssue(confirmed())).unmet(ROOT_CAUSE, PHASES, TARGETS);
        lackingAll.when(new CloseIssue(confirmed(PHASES))).unmet(ROOT_CAUSE, TARGETS);
        lackingAll.when(new CloseIssue(confirmed(TESTS, TARGETS))).unmet(ROOT_CAUSE, PHASES);
        lackingAll
                .when(new CloseIssue(confirmed(TARGETS, PHASES, ROOT_CAUSE)))
                .then(confirmed(TARGETS, PHASES, ROOT_CAUSE));
    }

    @Test
    void a_target_is_met_by_a_measured_value_that_equals_it() {
        given(fixedWith(rootCause("N+1 queries"), target("500"), measured("500.0")))
                .when(new CloseIssue(confirmed()))
                .then(confirmed());
    }

    @Test
    void a_target_is_missed_without_a_measured_value_or_with_a_worse_one() {
        given(fixedWith(rootCause("N+1 queries"), target("500")))
                .when(new CloseIssue(confirmed()))
                .unmet(TARGETS);
        given(fixedWith(rootCause("N+1 queries"), target("500"), measured("500.001")))
                .when(new CloseIssue(confirmed()))
                .unmet(TARGETS);
    }

    @Test
    void where_higher_is_better_the_measured_value_must_not_be_below_the_target() {
        IssueEvent target = IssueExamples.metric(
                MetricKind.TARGET, "throughput", "req/s", issueledger.events.Better.HIGHER, "100", null);
        given(fixedWith(rootCause("N+1 queries"), target, throughput("99")))
                .when(new CloseIssue(confirmed()))
                .unmet(TARGETS);
        given(fixedWith(rootCause("N+1 queries"), target, throughput("100")))
                .when(new CloseIssue(confirmed()))
                .then(confirmed());
    }

    private static IssueEvent throughput(String value) {
        return IssueExamples.metric(
                MetricKind.MEASURED, "throughput", "req/s", issueledger.events.Better.HIGHER, value, null);
    }

    @Test
    void every_series_with_a_target_must_meet_it() {
        given(fixedWith(rootCause("N+1 queries"), target("500"), measured("340"), otherTarget()))
                .when(new CloseIssue(confirmed()))
                .unmet(TARGETS);
    }

    @Test
    void a_withdrawn_target_asks_for_nothing_and_a_withdrawn_value_meets_none() {
        given(fixedWith(rootCause("N+1 queries"), target("500"), withdrawn(1)))
                .when(new CloseIssue(confirmed()))
                .then(confirmed());
        given(fixedWith(rootCause("N+1 queries"), target("500"), measured("340"), withdrawn(2)))
                .when(new CloseIssue(confirmed()))
                .unmet(TARGETS);
        given(fixedWith(rootCause("N+1 queries"), target("500"), measured("340"), measured("900"), withdrawn(3)))
                .when(new CloseIssue(confirmed()))
                .then(confirmed());
        given(fixedWith(rootCause("N+1 queries"), target("500"), target("100"), measured("340"), withdrawn(1)))
                .when(new CloseIssue(confirmed()))
                .unmet(TARGETS);
    }

    private static IssueEvent otherTarget() {
        return IssueExamples.metric(MetricKind.TARGET, "memory", "MB", issueledger.events.Better.LOWER, "200", null);
    }

    @Test
    void the_latest_measured_value_counts_by_its_time_and_then_by_its_position() {
        given(fixedWith(
                        rootCause("N+1 queries"),
                        target("500"),
                        measured("340", "2026-02-14T12:00:00Z"),
                        measured("900", "2026-02-14T11:00:00Z")))
                .when(new CloseIssue(confirmed()))
                .then(confirmed());
        given(fixedWith(
                        rootCause("N+1 queries"),
                        target("500"),
                        measured("340", "2026-02-14T12:00:00Z"),
                        measured("900", "2026-02-14T12:00:00Z")))
                .when(new CloseIssue(confirmed()))
                .unmet(TARGETS);
    }

    @Test
    void a_value_without_a_time_was_measured_at_its_effective_time() {
        given(fixedWith(rootCause("N+1 queries"), target("500"), measured("900", "2026-02-14T12:00:00Z")))
                .and(Instant.parse("2026-02-14T11:59:59Z"), measured("340"))
                .when(new CloseIssue(confirmed()))
                .unmet(TARGETS);
        given(fixedWith(rootCause("N+1 queries"), target("500"), measured("900", "2026-02-14T12:00:00Z")))
                .and(Instant.parse("2026-02-14T12:00:01Z"), measured("340"))
                .when(new CloseIssue(confirmed()))
                .then(confirmed());
    }

    private static IssueEvent[] fixedWith(IssueEvent... recorded) {
        IssueEvent[] all = new IssueEvent[recorded.length + 4];
        all[0] = opened();
        System.arraycopy(recorded, 0, all, 1, recorded.length);
        all[recorded.length + 1] = workStarted();
        all[recorded.length + 2] = testingStarted();
        all[recorded.length + 3] = fixed();
        return all;
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CLOSED"})
    void an_issue_is_given_up_from_any_status_and_no_requirement_asked_for(Status status) {
        given(standing(status)).when(new CloseIssue(closed(WONT_FIX))).then(closed(WONT_FIX));
        given(standing(status)).when(new CloseIssue(closed(NOT_REPRODUCIBLE))).then(closed(NOT_REPRODUCIBLE));
    }

    @Test
    void an_issue_is_closed_as_the_duplicate_of_one_that_exists() {
        given(opened())
                .besideIssue("slow-checkout")
                .when(new CloseIssue(duplicateOf("slow-checkout")))
                .then(duplicateOf("slow-checkout"));
    }

    @Test
    void a_duplicate_of_an_unknown_issue_is_refused() {
        given(opened()).when(new CloseIssue(duplicateOf("slow-checkout"))).refused(Reason.UNKNOWN_DUPLICATE);
    }

    @Test
    void a_duplicate_of_itself_is_refused() {
        given(opened()).when(new CloseIssue(duplicateOf(ISSUE))).refused(Reason.DUPLICATE_OF_ITSELF);
    }

    @Test
    void a_duplicate_that_leads_back_is_refused_by_however_many_steps() {
        given(opened())
                .besideDuplicate("a", "b")
                .besideDuplicate("b", ISSUE)
                .when(new CloseIssue(duplicateOf("a")))
                .refused(Reason.DUPLICATE_OF_ITSELF);
    }

    @Test
    void a_circle_of_others_ends_the_walk() {
        given(opened())
                .besideDuplicate("a", "b")
                .besideDuplicate("b", "a")
                .when(new CloseIssue(duplicateOf("a")))
                .then(duplicateOf("a"));
    }

    @Test
    void a_fixed_or_closed_issue_is_reopened() {
        for (Status status : new Status[] {Status.FIXED, Status.CLOSED}) {
            IssueScenario again =
                    given(standing(status)).when(new ReopenIssue()).then(reopened());
            assertThat(again.state().status()).isEqualTo(Status.OPEN);
        }
    }

    @Test
    void opening_counts_as_a_status_change() {
        given(opened()).effectiveAt(BEFORE).when(new StartWork(null)).refused(Reason.EFFECTIVE_TIME_TOO_EARLY);
        given(opened()).effectiveAt(THEN).when(new StartWork(null)).then(workStarted());
    }

    @Test
    void every_command_that_changes_the_status_is_held_against_the_last_change() {
        given(standing(Status.IN_PROGRESS))
                .effectiveAt(BEFORE)
                .when(new StartTesting())
                .refused(Reason.EFFECTIVE_TIME_TOO_EARLY);
        given(standing(Status.TESTING))
                .effectiveAt(BEFORE)
                .when(new ReturnToWork())
                .refused(Reason.EFFECTIVE_TIME_TOO_EARLY);
        given(standing(Status.TESTING))
                .effectiveAt(BEFORE)
                .when(new MarkFixed(fixed()))
                .refused(Reason.EFFECTIVE_TIME_TOO_EARLY);
        given(standing(Status.FIXED))
                .effectiveAt(BEFORE)
                .when(new CloseIssue(confirmed(ROOT_CAUSE, PHASES)))
                .refused(Reason.EFFECTIVE_TIME_TOO_EARLY);
        given(standing(Status.OPEN))
                .effectiveAt(BEFORE)
                .when(new CloseIssue(closed(WONT_FIX)))
                .refused(Reason.EFFECTIVE_TIME_TOO_EARLY);
        given(standing(Status.CLOSED))
                .effectiveAt(BEFORE)
                .when(new ReopenIssue())
                .refused(Reason.EFFECTIVE_TIME_TOO_EARLY);
    }

    @Test
    void only_changes_of_the_status_move_the_earliest_time() {
        given(opened())
                .and(THEN.plusSeconds(60), rootCause("N+1 queries"))
                .effectiveAt(THEN)
                .when(new StartWork(null))
                .then(workStarted());
        given(opened())
                .and(THEN.plusSeconds(60), workStarted())
                .effectiveAt(THEN)
                .when(new StartTesting())
                .refused(Reason.EFFECTIVE_TIME_TOO_EARLY);
    }

    @Test
    void the_effective_time_of_a_reopening_counts_too() {
        given(opened(), closed(WONT_FIX))
                .and(THEN.plusSeconds(60), reopened())
                .effectiveAt(THEN)
                .when(new StartWork(null))
                .refused(Reason.EFFECTIVE_TIME_TOO_EARLY);
    }

    @Test
    void a_command_without_an_effective_time_is_never_too_early() {
        given().and(Instant.parse("2026-02-15T00:35:00Z"), opened())
                .when(new StartWork(null))
                .then(startedOn("2026-02-15"));
    }

    @Test
    void a_command_that_leaves_the_status_alone_may_be_about_any_time() {
        given(opened(), workStarted())
                .effectiveAt(Instant.EPOCH)
                .when(new RecordTestRun(passed(UNIT)))
                .then(passed(UNIT));
    }

    @Test
    void a_second_test_is_required_only_by_fixing_and_the_others_only_by_confirming() {
        given(opened(), workStarted(), testingStarted(), target("500"))
                .when(new MarkFixed(fixed()))
                .then(fixed());
        given(fixedWith(rootCause("N+1 queries")))
                .and(failed(UNIT))
                .when(new CloseIssue(closed(CONFIRMED)))
                .then(closed(CONFIRMED));
    }
}
