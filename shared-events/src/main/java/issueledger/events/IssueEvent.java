package issueledger.events;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fact in an issue's history. The components are the payload's fields, in its order; actor, reason and time are in the
 * {@link EventMetadata}. The stored type is the record's simple name, with a revision that {@link EventJson} knows.
 */
public sealed interface IssueEvent {

    /** Somebody saw a symptom and opened an issue. */
    record IssueOpened(String title, Description description, List<String> labels) implements IssueEvent {
        public IssueOpened {
            Checks checks = new Checks();
            title = checks.line("/title", title);
            description = checks.required("/description", description);
            labels = checks.labels("/labels", labels);
            checks.done();
        }
    }

    /** The title, the description or both were replaced. */
    record DescriptionRevised(
            @Nullable String title, @Nullable Description description) implements IssueEvent {
        public DescriptionRevised {
            Checks checks = new Checks();
            title = checks.optionalLine("/title", title);
            checks.that(title != null || description != null, "", "needs a title or a description");
            checks.done();
        }
    }

    /** The root cause was found or replaced. */
    record RootCauseRecorded(String technicalCause, List<String> contributingFactors, List<String> triggerConditions)
            implements IssueEvent {
        public RootCauseRecorded {
            Checks checks = new Checks();
            technicalCause = checks.text("/technicalCause", technicalCause);
            contributingFactors = checks.texts("/contributingFactors", contributingFactors);
            triggerConditions = checks.texts("/triggerConditions", triggerConditions);
            checks.done();
        }
    }

    /** The severity and the affected users were assessed. */
    record ImpactAssessed(
            Severity severity,
            @Nullable AffectedUsers affectedUsers,
            @Nullable String businessImpact,
            List<String> workarounds)
            implements IssueEvent {
        public ImpactAssessed {
            Checks checks = new Checks();
            severity = checks.required("/severity", severity);
            businessImpact = checks.optionalText("/businessImpact", businessImpact);
            workarounds = checks.texts("/workarounds", workarounds);
            checks.done();
        }
    }

    /** A way to fix it was proposed, in place of any earlier one. */
    record SolutionProposed(
            String approach,
            List<String> codeChanges,
            List<String> architectureModifications,
            List<String> schemaUpdates,
            List<String> expectedImprovements)
            implements IssueEvent {
        public SolutionProposed {
            Checks checks = new Checks();
            approach = checks.text("/approach", approach);
            codeChanges = checks.texts("/codeChanges", codeChanges);
            architectureModifications = checks.texts("/architectureModifications", architectureModifications);
            schemaUpdates = checks.texts("/schemaUpdates", schemaUpdates);
            expectedImprovements = checks.texts("/expectedImprovements", expectedImprovements);
            checks.done();
        }
    }

    /** The work was planned in phases 1, 2, …, in place of any earlier plan. */
    record PhasesPlanned(List<PlannedPhase> phases) implements IssueEvent {
        public static final int MOST = 20;

        public PhasesPlanned {
            Checks checks = new Checks();
            List<PlannedPhase> planned = checks.required("/phases", phases);
            if (planned != null) {
                checks.that(
                        !planned.isEmpty() && planned.size() <= MOST,
                        "/phases",
                        "has " + planned.size() + " items; must have 1 to " + MOST);
                for (int i = 0; i < planned.size(); i++) {
                    checks.required("/phases/" + i, planned.get(i));
                }
            }
            checks.done();
            phases = List.copyOf(planned);
        }
    }

    /** Work on a phase began. */
    record PhaseStarted(long phase) implements IssueEvent {}

    /** The running phase was completed. */
    record PhaseCompleted(long phase, @Nullable String outcome) implements IssueEvent {
        public PhaseCompleted {
            Checks checks = new Checks();
            outcome = checks.optionalText("/outcome", outcome);
            checks.done();
        }
    }

    /** The testing of the fix was planned. */
    record TestingStrategyDefined(
            List<String> unitTests,
            List<String> integrationTests,
            List<String> performanceTests,
            List<String> regressionTests)
            implements IssueEvent {
        public TestingStrategyDefined {
            Checks checks = new Checks();
            boolean given =
                    some(unitTests) || some(integrationTests) || some(performanceTests) || some(regressionTests);
            unitTests = checks.texts("/unitTests", unitTests);
            integrationTests = checks.texts("/integrationTests", integrationTests);
            performanceTests = checks.texts("/performanceTests", performanceTests);
            regressionTests = checks.texts("/regressionTests", regressionTests);
            checks.that(given, "", "needs at least one test");
            checks.done();
        }

        private static boolean some(@Nullable List<String> tests) {
            return tests != null && !tests.isEmpty();
        }
    }

    /** Work on the fix began. */
    record WorkStarted(LocalDate startedOn) implements IssueEvent {
        public WorkStarted {
            Checks checks = new Checks();
            startedOn = checks.required("/startedOn", startedOn);
            checks.done();
        }
    }

    /** The fix went into testing. */
    record TestingStarted() implements IssueEvent {}

    /** Tests of one kind were run. Counts are numbers of tests. */
    record TestRunRecorded(
            TestKind kind,
            TestOutcome outcome,
            @Nullable Long passed,
            @Nullable Long failed,
            @Nullable Long skipped,
            @Nullable String summary,
            @Nullable String url)
            implements IssueEvent {
        public TestRunRecorded {
            Checks checks = new Checks();
            kind = checks.required("/kind", kind);
            outcome = checks.required("/outcome", outcome);
            passed = checks.count("/passed", passed);
            failed = checks.count("/failed", failed);
            skipped = checks.count("/skipped", skipped);
            summary = checks.optionalText("/summary", summary);
            url = checks.optionalUrl("/url", url);
            checks.done();
        }
    }

    /** Testing showed that the work was not done. */
    record WorkResumed() implements IssueEvent {}

    /** A release with the fix was made. */
    record IssueFixed(String release, @Nullable Instant deployedAt, List<Waiver> waivers) implements IssueEvent {
        public IssueFixed {
            Checks checks = new Checks();
            release = checks.line("/release", release);
            deployedAt = deployedAt == null ? null : Checks.milliseconds(deployedAt);
            waivers = checks.waivers("/waivers", waivers);
            checks.done();
        }
    }

    /** The issue was closed. */
    record IssueClosed(Resolution resolution, @Nullable String duplicateOf, List<Waiver> waivers)
            implements IssueEvent {
        public IssueClosed {
            Checks checks = new Checks();
            resolution = checks.required("/resolution", resolution);
            if (resolution == Resolution.DUPLICATE) {
                checks.that(duplicateOf != null, "/duplicateOf", "is required for DUPLICATE");
            } else if (resolution != null) {
                checks.that(duplicateOf == null, "/duplicateOf", "is only for DUPLICATE");
            }
            if (duplicateOf != null) {
                duplicateOf = checks.issueId("/duplicateOf", duplicateOf);
            }
            waivers = checks.waivers("/waivers", waivers);
            checks.done();
        }
    }

    /** A fixed or closed issue was opened again. */
    record IssueReopened() implements IssueEvent {}

    /** A decision, a challenge or progress was written down; notes are numbered 1, 2, … in their issue. */
    record NoteRecorded(long note, NoteKind kind, String text) implements IssueEvent {
        public NoteRecorded {
            Checks checks = new Checks();
            kind = checks.required("/kind", kind);
            text = checks.text("/text", text);
            checks.done();
        }
    }

    /** A note's text was corrected. */
    record NoteCorrected(long note, String text) implements IssueEvent {
        public NoteCorrected {
            Checks checks = new Checks();
            text = checks.text("/text", text);
            checks.done();
        }
    }

    /**
     * A value of a metric series (name, statistic, environment) was recorded. Without {@code measuredAt} it was measured at the
     * event's effective time. Samples are the same statistic of repeated runs; events of before they were recorded have none.
     */
    record MetricRecorded(
            MetricKind kind,
            String name,
            Statistic statistic,
            String unit,
            BigDecimal value,
            String environment,
            @Nullable Better better,
            @Nullable Instant measuredAt,
            @Nullable String source,
            List<BigDecimal> samples,
            @Nullable MetricRun run)
            implements IssueEvent {
        public static final String DEFAULT_ENVIRONMENT = "production";
        public static final int UNIT_LENGTH = 20;

        public MetricRecorded {
            Checks checks = new Checks();
            kind = checks.required("/kind", kind);
            name = checks.line("/name", name);
            statistic = checks.required("/statistic", statistic);
            unit = checks.line("/unit", unit, UNIT_LENGTH);
            value = checks.decimal("/value", value);
            environment = environment == null ? DEFAULT_ENVIRONMENT : checks.line("/environment", environment);
            measuredAt = measuredAt == null ? null : Checks.milliseconds(measuredAt);
            source = checks.optionalLine("/source", source);
            samples = checks.decimals("/samples", samples);
            checks.done();
        }

        /** A record without samples and run. */
        public MetricRecorded(
                MetricKind kind,
                String name,
                Statistic statistic,
                String unit,
                BigDecimal value,
                @Nullable String environment,
                @Nullable Better better,
                @Nullable Instant measuredAt,
                @Nullable String source) {
            this(
                    kind,
                    name,
                    statistic,
                    unit,
                    value,
                    environment == null ? DEFAULT_ENVIRONMENT : environment,
                    better,
                    measuredAt,
                    source,
                    List.of(),
                    null);
        }

        /** This record with its series' direction. */
        public MetricRecorded better(Better direction) {
            return new MetricRecorded(
                    kind, name, statistic, unit, value, environment, direction, measuredAt, source, samples, run);
        }
    }

    /** A metric record was withdrawn; metric records are numbered 1, 2, … in their issue, in the order of recording. */
    record MetricWithdrawn(long metric) implements IssueEvent {}

    /** A related file was linked, or its purpose changed. */
    record RelatedFileLinked(String path, @Nullable String purpose) implements IssueEvent {
        public RelatedFileLinked {
            Checks checks = new Checks();
            path = checks.line("/path", path);
            purpose = checks.optionalLine("/purpose", purpose);
            checks.done();
        }
    }

    /** A file was unlinked. */
    record RelatedFileUnlinked(String path) implements IssueEvent {
        public RelatedFileUnlinked {
            Checks checks = new Checks();
            path = checks.line("/path", path);
            checks.done();
        }
    }

    /** A reference was added; references are numbered 1, 2, … in their issue. */
    record ReferenceAdded(
            long reference, String title, @Nullable String url, ReferenceKind kind) implements IssueEvent {
        public ReferenceAdded {
            Checks checks = new Checks();
            title = checks.line("/title", title);
            url = checks.optionalUrl("/url", url);
            kind = kind == null ? ReferenceKind.OTHER : kind;
            checks.done();
        }
    }

    /** A reference was removed; its number is not reused. */
    record ReferenceRemoved(long reference) implements IssueEvent {}

    /** The issue was assigned or unassigned. */
    record IssueAssigned(@Nullable String assignee) implements IssueEvent {
        public IssueAssigned {
            Checks checks = new Checks();
            assignee = checks.optionalLine("/assignee", assignee);
            checks.done();
        }
    }

    /** Labels were added and removed. */
    record LabelsChanged(List<String> add, List<String> remove) implements IssueEvent {
        public LabelsChanged {
            Checks checks = new Checks();
            List<String> removed = remove == null ? List.of() : new ArrayList<>(remove);
            add = checks.labels("/add", add);
            remove = checks.labels("/remove", remove);
            Set<String> added = new HashSet<>(add);
            for (int i = 0; i < removed.size(); i++) {
                checks.that(!added.contains(removed.get(i)), "/remove/" + i, "is also in add");
            }
            checks.done();
        }
    }
}
