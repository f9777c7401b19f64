package issueledger.issue;

import issueledger.events.Checks;
import issueledger.events.IssueEvent.DescriptionRevised;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.IssueEvent.IssueAssigned;
import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.IssueFixed;
import issueledger.events.IssueEvent.IssueOpened;
import issueledger.events.IssueEvent.LabelsChanged;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.MetricWithdrawn;
import issueledger.events.IssueEvent.NoteCorrected;
import issueledger.events.IssueEvent.PhaseCompleted;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.IssueEvent.ReferenceRemoved;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.IssueEvent.RelatedFileUnlinked;
import issueledger.events.IssueEvent.RootCauseRecorded;
import issueledger.events.IssueEvent.SolutionProposed;
import issueledger.events.IssueEvent.TestRunRecorded;
import issueledger.events.IssueEvent.TestingStrategyDefined;
import issueledger.events.NoteKind;
import issueledger.events.ReferenceKind;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The commands of an issue. A command whose fields are those of its event holds that event, as the fact it asks to record,
 * so that a value is written and checked in one place.
 */
public sealed interface IssueCommand {

    /** Open an issue, under the client's own id if it sends one. */
    record OpenIssue(@Nullable String id, IssueOpened opening) implements IssueCommand {
        public OpenIssue {
            Checks checks = new Checks();
            if (id != null) {
                id = checks.issueId("/id", id);
            }
            checks.done();
        }
    }

    /** Replace the title, the description or both. */
    record ReviseDescription(DescriptionRevised revision) implements IssueCommand {}

    /** Record the cause, or another one with a reason. */
    record RecordRootCause(RootCauseRecorded cause) implements IssueCommand {}

    /** Say how bad it is. */
    record AssessImpact(ImpactAssessed impact) implements IssueCommand {}

    /** Propose a way to fix it. */
    record ProposeSolution(SolutionProposed solution) implements IssueCommand {}

    /** Plan the work in phases, or plan what is not done anew. */
    record PlanPhases(PhasesPlanned plan) implements IssueCommand {}

    /** Settle how the fix will be tested. */
    record DefineTestingStrategy(TestingStrategyDefined strategy) implements IssueCommand {}

    /** Begin work; without a day, on the day that it is. */
    record StartWork(@Nullable LocalDate startedOn) implements IssueCommand {}

    /** Complete the running phase and start the next. */
    record AdvancePhase(PhaseCompleted completion) implements IssueCommand {}

    /** Hand the fix to testing. */
    record StartTesting() implements IssueCommand {}

    /** Record how a test run ended. */
    record RecordTestRun(TestRunRecorded run) implements IssueCommand {}

    /** Go back from testing to work. */
    record ReturnToWork() implements IssueCommand {}

    /** Say that a release has the fix. */
    record MarkFixed(IssueFixed fix) implements IssueCommand {}

    /** End the issue. */
    record CloseIssue(IssueClosed closing) implements IssueCommand {}

    /** Take the issue up again. */
    record ReopenIssue() implements IssueCommand {}

    /** Write down a decision, a challenge or progress. */
    record RecordNote(NoteKind kind, String text) implements IssueCommand {
        public RecordNote {
            Checks checks = new Checks();
            kind = checks.required("/kind", kind);
            text = checks.text("/text", text);
            checks.done();
        }
    }

    /** Put a note's text right. */
    record CorrectNote(NoteCorrected correction) implements IssueCommand {}

    /** Record a value of a metric series. */
    record RecordMetric(MetricRecorded metric) implements IssueCommand {}

    /** Withdraw a metric record that is wrong. */
    record WithdrawMetric(MetricWithdrawn withdrawal) implements IssueCommand {}

    /** Link a file, or change what it is linked for. */
    record LinkFile(RelatedFileLinked link) implements IssueCommand {}

    /** Unlink a file. */
    record UnlinkFile(RelatedFileUnlinked unlink) implements IssueCommand {}

    /** Add a reference. */
    record AddReference(String title, @Nullable String url, ReferenceKind kind) implements IssueCommand {
        public AddReference {
            Checks checks = new Checks();
            title = checks.line("/title", title);
            url = checks.optionalUrl("/url", url);
            kind = kind == null ? ReferenceKind.OTHER : kind;
            checks.done();
        }
    }

    /** Remove a reference. */
    record RemoveReference(ReferenceRemoved removal) implements IssueCommand {}

    /** Give the issue to somebody, or to nobody. */
    record AssignIssue(IssueAssigned assignment) implements IssueCommand {}

    /** Add and remove labels. */
    record ChangeLabels(LabelsChanged change) implements IssueCommand {}

    /** The commands by their names in paths, in alphabetical order. */
    Map<String, Class<? extends IssueCommand>> BY_NAME = byName();

    Map<Class<? extends IssueCommand>, String> NAMES =
            BY_NAME.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    /** The command's name in paths: kebab-case, but {@code close} and {@code reopen}. */
    static String nameOf(Class<? extends IssueCommand> command) {
        return Objects.requireNonNull(NAMES.get(command));
    }

    private static String kebabCase(Class<? extends IssueCommand> command) {
        if (command == CloseIssue.class || command == ReopenIssue.class) {
            return command == CloseIssue.class ? "close" : "reopen";
        }
        return command.getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Map<String, Class<? extends IssueCommand>> byName() {
        Map<String, Class<? extends IssueCommand>> names = new TreeMap<>();
        Arrays.stream(IssueCommand.class.getPermittedSubclasses())
                .map(type -> type.<IssueCommand>asSubclass(IssueCommand.class))
                .forEach(type -> names.put(kebabCase(type), type));
        return names;
    }
}
