package issueledger.issue;

import issueledger.events.Better;
import issueledger.events.Description;
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
import issueledger.events.NoteKind;
import issueledger.events.PlannedPhase;
import issueledger.events.ReferenceKind;
import issueledger.events.Requirement;
import issueledger.events.Resolution;
import issueledger.events.Severity;
import issueledger.events.Statistic;
import issueledger.events.Status;
import issueledger.events.TestKind;
import issueledger.events.TestOutcome;
import issueledger.events.Waiver;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What happens to an issue about slow orders, said briefly. */
final class IssueExamples {
    static final String ISSUE = "slow-orders";

    private IssueExamples() {}

    static IssueOpened opened(String... labels) {
        return new IssueOpened("Orders are slow", description("It takes 5 s."), List.of(labels));
    }

    static Description description(String text) {
        return new Description(text, List.of(), List.of(), null, List.of("POST /api/orders"));
    }

    static DescriptionRevised revised(@Nullable String title, @Nullable Description description) {
        return new DescriptionRevised(title, description);
    }

    static RootCauseRecorded rootCause(String cause) {
        return new RootCauseRecorded(cause, List.of(), List.of());
    }

    static ImpactAssessed impact(Severity severity) {
        return new ImpactAssessed(severity, null, null, List.of());
    }

    static SolutionProposed solution(String approach) {
        return new SolutionProposed(approach, List.of(), List.of(), List.of(), List.of());
    }

    static PhasesPlanned plan(String... names) {
        return new PhasesPlanned(Arrays.stream(names).map(IssueExamples::phase).toList());
    }

    static PlannedPhase phase(String name) {
        return new PlannedPhase(name, null, null, null, null);
    }

    static PhaseStarted phaseStarted(long phase) {
        return new PhaseStarted(phase);
    }

    static PhaseCompleted phaseCompleted(long phase) {
        return new PhaseCompleted(phase, null);
    }

    static TestingStrategyDefined strategy(String unitTest) {
        return new TestingStrategyDefined(List.of(unitTest), List.of(), List.of(), List.of());
    }

    static WorkStarted workStarted() {
        return new WorkStarted(LocalDate.parse("2026-02-14"));
    }

    static TestingStarted testingStarted() {
        return new TestingStarted();
    }

    static TestRunRecorded passed(TestKind kind) {
        return run(kind, TestOutcome.PASSED);
    }

    static TestRunRecorded failed(TestKind kind) {
        return run(kind, TestOutcome.FAILED);
    }

    private static TestRunRecorded run(TestKind kind, TestOutcome outcome) {
        return new TestRunRecorded(kind, outcome, null, null, null, null, null);
    }

    static WorkResumed workResumed() {
        return new WorkResumed();
    }

    static IssueFixed fixed(Requirement... waived) {
        return new IssueFixed("2.4.1", null, waivers(waived));
    }

    static IssueClosed confirmed(Requirement... waived) {
        return closed(Resolution.CONFIRMED, waived);
    }

    static IssueClosed closed(Resolution resolution, Requirement... waived) {
        return new IssueClosed(resolution, null, waivers(waived));
    }

    static IssueClosed duplicateOf(String original) {
        return new IssueClosed(Resolution.DUPLICATE, original, List.of());
    }

    private static List<Waiver> waivers(Requirement... waived) {
        return Arrays.stream(waived)
                .map(requirement -> new Waiver(requirement, "agreed with the owner"))
                .toList();
    }

    static IssueReopened reopened() {
        return new IssueReopened();
    }

    static NoteRecorded note(long number, String text) {
        return new NoteRecorded(number, NoteKind.PROGRESS, text);
    }

    static NoteCorrected correction(long number, String text) {
        return new NoteCorrected(number, text);
    }

    static MetricRecorded baseline(String value) {
        return latency(MetricKind.BASELINE, value, null);
    }

    static MetricRecorded target(String value) {
        return latency(MetricKind.TARGET, value, null);
    }

    static MetricRecorded measured(String value) {
        return latency(MetricKind.MEASURED, value, null);
    }

    static MetricRecorded measured(String value, String at) {
        return latency(MetricKind.MEASURED, value, Instant.parse(at));
    }

    private static MetricRecorded latency(MetricKind kind, String value, @Nullable Instant at) {
        return metric(kind, "latency", "ms", Better.LOWER, value, at);
    }

    static MetricRecorded metric(
            MetricKind kind, String name, String unit, @Nullable Better better, String value, @Nullable Instant at) {
        return new MetricRecorded(
                kind, name, Statistic.P95, unit, new BigDecimal(value), "production", better, at, null);
    }

    static RelatedFileLinked linked(String path, @Nullable String purpose) {
        return new RelatedFileLinked(path, purpose);
    }

    static RelatedFileUnlinked unlinked(String path) {
        return new RelatedFileUnlinked(path);
    }

    static ReferenceAdded reference(long number, String title) {
        return new ReferenceAdded(number, title, null, ReferenceKind.OTHER);
    }

    static ReferenceRemoved referenceRemoved(long number) {
        return new ReferenceRemoved(number);
    }

    static IssueAssigned assigned(@Nullable String assignee) {
        return new IssueAssigned(assignee);
    }

    static LabelsChanged labels(List<String> add, List<String> remove) {
        return new LabelsChanged(add, remove);
    }

    /** An issue in a status, with a running phase from IN_PROGRESS on, and one note, file and reference. */
    static IssueEvent[] standing(Status status) {
        Stream<IssueEvent> recorded = Stream.of(
                opened(), plan("Cache", "Index"), note(1, "seen"), linked("a.py", null), reference(1, "Profile"));
        Stream<IssueEvent> way = Stream.of(workStarted(), phaseStarted(1), testingStarted(), fixed(), confirmed());
        int steps = switch (status) {
            case OPEN -> 0;
            case IN_PROGRESS -> 2;
            case TESTING -> 3;
            case FIXED -> 4;
            case CLOSED -> 5;
        };
        return Stream.concat(recorded, way.limit(steps)).toArray(IssueEvent[]::new);
    }
}
