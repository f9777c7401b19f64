package issueledger.issues;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
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
import issueledger.events.MetricSeries;
import issueledger.events.NoteKind;
import issueledger.events.PlannedPhase;
import issueledger.events.ReferenceKind;
import issueledger.events.Resolution;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.events.TestKind;
import issueledger.events.TestOutcome;
import issueledger.template.MetricLine;
import issueledger.template.Template;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The whole issue at one version, with the fields of {@code GET /issues/{id}} in their order. {@link #apply} is the only fold of the
 * read side: live views, replays and rebuilds use it. A view is immutable; applying an event returns another one.
 *
 * <p>A section without an event is null; all times are effective times.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonPropertyOrder({
    "id",
    "version",
    "position",
    "status",
    "title",
    "description",
    "rootCause",
    "impact",
    "solution",
    "phases",
    "testingStrategy",
    "testRuns",
    "relatedFiles",
    "references",
    "notes",
    "metrics",
    "assignee",
    "labels",
    "startedOn",
    "release",
    "resolution",
    "duplicateOf",
    "reopened",
    "openedAt",
    "openedBy",
    "updatedAt",
    "updatedBy",
    "fixedAt",
    "deployedAt",
    "closedAt"
})
@SuppressWarnings("UnusedVariable") // Jackson reads the fields.
public final class IssueView implements Cloneable {
    private String id;
    private long version;
    private long position;
    private Status status = Status.OPEN;
    private String title = "";
    private @Nullable Description description;
    private @Nullable RootCauseRecorded rootCause;
    private @Nullable ImpactAssessed impact;
    private @Nullable SolutionProposed solution;
    private List<Phase> phases = List.of();
    private @Nullable TestingStrategyDefined testingStrategy;
    private List<TestRun> testRuns = List.of();
    private List<RelatedFileLinked> relatedFiles = List.of();
    private List<Reference> references = List.of();
    private List<Note> notes = List.of();
    private List<MetricSeries> metrics = List.of();
    private @Nullable String assignee;
    private List<String> labels = List.of();
    private @Nullable LocalDate startedOn;
    private @Nullable String release;
    private @Nullable Resolution resolution;
    private @Nullable String duplicateOf;
    private int reopened;
    private Instant openedAt = Instant.EPOCH;
    private String openedBy = "";
    private Instant updatedAt = Instant.EPOCH;
    private String updatedBy = "";
    private @Nullable Instant fixedAt;
    private @Nullable Instant deployedAt;
    private @Nullable Instant closedAt;

    /** The records behind the metrics; stored beside the view's JSON, not in it. */
    @JsonIgnore
    private List<MetricRecord> metricRecords = List.of();

    /** An event's place in the issue and in the log, its times and its actor. */
    public record Occurrence(long version, long position, Instant at, Instant recordedAt, String by) {}

    public enum PhaseStatus {
        PLANNED,
        RUNNING,
        COMPLETED
    }

    /** A phase: its plan and its progress. */
    public record Phase(
            int number,
            String name,
            @Nullable String description,
            @Nullable String timeline,
            @Nullable LocalDate plannedStart,
            @Nullable LocalDate plannedEnd,
            PhaseStatus status,
            @Nullable Instant startedAt,
            @Nullable Instant completedAt,
            @Nullable String outcome) {
        Phase started(Instant at) {
            return new Phase(
                    number, name, description, timeline, plannedStart, plannedEnd, PhaseStatus.RUNNING, at, null, null);
        }

        Phase completed(Instant at, @Nullable String with) {
            return new Phase(
                    number,
                    name,
                    description,
                    timeline,
                    plannedStart,
                    plannedEnd,
                    PhaseStatus.COMPLETED,
                    startedAt,
                    at,
                    with);
        }

        /** A phase of a new plan keeps the progress of the old plan's phase with the same number. */
        static Phase planned(int number, PlannedPhase plan, @Nullable Phase old) {
            return new Phase(
                    number,
                    plan.name(),
                    plan.description(),
                    plan.timeline(),
                    plan.plannedStart(),
                    plan.plannedEnd(),
                    old == null ? PhaseStatus.PLANNED : old.status(),
                    old == null ? null : old.startedAt(),
                    old == null ? null : old.completedAt(),
                    old == null ? null : old.outcome());
        }
    }

    public record TestRun(
            TestKind kind,
            TestOutcome outcome,
            @Nullable Long passed,
            @Nullable Long failed,
            @Nullable Long skipped,
            @Nullable String summary,
            @Nullable String url,
            Instant at,
            String by) {}

    public record Reference(
            long number, String title, @Nullable String url, ReferenceKind kind) {}

    /** A note; a correction keeps the original {@code at} and {@code by}. */
    public record Note(long number, NoteKind kind, String text, Instant at, String by, boolean corrected) {}

    /** One record of a metric series, numbered in the order of recording; a withdrawn one keeps its number. */
    public record MetricRecord(
            long number, MetricRecorded metric, Instant measuredAt, Instant recordedAt, String by, boolean withdrawn)
            implements MetricSeries.Measurement {
        MetricRecord withdraw() {
            return new MetricRecord(number, metric, measuredAt, recordedAt, by, true);
        }
    }

    /** An issue before its first event. */
    public static IssueView of(String id) {
        IssueView view = new IssueView();
        view.id = id;
        return view;
    }

    @SuppressWarnings("NullAway.Init") // Jackson and of() set the id.
    private IssueView() {}

    /** The content of the issue's document. */
    public Template template() {
        boolean confirmed = resolution == null || resolution == Resolution.CONFIRMED;
        Set<Status> ticked = confirmed ? EnumSet.range(Status.OPEN, status) : EnumSet.of(Status.OPEN, Status.CLOSED);
        if (!confirmed && startedOn != null) {
            ticked.add(Status.IN_PROGRESS);
        }
        if (!confirmed && release != null) {
            ticked.addAll(EnumSet.range(Status.IN_PROGRESS, Status.FIXED));
        }
        List<Template.Note> written = new ArrayList<>(notes.stream()
                .map(note -> new Template.Note(note.kind(), note.text()))
                .toList());
        List<MetricRecorded> measured = new ArrayList<>();
        for (MetricSeries series : metrics) {
            MetricLine line = MetricLine.of(series);
            if (line != null && line.isReadAs(series.better())) {
                measured.addAll(line.records(series.better()));
            } else if (line != null) {
                written.add(new Template.Note(NoteKind.PROGRESS, line.plain()));
            }
        }
        boolean started = ticked.contains(Status.IN_PROGRESS);
        if (startedOn != null && !started) {
            written.add(new Template.Note(NoteKind.PROGRESS, "Date started: " + startedOn));
        }
        return new Template(
                title,
                description == null ? new Description(title, List.of(), List.of(), null, List.of()) : description,
                rootCause,
                impact,
                solution,
                phases.stream()
                        .map(phase -> new PlannedPhase(
                                phase.name(),
                                phase.description(),
                                phase.timeline(),
                                phase.plannedStart(),
                                phase.plannedEnd()))
                        .toList(),
                testingStrategy,
                relatedFiles,
                references.stream()
                        .map(reference -> new Template.Reference(reference.title(), reference.url()))
                        .distinct()
                        .toList(),
                ticked,
                started ? startedOn : null,
                Template.UNKNOWN_RELEASE.equals(release) ? null : release,
                resolution,
                duplicateOf,
                written,
                measured);
    }

    public String id() {
        return id;
    }

    public long version() {
        return version;
    }

    public long position() {
        return position;
    }

    public Status status() {
        return status;
    }

    public String title() {
        return title;
    }

    public @Nullable Description description() {
        return description;
    }

    public @Nullable RootCauseRecorded rootCause() {
        return rootCause;
    }

    public @Nullable SolutionProposed solution() {
        return solution;
    }

    public @Nullable Severity severity() {
        return impact == null ? null : impact.severity();
    }

    /** The severity as a number to sort by; 0 without one. */
    public long rank() {
        return impact == null ? 0 : impact.severity().rank();
    }

    public List<Phase> phases() {
        return phases;
    }

    List<TestRun> testRuns() {
        return testRuns;
    }

    public List<RelatedFileLinked> relatedFiles() {
        return relatedFiles;
    }

    public List<Note> notes() {
        return notes;
    }

    public List<MetricSeries> metrics() {
        return metrics;
    }

    public List<MetricRecord> metricRecords() {
        return metricRecords;
    }

    public @Nullable String assignee() {
        return assignee;
    }

    public List<String> labels() {
        return labels;
    }

    /** The release of the fix that stands. */
    public @Nullable String release() {
        return release;
    }

    public @Nullable Instant fixedAt() {
        return fixedAt;
    }

    public @Nullable Instant deployedAt() {
        return deployedAt;
    }

    public Instant openedAt() {
        return openedAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }

    /** This view with the records that were stored beside its JSON. */
    IssueView with(List<MetricRecord> records) {
        IssueView copy = copy();
        copy.metricRecords = records;
        return copy;
    }

    /** This view without what {@link IssuePieces} stores in chunks. */
    IssueView withoutRunsAndNotes() {
        IssueView copy = copy();
        copy.testRuns = List.of();
        copy.notes = List.of();
        return copy;
    }

    /** The view after one recorded event, which upcasting may have turned into several. */
    public IssueView apply(List<IssueEvent> events, Occurrence occurrence) {
        IssueView next = copy();
        events.forEach(event -> next.fold(event, occurrence));
        next.version = occurrence.version();
        next.position = occurrence.position();
        next.updatedAt = occurrence.at();
        next.updatedBy = occurrence.by();
        return next;
    }

    /** A shallow copy: collections are replaced, never modified. */
    private IssueView copy() {
        try {
            return (IssueView) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("IssueView is Cloneable", e);
        }
    }

    private void fold(IssueEvent event, Occurrence occurrence) {
        Instant at = occurrence.at();
        switch (event) {
            case IssueOpened e -> {
                title = e.title();
                description = e.description();
                labels = e.labels();
                openedAt = at;
                openedBy = occurrence.by();
            }
            case DescriptionRevised e -> {
                title = e.title() == null ? title : e.title();
                description = e.description() == null ? description : e.description();
            }
            case RootCauseRecorded e -> rootCause = e;
            case ImpactAssessed e -> impact = e;
            case SolutionProposed e -> solution = e;
            case PhasesPlanned e -> phases = planned(e.phases());
            case PhaseStarted e -> phases = changed(phases, e.phase() - 1, phase -> phase.started(at));
            case PhaseCompleted e -> phases = changed(phases, e.phase() - 1, phase -> phase.completed(at, e.outcome()));
            case TestingStrategyDefined e -> testingStrategy = e;
            case WorkStarted e -> {
                status = Status.IN_PROGRESS;
                startedOn = startedOn == null ? e.startedOn() : startedOn;
            }
            case TestingStarted e -> status = Status.TESTING;
            case TestRunRecorded e ->
                testRuns = with(
                        testRuns,
                        new TestRun(
                                e.kind(),
                                e.outcome(),
                                e.passed(),
                                e.failed(),
                                e.skipped(),
                                e.summary(),
                                e.url(),
                                at,
                                occurrence.by()));
            case WorkResumed e -> status = Status.IN_PROGRESS;
            case IssueFixed e -> {
                status = Status.FIXED;
                release = e.release();
                deployedAt = e.deployedAt();
                fixedAt = at;
            }
            case IssueClosed e -> {
                status = Status.CLOSED;
                resolution = e.resolution();
                duplicateOf = e.duplicateOf();
                closedAt = at;
            }
            case IssueReopened e -> {
                status = Status.OPEN;
                release = null;
                resolution = null;
                duplicateOf = null;
                fixedAt = null;
                deployedAt = null;
                closedAt = null;
                reopened++;
            }
            case NoteRecorded e ->
                notes = with(notes, new Note(e.note(), e.kind(), e.text(), at, occurrence.by(), false));
            case NoteCorrected e ->
                notes = changed(
                        notes,
                        e.note() - 1,
                        note -> new Note(note.number(), note.kind(), e.text(), note.at(), note.by(), true));
            case MetricRecorded e -> {
                Instant measuredAt = e.measuredAt() == null ? at : e.measuredAt();
                metricRecords = with(
                        metricRecords,
                        new MetricRecord(
                                metricRecords.size() + 1L,
                                e,
                                measuredAt,
                                occurrence.recordedAt(),
                                occurrence.by(),
                                false));
                metrics = MetricSeries.of(metricRecords);
            }
            case MetricWithdrawn e -> {
                metricRecords = changed(metricRecords, e.metric() - 1, MetricRecord::withdraw);
                metrics = MetricSeries.of(metricRecords);
            }
            case RelatedFileLinked e -> relatedFiles = linked(e);
            case RelatedFileUnlinked e ->
                relatedFiles = without(relatedFiles, file -> file.path().equals(e.path()));
            case ReferenceAdded e ->
                references = with(references, new Reference(e.reference(), e.title(), e.url(), e.kind()));
            case ReferenceRemoved e -> references = without(references, r -> r.number() == e.reference());
            case IssueAssigned e -> assignee = e.assignee();
            case LabelsChanged e -> {
                List<String> changed = new ArrayList<>(labels);
                changed.removeAll(e.remove());
                changed.addAll(e.add());
                labels = changed;
            }
        }
    }

    private List<Phase> planned(List<PlannedPhase> plan) {
        List<Phase> next = new ArrayList<>();
        for (int i = 0; i < plan.size(); i++) {
            next.add(Phase.planned(i + 1, plan.get(i), i < phases.size() ? phases.get(i) : null));
        }
        return next;
    }

    private List<RelatedFileLinked> linked(RelatedFileLinked link) {
        for (int i = 0; i < relatedFiles.size(); i++) {
            if (relatedFiles.get(i).path().equals(link.path())) {
                return changed(relatedFiles, i, old -> link);
            }
        }
        return with(relatedFiles, link);
    }

    private static <T> List<T> with(List<T> list, T item) {
        List<T> longer = new ArrayList<>(list.size() + 1);
        longer.addAll(list);
        longer.add(item);
        return longer;
    }

    private static <T> List<T> changed(List<T> list, long index, Function<T, T> change) {
        List<T> changed = new ArrayList<>(list);
        changed.set(Math.toIntExact(index), change.apply(list.get(Math.toIntExact(index))));
        return changed;
    }

    private static <T> List<T> without(List<T> list, Predicate<T> gone) {
        return list.stream().filter(gone.negate()).toList();
    }
}
