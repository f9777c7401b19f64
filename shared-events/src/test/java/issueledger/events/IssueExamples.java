package issueledger.events;

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
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Events of one issue, slow orders, with fixed ids and times. Constants have every field; methods only the fields that matter to a test. */
public final class IssueExamples {
    public static final String ISSUE = "slow-orders";
    public static final String DUPLICATE = "orders-time-out";
    public static final String ACTOR = "ada";
    public static final Instant OPENED_AT = Instant.parse("2026-02-14T09:30:00.000Z");
    public static final Instant STARTED_AT = Instant.parse("2026-02-15T08:00:00.000Z");
    public static final Instant DEPLOYED_AT = Instant.parse("2026-02-27T18:00:00.000Z");
    public static final Instant MEASURED_AT = Instant.parse("2026-02-28T06:00:00.250Z");

    public static final Description DESCRIPTION = new Description(
            "Creating an order takes 5.2 s at the 95th percentile.\nIt took 0.3 s in January.",
            List.of("The checkout page shows a spinner", "Time-outs in the gateway's log"),
            List.of("Checkout", "Order import"),
            "Customers give up and call support.",
            List.of("POST /api/orders", "GET /api/orders/{id}"));

    public static final IssueOpened OPENED =
            new IssueOpened("Orders are slow to create", DESCRIPTION, List.of("performance", "orders"));

    public static final DescriptionRevised REVISED = new DescriptionRevised("Orders are very slow", DESCRIPTION);

    public static final RootCauseRecorded ROOT_CAUSE = new RootCauseRecorded(
            "The order lines are read one by one (`SELECT` in a loop).",
            List.of("No index on `order_line.order_id`"),
            List.of("Orders of more than 50 lines"));

    public static final ImpactAssessed IMPACT = new ImpactAssessed(
            Severity.HIGH,
            new AffectedUsers("Shops with large orders", new BigDecimal("12.50"), 1_200L),
            "About 3 % of the orders are lost.",
            List.of("Split large orders"));

    public static final SolutionProposed SOLUTION = new SolutionProposed(
            "Read all lines of an order with one query.",
            List.of("`OrderRepository.load`"),
            List.of("None beyond the repository"),
            List.of("Index on `order_line.order_id`"),
            List.of("p95 below 400 ms"));

    public static final PhasesPlanned PLAN = new PhasesPlanned(List.of(
            new PlannedPhase(
                    "One query",
                    "Replace the loop.",
                    "2 weeks",
                    LocalDate.parse("2026-02-15"),
                    LocalDate.parse("2026-02-28")),
            new PlannedPhase("Index", null, "3 days", null, null)));

    public static final PhaseStarted PHASE_STARTED = new PhaseStarted(1);
    public static final PhaseCompleted PHASE_COMPLETED = new PhaseCompleted(1, "One query per order.");

    public static final TestingStrategyDefined STRATEGY = new TestingStrategyDefined(
            List.of("Repository with 0, 1 and 500 lines"),
            List.of("Order import end to end"),
            List.of("200 orders/s for 10 minutes"),
            List.of("Totals as before"));

    public static final WorkStarted WORK_STARTED = new WorkStarted(LocalDate.parse("2026-02-15"));
    public static final TestingStarted TESTING_STARTED = new TestingStarted();

    public static final TestRunRecorded TEST_RUN = new TestRunRecorded(
            TestKind.PERFORMANCE,
            TestOutcome.PASSED,
            41L,
            0L,
            1L,
            "p95 340 ms at 200 orders/s",
            "https://ci.example.com/runs/4711");

    public static final WorkResumed WORK_RESUMED = new WorkResumed();

    public static final IssueFixed FIXED = new IssueFixed(
            "2026.2.1", DEPLOYED_AT, List.of(new Waiver(Requirement.TESTS, "The flaky test is known (orders-88).")));

    public static final IssueClosed CLOSED = new IssueClosed(
            Resolution.CONFIRMED, null, List.of(new Waiver(Requirement.TARGETS, "Good enough for spring.")));

    public static final IssueReopened REOPENED = new IssueReopened();

    public static final NoteRecorded NOTE =
            new NoteRecorded(1, NoteKind.DECISION, "We keep the lazy loading elsewhere – „naïve“, 直す, 🐢 → 🐇.");

    public static final NoteCorrected NOTE_CORRECTED =
            new NoteCorrected(1, "We keep lazy loading elsewhere:\n\t\"\\\" and </script> included.");

    public static final MetricRecorded BASELINE = new MetricRecorded(
            MetricKind.BASELINE,
            "latency",
            Statistic.P95,
            "ms",
            new BigDecimal("5200.10"),
            "production",
            Better.LOWER,
            MEASURED_AT,
            "Grafana, orders board",
            List.of(new BigDecimal("5200.10"), new BigDecimal("5100"), new BigDecimal("5300.5")),
            new MetricRun("9f2c1e7", "bench-1", "k6 1.4", "https://ci.example.com/orders/88"));

    public static final MetricWithdrawn METRIC_WITHDRAWN = new MetricWithdrawn(1);

    public static final RelatedFileLinked FILE_LINKED =
            new RelatedFileLinked("src/orders/OrderRepository.java", "Where the loop is");

    public static final RelatedFileUnlinked FILE_UNLINKED = new RelatedFileUnlinked("src/orders/OrderRepository.java");

    public static final ReferenceAdded REFERENCE =
            new ReferenceAdded(1, "N+1 explained", "https://example.com/n-plus-1?a=1&b=ü", ReferenceKind.DOCUMENTATION);

    public static final ReferenceRemoved REFERENCE_REMOVED = new ReferenceRemoved(1);
    public static final IssueAssigned ASSIGNED = new IssueAssigned("grace");
    public static final LabelsChanged LABELS = new LabelsChanged(List.of("database"), List.of("orders"));

    /** One event of each type with every field given, in an order in which they could happen. */
    public static final List<IssueEvent> FULL = List.of(
            OPENED,
            REVISED,
            ROOT_CAUSE,
            IMPACT,
            SOLUTION,
            PLAN,
            STRATEGY,
            ASSIGNED,
            LABELS,
            BASELINE,
            METRIC_WITHDRAWN,
            WORK_STARTED,
            PHASE_STARTED,
            FILE_LINKED,
            FILE_UNLINKED,
            REFERENCE,
            REFERENCE_REMOVED,
            NOTE,
            NOTE_CORRECTED,
            PHASE_COMPLETED,
            TESTING_STARTED,
            WORK_RESUMED,
            TEST_RUN,
            FIXED,
            CLOSED,
            REOPENED);

    /** One event of each type that has optional fields, with none of them given. */
    public static final List<IssueEvent> MINIMAL = List.of(
            new IssueOpened("Slow", new Description("5 s", null, null, null, null), null),
            new DescriptionRevised("Slower", null),
            new RootCauseRecorded("A loop", null, null),
            new ImpactAssessed(Severity.LOW, null, null, null),
            new SolutionProposed("No loop", null, null, null, null),
            new PhasesPlanned(List.of(new PlannedPhase("Fix", null, null, null, null))),
            new PhaseCompleted(1, null),
            new TestingStrategyDefined(List.of("All of it"), null, null, null),
            new TestRunRecorded(TestKind.UNIT, TestOutcome.FAILED, null, null, null, null, null),
            new IssueFixed("2026.2.1", null, null),
            new IssueClosed(Resolution.DUPLICATE, DUPLICATE, null),
            new MetricRecorded(
                    MetricKind.MEASURED, "latency", Statistic.P95, "ms", new BigDecimal("340"), null, null, null, null),
            new RelatedFileLinked("src/orders/OrderRepository.java", null),
            new ReferenceAdded(1, "Ticket 88", null, null),
            new IssueAssigned(null),
            new LabelsChanged(null, List.of("orders")));

    public static final EventMetadata METADATA = new EventMetadata(
            ACTOR,
            "Reported by the shop \"Blümchen\"",
            "019c5b2e-0000-7000-8000-000000000001",
            "019c5b2e-0000-7000-8000-000000000001",
            "019c5b2e-0000-7000-8000-000000000001",
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "order-import-88",
            STARTED_AT);

    private IssueExamples() {}

    public static IssueOpened opened(String... labels) {
        return new IssueOpened("Orders are slow", description("It takes 5 s."), List.of(labels));
    }

    public static Description description(String text) {
        return new Description(text, List.of(), List.of(), null, List.of("POST /api/orders"));
    }

    public static DescriptionRevised revised(@Nullable String title, @Nullable Description description) {
        return new DescriptionRevised(title, description);
    }

    public static RootCauseRecorded rootCause(String cause) {
        return new RootCauseRecorded(cause, List.of(), List.of());
    }

    public static ImpactAssessed impact(Severity severity) {
        return new ImpactAssessed(severity, null, null, List.of());
    }

    public static SolutionProposed solution(String approach) {
        return new SolutionProposed(approach, List.of(), List.of(), List.of(), List.of());
    }

    public static PhasesPlanned plan(String... names) {
        return new PhasesPlanned(Arrays.stream(names).map(IssueExamples::phase).toList());
    }

    public static PlannedPhase phase(String name) {
        return new PlannedPhase(name, null, null, null, null);
    }

    public static PhaseStarted phaseStarted(long phase) {
        return new PhaseStarted(phase);
    }

    public static PhaseCompleted phaseCompleted(long phase) {
        return new PhaseCompleted(phase, null);
    }

    public static TestingStrategyDefined strategy(String unitTest) {
        return new TestingStrategyDefined(List.of(unitTest), List.of(), List.of(), List.of());
    }

    public static WorkStarted workStarted() {
        return new WorkStarted(LocalDate.parse("2026-02-14"));
    }

    public static TestingStarted testingStarted() {
        return new TestingStarted();
    }

    public static TestRunRecorded passed(TestKind kind) {
        return run(kind, TestOutcome.PASSED);
    }

    public static TestRunRecorded failed(TestKind kind) {
        return run(kind, TestOutcome.FAILED);
    }

    private static TestRunRecorded run(TestKind kind, TestOutcome outcome) {
        return new TestRunRecorded(kind, outcome, null, null, null, null, null);
    }

    public static WorkResumed workResumed() {
        return new WorkResumed();
    }

    public static IssueFixed fixed(Requirement... waived) {
        return new IssueFixed("2.4.1", null, waivers(waived));
    }

    public static IssueClosed confirmed(Requirement... waived) {
        return closed(Resolution.CONFIRMED, waived);
    }

    public static IssueClosed closed(Resolution resolution, Requirement... waived) {
        return new IssueClosed(resolution, null, waivers(waived));
    }

    public static IssueClosed duplicateOf(String original) {
        return new IssueClosed(Resolution.DUPLICATE, original, List.of());
    }

    private static List<Waiver> waivers(Requirement... waived) {
        return Arrays.stream(waived)
                .map(requirement -> new Waiver(requirement, "agreed with the owner"))
                .toList();
    }

    public static IssueReopened reopened() {
        return new IssueReopened();
    }

    public static NoteRecorded note(long number, String text) {
        return new NoteRecorded(number, NoteKind.PROGRESS, text);
    }

    public static NoteCorrected correction(long number, String text) {
        return new NoteCorrected(number, text);
    }

    public static MetricRecorded baseline(String value) {
        return latency(MetricKind.BASELINE, value, null);
    }

    public static MetricRecorded target(String value) {
        return latency(MetricKind.TARGET, value, null);
    }

    public static MetricRecorded measured(String value) {
        return latency(MetricKind.MEASURED, value, null);
    }

    public static MetricRecorded measured(String value, String at) {
        return latency(MetricKind.MEASURED, value, Instant.parse(at));
    }

    private static MetricRecorded latency(MetricKind kind, String value, @Nullable Instant at) {
        return metric(kind, "latency", "ms", Better.LOWER, value, at);
    }

    public static MetricRecorded metric(
            MetricKind kind, String name, String unit, @Nullable Better better, String value, @Nullable Instant at) {
        return new MetricRecorded(
                kind, name, Statistic.P95, unit, new BigDecimal(value), "production", better, at, null);
    }

    public static MetricWithdrawn withdrawn(long number) {
        return new MetricWithdrawn(number);
    }

    public static RelatedFileLinked linked(String path, @Nullable String purpose) {
        return new RelatedFileLinked(path, purpose);
    }

    public static RelatedFileUnlinked unlinked(String path) {
        return new RelatedFileUnlinked(path);
    }

    public static ReferenceAdded reference(long number, String title) {
        return new ReferenceAdded(number, title, null, ReferenceKind.OTHER);
    }

    public static ReferenceRemoved referenceRemoved(long number) {
        return new ReferenceRemoved(number);
    }

    public static IssueAssigned assigned(@Nullable String assignee) {
        return new IssueAssigned(assignee);
    }

    public static LabelsChanged labels(List<String> add, List<String> remove) {
        return new LabelsChanged(add, remove);
    }

    /** An issue in a status, with a running phase from IN_PROGRESS on, and one note, metric record, file and reference. */
    public static IssueEvent[] standing(Status status) {
        Stream<IssueEvent> recorded = Stream.of(
                opened(),
                plan("Cache", "Index"),
                note(1, "seen"),
                measured("340"),
                linked("a.py", null),
                reference(1, "Profile"));
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
