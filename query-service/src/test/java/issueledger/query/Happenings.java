package issueledger.query;

import issueledger.events.AffectedUsers;
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
import issueledger.events.IssueExamples;
import issueledger.events.MetricKind;
import issueledger.events.MetricRun;
import issueledger.events.NoteKind;
import issueledger.events.PlannedPhase;
import issueledger.events.ReferenceKind;
import issueledger.events.Resolution;
import issueledger.events.Severity;
import issueledger.events.Statistic;
import issueledger.events.TestKind;
import issueledger.events.TestOutcome;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events of the issues in these tests. */
public final class Happenings {
    public static final IssueOpened OPENED = new IssueOpened(
            "Slow data processing",
            new Description(
                    "POST /api/data/process takes 5 s",
                    List.of("Time-outs"),
                    List.of("Import"),
                    "Users wait",
                    List.of("POST /api/data/process")),
            List.of("performance", "api"));
    public static final WorkStarted STARTED = new WorkStarted(LocalDate.parse("2026-02-14"));
    public static final TestingStarted TESTING = new TestingStarted();
    public static final WorkResumed RESUMED = new WorkResumed();
    public static final IssueFixed FIXED = new IssueFixed("2.4.1", Instant.parse("2026-03-01T12:00:00Z"), List.of());
    public static final IssueClosed CONFIRMED = new IssueClosed(Resolution.CONFIRMED, null, List.of());
    public static final IssueReopened REOPENED = new IssueReopened();
    public static final RootCauseRecorded ROOT_CAUSE =
            new RootCauseRecorded("One query per row", List.of("No index"), List.of("More than 1,000 rows"));
    public static final SolutionProposed SOLUTION = new SolutionProposed(
            "Batch the queries",
            List.of("Repository"),
            List.of("Cache"),
            List.of("Index on created_at"),
            List.of("p95 under 500 ms"));
    public static final TestingStrategyDefined STRATEGY =
            new TestingStrategyDefined(List.of("Batcher"), List.of(), List.of("k6, 50 users"), List.of());
    public static final TestRunRecorded TEST_RUN = new TestRunRecorded(
            TestKind.PERFORMANCE, TestOutcome.PASSED, 12L, 0L, null, "All green", "https://ci.example/7");

    private Happenings() {}

    public static IssueOpened opened(String title, String text, String... labels) {
        return new IssueOpened(
                title, new Description(text, List.of(), List.of(), null, List.of()), Arrays.asList(labels));
    }

    public static MetricRecorded latency(MetricKind kind, String value) {
        return latency(kind, value, null);
    }

    public static MetricRecorded latency(MetricKind kind, String value, @Nullable String measuredAt) {
        return new MetricRecorded(
                kind,
                "latency",
                Statistic.P95,
                "ms",
                new BigDecimal(value),
                "production",
                Better.LOWER,
                measuredAt == null ? null : Instant.parse(measuredAt),
                "k6");
    }

    /** The latency of runs on machine {@code a}; its value is the first sample. */
    public static MetricRecorded sampled(MetricKind kind, String... samples) {
        return new MetricRecorded(
                kind,
                "latency",
                Statistic.P95,
                "ms",
                new BigDecimal(samples[0]),
                "production",
                Better.LOWER,
                null,
                "k6",
                Arrays.stream(samples).map(BigDecimal::new).toList(),
                new MetricRun("9f2c1e7", "a", "k6", null));
    }

    public static NoteRecorded note(long number, String text) {
        return new NoteRecorded(number, NoteKind.DECISION, text);
    }

    public static LabelsChanged labelled(String... labels) {
        return new LabelsChanged(Arrays.asList(labels), List.of());
    }

    public static LabelsChanged unlabelled(String... labels) {
        return new LabelsChanged(List.of(), Arrays.asList(labels));
    }

    /** The life of an issue with at least one event of every type. */
    public static List<IssueEvent> everything() {
        return List.of(
                OPENED,
                new DescriptionRevised("Very slow data processing", null),
                ROOT_CAUSE,
                new ImpactAssessed(
                        Severity.HIGH,
                        new AffectedUsers("15% of users", new BigDecimal("15.0"), null),
                        "Lost orders",
                        List.of("Smaller files")),
                SOLUTION,
                new PhasesPlanned(List.of(
                        new PlannedPhase(
                                "Initial fixes",
                                "Quick wins",
                                "2 weeks",
                                LocalDate.parse("2026-02-14"),
                                LocalDate.parse("2026-02-28")),
                        new PlannedPhase("Clean up", null, null, null, null))),
                STRATEGY,
                STARTED,
                new PhaseStarted(1),
                note(1, "Batch by 500"),
                new NoteCorrected(1, "Batch by 1,000"),
                latency(MetricKind.BASELINE, "5200"),
                latency(MetricKind.TARGET, "500.0"),
                latency(MetricKind.MEASURED, "0.5"),
                new MetricWithdrawn(3),
                new RelatedFileLinked("src/api/routes/data.py", "Main endpoint logic"),
                new RelatedFileLinked("src/old.py", null),
                new RelatedFileUnlinked("src/old.py"),
                new ReferenceAdded(1, "Batching", "https://example.org/batching", ReferenceKind.DOCUMENTATION),
                IssueExamples.reference(2, "A talk"),
                new ReferenceRemoved(2),
                new IssueAssigned("grace"),
                new LabelsChanged(List.of("database"), List.of("api")),
                new PhaseCompleted(1, "Done in time"),
                new PhaseStarted(2),
                TESTING,
                RESUMED,
                TESTING,
                TEST_RUN,
                FIXED,
                new MetricRecorded(
                        MetricKind.MEASURED,
                        "latency",
                        Statistic.P95,
                        "ms",
                        new BigDecimal("340.25"),
                        "production",
                        Better.LOWER,
                        null,
                        "k6",
                        List.of(new BigDecimal("340.25"), new BigDecimal("338.5")),
                        new MetricRun("9f2c1e7", "bench-1", "k6 1.4", "https://ci.example/8")),
                CONFIRMED,
                REOPENED);
    }
}
