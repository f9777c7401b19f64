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
import static issueledger.events.IssueExamples.withdrawn;
import static issueledger.events.Requirement.PHASES;
import static issueledger.events.Requirement.ROOT_CAUSE;
import static issueledger.events.Resolution.WONT_FIX;
import static issueledger.events.Severity.HIGH;
import static issueledger.events.TestKind.UNIT;
import static issueledger.issue.IssueScenario.given;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.NoteKind;
import issueledger.events.ReferenceKind;
import issueledger.events.Resolution;
import issueledger.events.Status;
import issueledger.http.Contract;
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
import issueledger.issue.IssueCommand.WithdrawMetric;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the commands against docs/commands.md, "When a command is allowed", and the decisions against the rules. */
class StatusTableTest {
    /** The document's table, by hand. */
    private static final String DOCUMENTED = """
        | StartWork | OPEN |
        | AdvancePhase, RecordTestRun | IN_PROGRESS, TESTING, FIXED |
        | StartTesting | IN_PROGRESS |
        | ReturnToWork | TESTING |
        | MarkFixed | TESTING |
        | CloseIssue CONFIRMED | FIXED |
        | CloseIssue DUPLICATE, WONT_FIX, NOT_REPRODUCIBLE | any but CLOSED |
        | ReopenIssue | FIXED, CLOSED |
        | RecordNote, CorrectNote, RecordMetric | any |
        | the rest | any but CLOSED |
        """;

    /** A command that any rule but the status's lets pass. */
    record Row(IssueCommand command, String name) {
        Set<Status> statuses() {
            return documented(
                    command.getClass(),
                    command instanceof CloseIssue closing ? closing.closing().resolution() : null);
        }

        boolean allows(Status status) {
            return statuses().contains(status);
        }
    }

    private static final List<Row> TABLE = List.of(
            new Row(new StartWork(null), "start-work"),
            new Row(new AdvancePhase(phaseCompleted(1)), "advance-phase"),
            new Row(new RecordTestRun(passed(UNIT)), "record-test-run"),
            new Row(new StartTesting(), "start-testing"),
            new Row(new ReturnToWork(), "return-to-work"),
            new Row(new MarkFixed(fixed()), "mark-fixed"),
            new Row(new CloseIssue(confirmed(ROOT_CAUSE, PHASES)), "close"),
            new Row(new CloseIssue(closed(WONT_FIX)), "close"),
            new Row(new ReopenIssue(), "reopen"),
            new Row(new RecordNote(NoteKind.DECISION, "cache it"), "record-note"),
            new Row(new CorrectNote(correction(1, "heard")), "correct-note"),
            new Row(new RecordMetric(measured("340")), "record-metric"),
            new Row(new WithdrawMetric(withdrawn(1)), "withdraw-metric"),
            new Row(new ReviseDescription(revised("Orders crawl", null)), "revise-description"),
            new Row(new RecordRootCause(rootCause("N+1 queries")), "record-root-cause"),
            new Row(new AssessImpact(impact(HIGH)), "assess-impact"),
            new Row(new ProposeSolution(solution("Cache")), "propose-solution"),
            new Row(new PlanPhases(plan("Cache", "Measure")), "plan-phases"),
            new Row(new DefineTestingStrategy(strategy("repository")), "define-testing-strategy"),
            new Row(new LinkFile(linked("b.py", null)), "link-file"),
            new Row(new UnlinkFile(unlinked("a.py")), "unlink-file"),
            new Row(new AddReference("Plan", null, ReferenceKind.OTHER), "add-reference"),
            new Row(new RemoveReference(referenceRemoved(1)), "remove-reference"),
            new Row(new AssignIssue(assigned("ada")), "assign-issue"),
            new Row(new ChangeLabels(labels(List.of("api"), List.of())), "change-labels"));

    static List<Row> table() {
        return TABLE;
    }

    static List<CommandRule<?>> rules() {
        return IssueState.RULES.stream()
                .filter(rule -> rule.command() != OpenIssue.class)
                .toList();
    }

    private static Set<Status> documented(Class<?> command, @Nullable Resolution resolution) {
        String name = command.getSimpleName();
        for (String line : DOCUMENTED.lines().toList()) {
            List<String> cells = List.of(line.substring(2, line.length() - 2).split(" \\| "));
            List<String> commands = List.of(cells.get(0).split(",? "));
            if (cells.get(0).equals("the rest")
                    || (commands.contains(name) && (resolution == null || commands.contains(resolution.name())))) {
                return statuses(cells.get(1));
            }
        }
        throw new IllegalStateException("the last line is for every command");
    }

    private static Set<Status> statuses(String cell) {
        return switch (cell) {
            case "any" -> EnumSet.allOf(Status.class);
            case "any but CLOSED" -> EnumSet.complementOf(EnumSet.of(Status.CLOSED));
            default ->
                Arrays.stream(cell.split(", "))
                        .map(Status::valueOf)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Status.class)));
        };
    }

    @Test
    void the_table_here_is_the_documents() {
        assertThat(Contract.section("commands.md", "When a command is allowed")).contains(DOCUMENTED);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void a_rule_allows_its_command_in_the_documented_statuses(CommandRule<?> rule) {
        if (rule.resolutions().isEmpty()) {
            assertThat(rule.statuses()).isEqualTo(documented(rule.command(), null));
        }
        assertThat(rule.resolutions())
                .allSatisfy(
                        resolution -> assertThat(rule.statuses()).isEqualTo(documented(rule.command(), resolution)));
    }

    @ParameterizedTest
    @EnumSource
    void there_is_one_rule_of_closing_for_each_resolution(Resolution resolution) {
        assertThat(rules().stream().filter(rule -> rule.command() == CloseIssue.class && rule.isFor(resolution)))
                .hasSize(1);
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
                        .hasMessageContaining(
                                row.statuses().stream().map(Status::name).collect(Collectors.joining(", ")));
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

    @ParameterizedTest
    @EnumSource
    void an_issue_tells_the_resolutions_that_it_may_be_closed_with(Status status) {
        assertThat(given(standing(status)).state().closeResolutions())
                .containsExactlyElementsOf(Arrays.stream(Resolution.values())
                        .filter(resolution ->
                                documented(CloseIssue.class, resolution).contains(status))
                        .toList());
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
                        "UNKNOWN_METRIC",
                        "UNKNOWN_FILE",
                        "UNKNOWN_REFERENCE",
                        "UNKNOWN_DUPLICATE",
                        "DUPLICATE_OF_ITSELF",
                        "EFFECTIVE_TIME_TOO_EARLY",
                        "LIMIT_REACHED");
    }
}
