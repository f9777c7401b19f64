package issueledger.issue;

import static issueledger.events.IssueExamples.assigned;
import static issueledger.events.IssueExamples.closed;
import static issueledger.events.IssueExamples.confirmed;
import static issueledger.events.IssueExamples.correction;
import static issueledger.events.IssueExamples.fixed;
import static issueledger.events.IssueExamples.impact;
import static issueledger.events.IssueExamples.labels;
import static issueledger.events.IssueExamples.linked;
import static issueledger.events.IssueExamples.measured;
import static issueledger.events.IssueExamples.opened;
import static issueledger.events.IssueExamples.passed;
import static issueledger.events.IssueExamples.phaseCompleted;
import static issueledger.events.IssueExamples.plan;
import static issueledger.events.IssueExamples.referenceRemoved;
import static issueledger.events.IssueExamples.revised;
import static issueledger.events.IssueExamples.rootCause;
import static issueledger.events.IssueExamples.solution;
import static issueledger.events.IssueExamples.standing;
import static issueledger.events.IssueExamples.strategy;
import static issueledger.events.IssueExamples.unlinked;
import static issueledger.events.Requirement.PHASES;
import static issueledger.events.Requirement.ROOT_CAUSE;
import static issueledger.events.Resolution.WONT_FIX;
import static issueledger.events.Severity.HIGH;
import static issueledger.events.TestKind.UNIT;
import static issueledger.issue.IssueScenario.given;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.NoteKind;
import issueledger.events.ReferenceKind;
import issueledger.events.Status;
import issueledger.issue.IssueCommand.AddReference;
import issueledger.issue.IssueCommand.AdvancePhase;
import issueledger.issue.IssueCommand.AssessImpact;
import issueledger.issue.IssueCommand.AssignIssue;
import issueledger.issue.IssueCommand.ChangeLabels;
import issueledger.issue.IssueCommand.CloseIssue;
import issueledger.issue.IssueCommand.CorrectNote;
import issueledger.issue.IssueCommand.DefineTestingStrategy;
import issueledger.issue.IssueCommand.LinkFile;
import issueledger.issue.IssueCommand.MarkFixed;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueCommand.PlanPhases;
import issueledger.issue.IssueCommand.ProposeSolution;
import issueledger.issue.IssueCommand.RecordMetric;
import issueledger.issue.IssueCommand.RecordNote;
import issueledger.issue.IssueCommand.RecordRootCause;
import issueledger.issue.IssueCommand.RecordTestRun;
import issueledger.issue.IssueCommand.RemoveReference;
import issueledger.issue.IssueCommand.ReopenIssue;
import issueledger.issue.IssueCommand.ReturnToWork;
import issueledger.issue.IssueCommand.ReviseDescription;
import issueledger.issue.IssueCommand.StartTesting;
import issueledger.issue.IssueCommand.StartWork;
import issueledger.issue.IssueCommand.UnlinkFile;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/commands.md, "When a command is allowed", by hand. */
class StatusTableTest {

    /** A command that any rule but the status's lets pass, and the statuses in which it is allowed. */
    record Row(IssueCommand command, String name, String statuses) {
        boolean allows(Status status) {
            return List.of(statuses.split(" ")).contains(status.name());
        }
    }

    private static final String ANY = "OPEN IN_PROGRESS TESTING FIXED CLOSED";
    private static final String NOT_CLOSED = "OPEN IN_PROGRESS TESTING FIXED";

    private static final List<Row> TABLE = List.of(
            new Row(new StartWork(null), "start-work", "OPEN"),
            new Row(new AdvancePhase(phaseCompleted(1)), "advance-phase", "IN_PROGRESS TESTING FIXED"),
            new Row(new RecordTestRun(passed(UNIT)), "record-test-run", "IN_PROGRESS TESTING FIXED"),
            new Row(new StartTesting(), "start-testing", "IN_PROGRESS"),
            new Row(new ReturnToWork(), "return-to-work", "TESTING"),
            new Row(new MarkFixed(fixed()), "mark-fixed", "TESTING"),
            new Row(new CloseIssue(confirmed(ROOT_CAUSE, PHASES)), "close", "FIXED"),
            new Row(new CloseIssue(closed(WONT_FIX)), "close", NOT_CLOSED),
            new Row(new ReopenIssue(), "reopen", "FIXED CLOSED"),
            new Row(new RecordNote(NoteKind.DECISION, "cache it"), "record-note", ANY),
            new Row(new CorrectNote(correction(1, "heard")), "correct-note", ANY),
            new Row(new RecordMetric(measured("340")), "record-metric", ANY),
            new Row(new ReviseDescription(revised("Orders crawl", null)), "revise-description", NOT_CLOSED),
            new Row(new RecordRootCause(rootCause("N+1 queries")), "record-root-cause", NOT_CLOSED),
            new Row(new AssessImpact(impact(HIGH)), "assess-impact", NOT_CLOSED),
            new Row(new ProposeSolution(solution("Cache")), "propose-solution", NOT_CLOSED),
            new Row(new PlanPhases(plan("Cache", "Measure")), "plan-phases", NOT_CLOSED),
            new Row(new DefineTestingStrategy(strategy("repository")), "define-testing-strategy", NOT_CLOSED),
            new Row(new LinkFile(linked("b.py", null)), "link-file", NOT_CLOSED),
            new Row(new UnlinkFile(unlinked("a.py")), "unlink-file", NOT_CLOSED),
            new Row(new AddReference("Plan", null, ReferenceKind.OTHER), "add-reference", NOT_CLOSED),
            new Row(new RemoveReference(referenceRemoved(1)), "remove-reference", NOT_CLOSED),
            new Row(new AssignIssue(assigned("ada")), "assign-issue", NOT_CLOSED),
            new Row(new ChangeLabels(labels(List.of("api"), List.of())), "change-labels", NOT_CLOSED));

    static List<Row> table() {
        return TABLE;
    }

    @ParameterizedTest
    @MethodSource("table")
    void a_command_is_accepted_in_its_statuses_and_refused_in_every_other(Row row) {
        for (Status status : Status.values()) {
            IssueScenario issue = given(standing(status));
            assertThat(issue.state().status()).isEqualTo(status);
            if (row.allows(status)) {
                assertThat(issue.state()
                                .decide(row.command(), issue.when(row.command()).context()))
                        .as("%s in %s", row.command(), status)
                        .isNotEmpty();
            } else {
                assertThat(issue.when(row.command()).refused(Reason.WRONG_STATUS))
                        .hasMessageContaining(status.name())
                        .hasMessageContaining(row.statuses().replace(" ", ", "));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_issue_is_not_opened_again_in_any_status(Status status) {
        given(standing(status)).when(new OpenIssue(null, opened())).refused(Reason.ISSUE_EXISTS);
    }

    @Test
    void the_table_has_every_command() {
        Set<Class<?>> rows = Stream.concat(
                        TABLE.stream().map(row -> row.command().getClass()), Stream.of(OpenIssue.class))
                .collect(Collectors.toSet());
        assertThat(rows).containsExactlyInAnyOrder(IssueCommand.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("table")
    void a_command_goes_by_its_kebab_case_name(Row row) {
        assertThat(IssueCommand.nameOf(row.command().getClass())).isEqualTo(row.name());
        assertThat(IssueCommand.BY_NAME).containsEntry(row.name(), row.command().getClass());
    }

    @ParameterizedTest
    @EnumSource
    void an_issue_tells_what_it_accepts_and_what_it_refuses(Status status) {
        IssueState issue = given(standing(status)).state();
        Set<String> accepted = TABLE.stream()
                .filter(row -> row.allows(status))
                .map(Row::name)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(issue.allowedCommands()).containsExactlyElementsOf(accepted);
        assertThat(issue.refusedCommands()).allSatisfy(refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.WRONG_STATUS);
            assertThat(refused.detail()).contains(status.name());
        });
        Set<String> refused = TABLE.stream().map(Row::name).collect(Collectors.toCollection(TreeSet::new));
        refused.removeAll(accepted);
        assertThat(issue.refusedCommands())
                .extracting(IssueState.NotAllowed::command)
                .containsExactlyElementsOf(refused);
    }

    @Test
    void the_reason_codes_stand_in_the_order_in_which_they_answer() {
        assertThat(Arrays.stream(Reason.values()).map(Enum::name))
                .containsExactly(
                        "ISSUE_EXISTS",
                        "WRONG_STATUS",
                        "REQUIREMENTS_UNMET",
                        "REASON_REQUIRED",
                        "NO_RUNNING_PHASE",
                        "WRONG_PHASE",
                        "COMPLETED_PHASE_CHANGED",
                        "RUNNING_PHASE_DROPPED",
                        "UNIT_MISMATCH",
                        "DIRECTION_MISMATCH",
                        "DIRECTION_REQUIRED",
                        "UNKNOWN_NOTE",
                        "UNKNOWN_FILE",
                        "UNKNOWN_REFERENCE",
                        "UNKNOWN_DUPLICATE",
                        "DUPLICATE_OF_ITSELF",
                        "EFFECTIVE_TIME_TOO_EARLY",
                        "LIMIT_REACHED");
    }
}
