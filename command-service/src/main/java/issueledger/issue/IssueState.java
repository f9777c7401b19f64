package issueledger.issue;

import static issueledger.events.Resolution.CONFIRMED;
import static issueledger.events.Resolution.DUPLICATE;
import static issueledger.events.Resolution.NOT_REPRODUCIBLE;
import static issueledger.events.Resolution.WONT_FIX;
import static issueledger.events.Status.CLOSED;
import static issueledger.events.Status.FIXED;
import static issueledger.events.Status.IN_PROGRESS;
import static issueledger.events.Status.OPEN;
import static issueledger.events.Status.TESTING;
import static issueledger.issue.CommandRule.Trait.CHANGES_STATUS;
import static issueledger.issue.CommandRule.Trait.NEEDS_REASON;
import static issueledger.issue.CommandRule.Trait.REMOVES;
import static issueledger.issue.CommandRule.rule;

import issueledger.events.Better;
import issueledger.events.Description;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.DescriptionRevised;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.IssueEvent.IssueAssigned;
import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.IssueFixed;
import issueledger.events.IssueEvent.IssueOpened;
import issueledger.events.IssueEvent.IssueReopened;
import issueledger.events.IssueEvent.LabelsChanged;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.MetricWithdrawn;
import issueledger.events.IssueEvent.NoteCorrected;
import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.IssueEvent.PhaseCompleted;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.IssueEvent.ReferenceAdded;
import issueledger.events.IssueEvent.ReferenceRemoved;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.IssueEvent.RelatedFileUnlinked;
import issueledger.events.IssueEvent.RootCauseRecorded;
import issueledger.events.IssueEvent.SolutionProposed;
import issueledger.events.IssueEvent.TestRunRecorded;
import issueledger.events.IssueEvent.TestingStarted;
import issueledger.events.IssueEvent.TestingStrategyDefined;
import issueledger.events.IssueEvent.WorkResumed;
import issueledger.events.IssueEvent.WorkStarted;
import issueledger.events.MetricKind;
import issueledger.events.MetricSeries;
import issueledger.events.PlannedPhase;
import issueledger.events.Requirement;
import issueledger.events.Resolution;
import issueledger.events.Rfc3339;
import issueledger.events.Status;
import issueledger.events.TestKind;
import issueledger.events.TestOutcome;
import issueledger.events.Waiver;
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
import issueledger.issue.Refusal.Rejected;
import issueledger.issue.Refusal.Unmet;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of an issue's state that decisions need. {@link #decide} and {@link #evolve} are pure: a state never changes, and
 * whatever a decision depends on beyond it comes in its {@link Context}.
 */
public final class IssueState implements Cloneable {
    /** How many notes, metric records, test runs, files or references may stand in one issue. */
    static final int MAX_ITEMS = 500;

    static final int MAX_LABELS = 100;

    /** Maximum size of an issue's payloads together, in bytes of UTF-8. */
    static final long MAX_PAYLOAD = 8L * 1024 * 1024;

    /** An issue that was not opened yet. */
    public static final IssueState NONE = new IssueState();

    private static final Set<Status> ANY = EnumSet.allOf(Status.class);
    private static final Set<Status> NOT_CLOSED = EnumSet.complementOf(EnumSet.of(CLOSED));
    private static final Set<Status> UNDER_WAY = EnumSet.of(IN_PROGRESS, TESTING, FIXED);

    /** Every command with its rule: docs/commands.md, "When a command is allowed", its required reasons and its limits. */
    static final List<CommandRule<?>> RULES = List.of(
            rule(OpenIssue.class, ANY, IssueState::open),
            rule(ReviseDescription.class, NOT_CLOSED, IssueState::reviseDescription),
            rule(RecordRootCause.class, NOT_CLOSED, IssueState::recordRootCause),
            rule(AssessImpact.class, NOT_CLOSED, IssueState::assessImpact),
            rule(ProposeSolution.class, NOT_CLOSED, IssueState::proposeSolution),
            rule(PlanPhases.class, NOT_CLOSED, IssueState::planPhases),
            rule(DefineTestingStrategy.class, NOT_CLOSED, IssueState::defineTestingStrategy),
            rule(StartWork.class, EnumSet.of(OPEN), IssueState::startWork, CHANGES_STATUS),
            rule(AdvancePhase.class, UNDER_WAY, IssueState::advancePhase),
            rule(StartTesting.class, EnumSet.of(IN_PROGRESS), IssueState::startTesting, CHANGES_STATUS),
            rule(RecordTestRun.class, UNDER_WAY, IssueState::recordTestRun)
                    .atMost(MAX_ITEMS, "test runs", issue -> issue.testRuns),
            rule(ReturnToWork.class, EnumSet.of(TESTING), IssueState::returnToWork, CHANGES_STATUS, NEEDS_REASON),
            rule(MarkFixed.class, EnumSet.of(TESTING), IssueState::markFixed, CHANGES_STATUS),
            rule(CloseIssue.class, EnumSet.of(FIXED), IssueState::close, CHANGES_STATUS)
                    .as(CONFIRMED),
            rule(CloseIssue.class, NOT_CLOSED, IssueState::close, CHANGES_STATUS)
                    .as(DUPLICATE),
            rule(CloseIssue.class, NOT_CLOSED, IssueState::close, CHANGES_STATUS, NEEDS_REASON)
                    .as(WONT_FIX, NOT_REPRODUCIBLE),
            rule(ReopenIssue.class, EnumSet.of(FIXED, CLOSED), IssueState::reopen, CHANGES_STATUS, NEEDS_REASON),
            rule(RecordNote.class, ANY, IssueState::recordNote).atMost(MAX_ITEMS, "notes", issue -> issue.notes.size()),
            rule(CorrectNote.class, ANY, IssueState::correctNote, NEEDS_REASON),
            rule(RecordMetric.class, ANY, IssueState::recordMetric)
                    .atMost(MAX_ITEMS, "metric records", issue -> issue.metrics.size()),
            rule(WithdrawMetric.class, NOT_CLOSED, IssueState::withdrawMetric, NEEDS_REASON, REMOVES),
            rule(LinkFile.class, NOT_CLOSED, IssueState::linkFile)
                    .atMost(MAX_ITEMS, "files", issue -> issue.files.size()),
            rule(UnlinkFile.class, NOT_CLOSED, IssueState::unlinkFile, REMOVES),
            rule(AddReference.class, NOT_CLOSED, IssueState::addReference)
                    .atMost(MAX_ITEMS, "references", issue -> issue.references.size()),
            rule(RemoveReference.class, NOT_CLOSED, IssueState::removeReference, REMOVES),
            rule(AssignIssue.class, NOT_CLOSED, IssueState::assign),
            rule(ChangeLabels.class, NOT_CLOSED, IssueState::changeLabels)
                    .atMost(MAX_LABELS, "labels", issue -> issue.labels.size()));

    private static final Map<Class<?>, List<CommandRule<?>>> RULES_OF = byCommand();

    private long version;
    private long payload;
    private Status status = OPEN;
    private Instant statusSince = Instant.EPOCH;
    private @Nullable String title;
    private @Nullable Description description;
    private @Nullable RootCauseRecorded rootCause;
    private @Nullable ImpactAssessed impact;
    private @Nullable SolutionProposed solution;
    private @Nullable TestingStrategyDefined testingStrategy;
    private List<PlannedPhase> phases = List.of();
    private int completedPhases;
    private @Nullable Long runningPhase;
    private int testRuns;
    private Map<TestKind, TestOutcome> latestRuns = Map.of();
    private List<String> notes = List.of();
    private List<Measured> metrics = List.of();
    private Map<String, Optional<String>> files = Map.of();
    private Map<Long, ReferenceAdded> references = Map.of();
    private long lastReference;
    private @Nullable String assignee;
    private Set<String> labels = Set.of();
    private @Nullable String duplicateOf;

    /**
     * Input of a decision beside the state.
     *
     * @param now the deciding service's clock
     * @param others the issue of an id as it stands, empty if there is none
     */
    public record Context(
            String issueId,
            @Nullable String reason,
            @Nullable Instant effectiveAt,
            Instant now,
            Function<String, Optional<Other>> others) {

        /** When the command takes effect. */
        Instant at() {
            return effectiveAt == null ? now : effectiveAt;
        }
    }

    /**
     * The part of another issue that a decision needs.
     *
     * @param duplicateOf the issue that it stands closed as a duplicate of
     */
    public record Other(@Nullable String duplicateOf) {}

    /** Why an issue does not accept a command now. */
    public record NotAllowed(String command, Reason reason, String detail) {}

    /** @param version the issue's, with the record */
    private record Measured(MetricRecorded metric, Instant measuredAt, long version, boolean withdrawn)
            implements MetricSeries.Measurement {
        Measured withdraw() {
            return new Measured(metric, measuredAt, version, true);
        }
    }

    private IssueState() {}

    /** The issue that this one stands closed as a duplicate of. */
    public @Nullable String duplicateOf() {
        return duplicateOf;
    }

    public long version() {
        return version;
    }

    /** Size of the events' payloads together, in bytes. */
    public long payload() {
        return payload;
    }

    public Status status() {
        return status;
    }

    // ---- decide

    /**
     * Decides a command: the events to record, none where they would change nothing.
     *
     * @throws Rejected with the first reason that holds
     */
    public List<IssueEvent> decide(IssueCommand command, Context context) {
        CommandRule<?> rule = ruleOf(command);
        if (!rule.statuses().contains(status)) {
            throw rejected(Reason.WRONG_STATUS, wrongStatus(what(command), rule.statuses()));
        }
        List<IssueEvent> events = rule.decide(this, command, context);
        refuseTooEarly(rule, context);
        refuseTooMany(rule, events, context);
        return events;
    }

    private static CommandRule<?> ruleOf(IssueCommand command) {
        Resolution closing = command instanceof CloseIssue c ? c.closing().resolution() : null;
        return rulesOf(command.getClass())
                .filter(rule -> rule.isFor(closing))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<CommandRule<?>> rulesOf(Class<? extends IssueCommand> command) {
        return Objects.requireNonNull(RULES_OF.get(command)).stream();
    }

    private static Map<Class<?>, List<CommandRule<?>>> byCommand() {
        Map<Class<?>, List<CommandRule<?>>> rules = RULES.stream().collect(Collectors.groupingBy(CommandRule::command));
        for (Class<?> command : IssueCommand.class.getPermittedSubclasses()) {
            if (!rules.containsKey(command)) {
                throw new IllegalStateException(command.getSimpleName() + " has no rule in IssueState.RULES");
            }
        }
        return rules;
    }

    /**
     * Whether a command always needs a reason.
     *
     * @param closing the resolution of a command that closes, null for another command or while it is not known
     */
    public static boolean needsReason(Class<? extends IssueCommand> command, @Nullable Resolution closing) {
        return rulesOf(command).anyMatch(rule -> rule.isFor(closing) && rule.is(NEEDS_REASON));
    }

    private List<IssueEvent> open(OpenIssue command, Context context) {
        if (version > 0) {
            throw rejected(Reason.ISSUE_EXISTS, "An issue with the id " + context.issueId() + " exists.");
        }
        return List.of(command.opening());
    }

    private List<IssueEvent> reviseDescription(ReviseDescription command) {
        DescriptionRevised revision = command.revision();
        boolean stands = (revision.title() == null || revision.title().equals(title))
                && (revision.description() == null || revision.description().equals(description));
        return unless(stands, revision);
    }

    private List<IssueEvent> recordRootCause(RecordRootCause command, Context context) {
        RootCauseRecorded cause = command.cause();
        boolean stands = cause.equals(rootCause);
        if (rootCause != null && !stands && context.reason() == null) {
            throw rejected(Reason.REASON_REQUIRED, "A root cause is recorded; replacing it needs a reason.");
        }
        return unless(stands, cause);
    }

    private List<IssueEvent> assessImpact(AssessImpact command) {
        return unless(command.impact().equals(impact), command.impact());
    }

    private List<IssueEvent> proposeSolution(ProposeSolution command) {
        return unless(command.solution().equals(solution), command.solution());
    }

    private List<IssueEvent> planPhases(PlanPhases command) {
        PhasesPlanned plan = command.plan();
        List<PlannedPhase> planned = plan.phases();
        for (int i = 0; i < completedPhases; i++) {
            if (i >= planned.size() || !planned.get(i).equals(phases.get(i))) {
                throw rejected(
                        Reason.COMPLETED_PHASE_CHANGED,
                        "Phase " + (i + 1) + " is completed; a new plan must have it as it is.");
            }
        }
        if (runningPhase != null && planned.size() < runningPhase) {
            throw rejected(
                    Reason.RUNNING_PHASE_DROPPED,
                    "Phase " + runningPhase + " is running; a new plan must have a phase of this number.");
        }
        if (planned.equals(phases)) {
            return List.of();
        }
        return UNDER_WAY.contains(status) ? withFirstUnfinished(plan, planned.size()) : List.of(plan);
    }

    private List<IssueEvent> defineTestingStrategy(DefineTestingStrategy command) {
        return unless(command.strategy().equals(testingStrategy), command.strategy());
    }

    private List<IssueEvent> startWork(StartWork command, Context context) {
        LocalDate day =
                command.startedOn() == null ? LocalDate.ofInstant(context.at(), ZoneOffset.UTC) : command.startedOn();
        return withFirstUnfinished(new WorkStarted(day), phases.size());
    }

    /** The event, and the start of the first unfinished phase if none runs. */
    private List<IssueEvent> withFirstUnfinished(IssueEvent event, int planned) {
        return runningPhase == null && completedPhases < planned
                ? List.of(event, new PhaseStarted(completedPhases + 1L))
                : List.of(event);
    }

    private List<IssueEvent> advancePhase(AdvancePhase command) {
        PhaseCompleted completion = command.completion();
        if (runningPhase == null) {
            throw rejected(Reason.NO_RUNNING_PHASE, "No phase is running.");
        }
        if (completion.phase() != runningPhase) {
            throw rejected(
                    Reason.WRONG_PHASE, "Phase " + runningPhase + " is running, not " + completion.phase() + ".");
        }
        return runningPhase < phases.size()
                ? List.of(completion, new PhaseStarted(runningPhase + 1))
                : List.of(completion);
    }

    private List<IssueEvent> startTesting(StartTesting command) {
        return List.of(new TestingStarted());
    }

    private List<IssueEvent> recordTestRun(RecordTestRun command) {
        return List.of(command.run());
    }

    private List<IssueEvent> returnToWork(ReturnToWork command) {
        return List.of(new WorkResumed());
    }

    private List<IssueEvent> markFixed(MarkFixed command) {
        refuseUnmet(EnumSet.of(Requirement.TESTS), command.fix().waivers());
        return List.of(command.fix());
    }

    private List<IssueEvent> close(CloseIssue command, Context context) {
        IssueClosed closing = command.closing();
        if (closing.resolution() == CONFIRMED) {
            refuseUnmet(EnumSet.of(Requirement.ROOT_CAUSE, Requirement.PHASES, Requirement.TARGETS), closing.waivers());
        }
        String original = closing.duplicateOf();
        if (original != null) {
            refuseCircle(original, context);
        }
        return List.of(closing);
    }

    /** Follows the duplicates from the named issue until one that is none, or that was met before. */
    private void refuseCircle(String original, Context context) {
        Set<String> met = new HashSet<>();
        for (String next = original; next != null && met.add(next); ) {
            if (next.equals(context.issueId())) {
                throw rejected(
                        Reason.DUPLICATE_OF_ITSELF,
                        next.equals(original)
                                ? "An issue cannot be a duplicate of itself."
                                : "The issue " + original + " is, directly or by others, a duplicate of this one.");
            }
            Optional<Other> other = context.others().apply(next);
            if (other.isEmpty() && next.equals(original)) {
                throw rejected(Reason.UNKNOWN_DUPLICATE, "No issue has the id " + original + ".");
            }
            next = other.map(Other::duplicateOf).orElse(null);
        }
    }

    private List<IssueEvent> reopen(ReopenIssue command) {
        return List.of(new IssueReopened());
    }

    private List<IssueEvent> recordNote(RecordNote command) {
        return List.of(new NoteRecorded(notes.size() + 1L, command.kind(), command.text()));
    }

    private List<IssueEvent> correctNote(CorrectNote command) {
        NoteCorrected correction = command.correction();
        long number = correction.note();
        if (number < 1 || number > notes.size()) {
            throw rejected(Reason.UNKNOWN_NOTE, "There is no note " + number + ".");
        }
        return unless(notes.get((int) number - 1).equals(correction.text()), correction);
    }

    /** The unit of a metric series, empty where the issue has none of it. */
    public Optional<String> unitOf(MetricSeries.Key key) {
        return first(key).map(MetricRecorded::unit);
    }

    private Optional<MetricRecorded> first(MetricSeries.Key key) {
        return metrics.stream()
                .map(Measured::metric)
                .filter(m -> MetricSeries.Key.of(m).equals(key))
                .findFirst();
    }

    private List<IssueEvent> recordMetric(RecordMetric command) {
        MetricRecorded metric = command.metric();
        Optional<MetricRecorded> known = first(MetricSeries.Key.of(metric));
        if (known.isEmpty()) {
            if (metric.better() == null) {
                throw rejected(Reason.DIRECTION_REQUIRED, "The first record of a series must say which way is better.");
            }
            return List.of(metric);
        }
        MetricRecorded first = known.get();
        if (!first.unit().equals(metric.unit())) {
            throw rejected(Reason.UNIT_MISMATCH, "The series is in " + first.unit() + ", not " + metric.unit() + ".");
        }
        Better better = Objects.requireNonNull(first.better(), "a series has a direction");
        if (metric.better() != null && metric.better() != better) {
            throw rejected(Reason.DIRECTION_MISMATCH, "In this series " + better + " is better.");
        }
        return List.of(metric.better(better));
    }

    private List<IssueEvent> withdrawMetric(WithdrawMetric command) {
        long number = command.withdrawal().metric();
        if (number < 1 || number > metrics.size()) {
            throw rejected(Reason.UNKNOWN_METRIC, "There is no metric record " + number + ".");
        }
        if (metrics.get((int) number - 1).withdrawn()) {
            throw rejected(Reason.UNKNOWN_METRIC, "The metric record " + number + " is withdrawn already.");
        }
        return List.of(command.withdrawal());
    }

    /** The number that the next metric record gets. */
    public long nextMetric() {
        return metrics.size() + 1L;
    }

    /** The number of the metric record that was recorded as a version of the issue. */
    public Optional<Long> metricAt(long recordedVersion) {
        for (int i = 0; i < metrics.size(); i++) {
            if (metrics.get(i).version() == recordedVersion) {
                return Optional.of(i + 1L);
            }
        }
        return Optional.empty();
    }

    private List<IssueEvent> linkFile(LinkFile command) {
        RelatedFileLinked link = command.link();
        return unless(Optional.ofNullable(link.purpose()).equals(files.get(link.path())), link);
    }

    private List<IssueEvent> unlinkFile(UnlinkFile command) {
        RelatedFileUnlinked unlink = command.unlink();
        if (!files.containsKey(unlink.path())) {
            throw rejected(Reason.UNKNOWN_FILE, "No file is linked as " + unlink.path() + ".");
        }
        return List.of(unlink);
    }

    private List<IssueEvent> addReference(AddReference command) {
        boolean stands = standing(command).isPresent();
        return unless(stands, new ReferenceAdded(lastReference + 1, command.title(), command.url(), command.kind()));
    }

    /** The number of the reference that is just what a command would add. */
    public Optional<Long> standing(AddReference command) {
        return references.values().stream()
                .filter(r -> r.title().equals(command.title())
                        && Objects.equals(r.url(), command.url())
                        && r.kind() == command.kind())
                .map(ReferenceAdded::reference)
                .findFirst();
    }

    private List<IssueEvent> removeReference(RemoveReference command) {
        ReferenceRemoved removal = command.removal();
        if (!references.containsKey(removal.reference())) {
            throw rejected(Reason.UNKNOWN_REFERENCE, "There is no reference " + removal.reference() + ".");
        }
        return List.of(removal);
    }

    private List<IssueEvent> assign(AssignIssue command) {
        return unless(Objects.equals(command.assignment().assignee(), assignee), command.assignment());
    }

    private List<IssueEvent> changeLabels(ChangeLabels command) {
        LabelsChanged change = command.change();
        List<String> come =
                change.add().stream().filter(label -> !labels.contains(label)).toList();
        List<String> go = change.remove().stream().filter(labels::contains).toList();
        return unless(come.isEmpty() && go.isEmpty(), new LabelsChanged(come, go));
    }

    private static List<IssueEvent> unless(boolean stands, IssueEvent event) {
        return stands ? List.of() : List.of(event);
    }

    // ---- rules

    private void refuseUnmet(Set<Requirement> needed, List<Waiver> waivers) {
        Set<Requirement> waived = waivers.stream().map(Waiver::requirement).collect(Collectors.toSet());
        List<Unmet> unmet = new ArrayList<>();
        for (Requirement requirement : needed) {
            String missing = waived.contains(requirement) ? null : missing(requirement);
            if (missing != null) {
                unmet.add(new Unmet(requirement, missing));
            }
        }
        if (!unmet.isEmpty()) {
            throw new Rejected(
                    Reason.REQUIREMENTS_UNMET,
                    unmet.stream().map(Unmet::detail).collect(Collectors.joining(" ")),
                    status,
                    allowedCommands(),
                    closeResolutions(),
                    List.copyOf(unmet));
        }
    }

    /** The missing part of a requirement; null if it is met. */
    private @Nullable String missing(Requirement requirement) {
        return switch (requirement) {
            case TESTS -> {
                List<TestKind> failed = latestRuns.entrySet().stream()
                        .filter(run -> run.getValue() == TestOutcome.FAILED)
                        .map(Map.Entry::getKey)
                        .toList();
                yield failed.isEmpty() ? null : "The latest run since testing started failed: " + failed + ".";
            }
            case ROOT_CAUSE -> rootCause == null ? "No root cause is recorded." : null;
            case PHASES ->
                completedPhases < phases.size()
                        ? completedPhases + " of " + phases.size() + " planned phases are completed."
                        : null;
            case TARGETS -> {
                List<String> missed = MetricSeries.of(metrics).stream()
                        .filter(series -> series.target() != null && !Boolean.TRUE.equals(series.targetMet()))
                        .map(this::missed)
                        .toList();
                yield missed.isEmpty() ? null : "Targets are not met: " + String.join("; ", missed) + ".";
            }
        };
    }

    /** The latest value of a series, when it was measured, and the target. */
    private String missed(MetricSeries series) {
        String target = "the target is " + (series.better() == Better.LOWER ? "at most " : "at least ")
                + Objects.requireNonNull(series.target()).toPlainString() + " " + series.unit();
        String latest = metrics.stream()
                .filter(m -> m.metric().kind() == MetricKind.MEASURED
                        && MetricSeries.Key.of(m.metric()).equals(series.key()))
                // Of those measured at the same time, the last recorded counts.
                .reduce((a, b) -> b.measuredAt().isBefore(a.measuredAt()) ? a : b)
                .map(m -> "the latest value, measured at " + m.measuredAt() + ", is "
                        + m.metric().value().toPlainString() + " " + series.unit())
                .orElse("no value is measured");
        return series.name() + " " + series.statistic() + " (" + series.environment() + "): " + latest + ", " + target;
    }

    private void refuseTooEarly(CommandRule<?> rule, Context context) {
        Instant at = context.effectiveAt();
        if (at != null && rule.is(CHANGES_STATUS) && at.isBefore(statusSince)) {
            throw rejected(
                    Reason.EFFECTIVE_TIME_TOO_EARLY,
                    "The status last changed at " + Rfc3339.format(statusSince) + "; effectiveAt is before it.");
        }
    }

    private void refuseTooMany(CommandRule<?> rule, List<IssueEvent> events, Context context) {
        if (events.isEmpty()) {
            return;
        }
        CommandRule.Limit limit = rule.limit();
        if (limit != null && limit.count().applyAsInt(after(events, context.at())) > limit.most()) {
            throw rejected(Reason.LIMIT_REACHED, "An issue has at most " + limit.most() + " " + limit.what() + ".");
        }
        if (!rule.is(CHANGES_STATUS) && !rule.is(REMOVES) && payload + sizeOf(events) > MAX_PAYLOAD) {
            throw rejected(Reason.LIMIT_REACHED, "The issue's payloads would exceed 8 MiB in all.");
        }
    }

    private IssueState after(List<IssueEvent> events, Instant at) {
        IssueState after = copy();
        events.forEach(event -> after.apply(event, at));
        return after;
    }

    private static long sizeOf(List<IssueEvent> events) {
        return events.stream().mapToLong(IssueState::sizeOf).sum();
    }

    private static long sizeOf(IssueEvent event) {
        return EventJson.MAPPER.writeValueAsBytes(event).length;
    }

    /** The statuses in which a command is allowed; for closing, with any resolution. */
    public static Set<Status> statusesOf(Class<? extends IssueCommand> command) {
        Set<Status> allowed = EnumSet.noneOf(Status.class);
        rulesOf(command).forEach(rule -> allowed.addAll(rule.statuses()));
        return allowed;
    }

    /** The reasons for which a command's row of the table refuses it, without those of its own decision. */
    public static Set<Reason> reasonsOf(Class<? extends IssueCommand> command) {
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        if (!statusesOf(command).equals(ANY)) {
            reasons.add(Reason.WRONG_STATUS);
        }
        if (rulesOf(command).anyMatch(rule -> rule.is(CHANGES_STATUS))) {
            reasons.add(Reason.EFFECTIVE_TIME_TOO_EARLY);
        } else if (command != OpenIssue.class && rulesOf(command).noneMatch(rule -> rule.is(REMOVES))) {
            reasons.add(Reason.LIMIT_REACHED);
        }
        return reasons;
    }

    private static String what(IssueCommand command) {
        String name = IssueCommand.nameOf(command.getClass());
        return command instanceof CloseIssue c ? name + " as " + c.closing().resolution() : name;
    }

    private String wrongStatus(String command, Set<Status> allowed) {
        return "The issue is " + status + "; " + command + " is allowed in "
                + allowed.stream().map(Status::name).collect(Collectors.joining(", ")) + ".";
    }

    private Rejected rejected(Reason reason, String detail) {
        return new Rejected(
                reason, detail, version == 0 ? null : status, allowedCommands(), closeResolutions(), List.of());
    }

    /** The names of the commands that the issue accepts now, by its status and phase. */
    public List<String> allowedCommands() {
        Set<String> refused =
                refusedCommands().stream().map(NotAllowed::command).collect(Collectors.toSet());
        return IssueCommand.BY_NAME.entrySet().stream()
                .filter(e -> e.getValue() != OpenIssue.class)
                .map(Map.Entry::getKey)
                .filter(name -> !refused.contains(name))
                .toList();
    }

    /** The resolutions that the issue may be closed with now, by its status; empty where closing is refused. */
    public List<Resolution> closeResolutions() {
        return rulesOf(CloseIssue.class)
                .filter(rule -> rule.statuses().contains(status))
                .flatMap(rule -> rule.resolutions().stream())
                .sorted()
                .toList();
    }

    /** The commands that the issue refuses now by its status and phase, and why. */
    public List<NotAllowed> refusedCommands() {
        List<NotAllowed> refused = new ArrayList<>();
        IssueCommand.BY_NAME.forEach((name, type) -> {
            if (type == OpenIssue.class) {
                return; // An issue is not opened through its own path.
            }
            if (!statusesOf(type).contains(status)) {
                refused.add(new NotAllowed(name, Reason.WRONG_STATUS, wrongStatus(name, statusesOf(type))));
            } else if (type == AdvancePhase.class && runningPhase == null) {
                refused.add(new NotAllowed(name, Reason.NO_RUNNING_PHASE, "No phase is running."));
            }
        });
        return refused;
    }

    // ---- evolve

    /** The state after an event that took effect at a time. */
    public IssueState evolve(IssueEvent event, Instant at) {
        return evolve(event, at, version + 1);
    }

    /** @param newVersion the recorded event's; the same for all that upcasting makes of it */
    public IssueState evolve(IssueEvent event, Instant at, long newVersion) {
        IssueState next = copy();
        next.version = newVersion;
        next.payload += sizeOf(event);
        next.apply(event, at);
        return next;
    }

    /** Collections are never changed, only replaced, so a shallow copy is a state of its own. */
    private IssueState copy() {
        try {
            return (IssueState) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("IssueState is Cloneable", e);
        }
    }

    private void apply(IssueEvent event, Instant at) {
        switch (event) {
            case IssueOpened e -> {
                title = e.title();
                description = e.description();
                labels = new LinkedHashSet<>(e.labels());
                enter(OPEN, at);
            }
            case DescriptionRevised e -> {
                title = e.title() == null ? title : e.title();
                description = e.description() == null ? description : e.description();
            }
            case RootCauseRecorded e -> rootCause = e;
            case ImpactAssessed e -> impact = e;
            case SolutionProposed e -> solution = e;
            case PhasesPlanned e -> phases = e.phases();
            case PhaseStarted e -> runningPhase = e.phase();
            case PhaseCompleted e -> {
                completedPhases++;
                runningPhase = null;
            }
            case TestingStrategyDefined e -> testingStrategy = e;
            case WorkStarted e -> enter(IN_PROGRESS, at);
            case TestingStarted e -> {
                latestRuns = Map.of();
                enter(TESTING, at);
            }
            case TestRunRecorded e -> {
                testRuns++;
                EnumMap<TestKind, TestOutcome> runs = new EnumMap<>(TestKind.class);
                runs.putAll(latestRuns);
                runs.put(e.kind(), e.outcome());
                latestRuns = runs;
            }
            case WorkResumed e -> enter(IN_PROGRESS, at);
            case IssueFixed e -> enter(FIXED, at);
            case IssueClosed e -> {
                enter(CLOSED, at);
                duplicateOf = e.duplicateOf();
            }
            case IssueReopened e -> {
                enter(OPEN, at);
                duplicateOf = null;
            }
            case NoteRecorded e -> notes = with(notes, e.text());
            case NoteCorrected e -> notes = changed(notes, e.note() - 1, text -> e.text());
            case MetricRecorded e ->
                metrics = with(metrics, new Measured(e, e.measuredAt() == null ? at : e.measuredAt(), version, false));
            case MetricWithdrawn e -> metrics = changed(metrics, e.metric() - 1, Measured::withdraw);
            case RelatedFileLinked e -> files = with(files, e.path(), Optional.ofNullable(e.purpose()));
            case RelatedFileUnlinked e -> files = without(files, e.path());
            case ReferenceAdded e -> {
                references = with(references, e.reference(), e);
                lastReference = e.reference();
            }
            case ReferenceRemoved e -> references = without(references, e.reference());
            case IssueAssigned e -> assignee = e.assignee();
            case LabelsChanged e -> {
                Set<String> changed = new LinkedHashSet<>(labels);
                e.remove().forEach(changed::remove);
                changed.addAll(e.add());
                labels = changed;
            }
        }
    }

    private void enter(Status next, Instant at) {
        status = next;
        statusSince = at;
    }

    private static <T> List<T> with(List<T> list, T item) {
        List<T> longer = new ArrayList<>(list.size() + 1);
        longer.addAll(list);
        longer.add(item);
        return longer;
    }

    private static <T> List<T> changed(List<T> list, long index, UnaryOperator<T> change) {
        List<T> changed = new ArrayList<>(list);
        changed.set(Math.toIntExact(index), change.apply(list.get(Math.toIntExact(index))));
        return changed;
    }

    private static <K, V> Map<K, V> with(Map<K, V> map, K key, V value) {
        Map<K, V> changed = new LinkedHashMap<>(map);
        changed.put(key, value);
        return changed;
    }

    private static <K, V> Map<K, V> without(Map<K, V> map, K key) {
        Map<K, V> changed = new LinkedHashMap<>(map);
        changed.remove(key);
        return changed;
    }
}
