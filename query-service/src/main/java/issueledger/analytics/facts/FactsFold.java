package issueledger.analytics.facts;

import issueledger.analytics.facts.Details.Late;
import issueledger.analytics.facts.Details.Measurement;
import issueledger.analytics.facts.Details.Phase;
import issueledger.analytics.facts.Details.Series;
import issueledger.events.EventMetadata;
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
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.events.Waiver;
import issueledger.log.RecordedEvent;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Folds the events of one issue into its facts. */
final class FactsFold {
    /** The reason that the import of a document gives to its status changes. */
    private static final String IMPORTED = "imported";

    /** Flags that later events cannot lift. */
    private static final int LASTING =
            Check.LATE_FACT.flag() | Check.WAIVED.flag() | Check.START_ASSUMED.flag() | (0xF << 16);

    private final String id;
    private final int number;
    private final UnaryOperator<String> shared;
    private long seen;
    private long recordedAt;
    private long firstAt = Long.MAX_VALUE;
    private long lastAt = Long.MIN_VALUE;
    private int flags;
    private @Nullable Severity severity;
    private @Nullable String assignee;
    private String[] labels = {};
    private String[] files = {};
    private String[] endpoints = {};
    private long[] changes = {};
    private byte[] packed = Details.NONE.packed();
    private @Nullable Details details;
    private boolean isToBeChecked;

    /** @param shared gives equal texts as one object */
    FactsFold(String id, @Nullable IssueFacts known, UnaryOperator<String> shared) {
        this.id = id;
        this.shared = shared;
        this.number = known == null ? -1 : known.number();
        if (known != null) {
            seen = known.seen();
            recordedAt = known.recordedAt();
            firstAt = known.firstAt();
            lastAt = known.lastAt();
            flags = known.flags();
            severity = known.severity();
            assignee = known.assignee();
            labels = known.labels();
            files = known.files();
            endpoints = known.endpoints();
            changes = known.changes();
            packed = known.details();
        }
    }

    long seen() {
        return seen;
    }

    /** True once the issue was opened. */
    boolean isOpened() {
        return changes.length > 0 && Change.of(changes[0]) == Change.OPENED;
    }

    /**
     * Applies one recorded event.
     *
     * @param events what it is read as; empty if it changes no facts but the issue's times
     * @param metadata null if it has no effective time of its own
     */
    void apply(RecordedEvent recorded, @Nullable EventMetadata metadata, List<IssueEvent> events) {
        Instant at = metadata == null ? recorded.recordedAt() : metadata.effectiveAt(recorded.recordedAt());
        for (IssueEvent event : events) {
            fold(event, at);
            if (event instanceof WorkStarted start && isAssumed(start, recorded, metadata)) {
                flags |= Check.START_ASSUMED.flag();
            }
        }
        if (!isOpened()) {
            throw new IllegalStateException("the issue is not opened");
        }
        long milliseconds = at.toEpochMilli();
        long late = recorded.recordedAt().toEpochMilli() - milliseconds;
        if (late > IssueFacts.LATE.toMillis()) {
            noteLate(new Late(recorded.version(), late));
        }
        firstAt = Math.min(firstAt, milliseconds);
        lastAt = Math.max(lastAt, milliseconds);
        recordedAt = recorded.recordedAt().toEpochMilli();
        seen = recorded.position();
    }

    private static boolean isAssumed(WorkStarted start, RecordedEvent recorded, @Nullable EventMetadata metadata) {
        LocalDate day = LocalDate.ofInstant(recorded.recordedAt(), ZoneOffset.UTC);
        return metadata != null
                && IMPORTED.equals(metadata.reason())
                && start.startedOn().equals(day);
    }

    private void noteLate(Late late) {
        flags |= Check.LATE_FACT.flag();
        Details old = details();
        Late known = old.late();
        if (known == null || known.milliseconds() < late.milliseconds()) {
            replace(new Details(old.phases(), old.measurements(), late, old.title()));
        }
    }

    private Details details() {
        Details unpacked = details;
        if (unpacked == null) {
            unpacked = Details.unpacked(packed);
            details = unpacked;
        }
        return unpacked;
    }

    private void replace(Details by) {
        details = by;
        isToBeChecked = true;
    }

    private void fold(IssueEvent event, Instant at) {
        switch (event) {
            case IssueOpened e -> {
                change(Change.OPENED, at);
                title(e.title());
                labels = shared(e.labels());
                endpoints = shared(e.description().endpoints());
            }
            case DescriptionRevised e -> {
                if (e.title() != null) {
                    title(e.title());
                }
                if (e.description() != null) {
                    endpoints = shared(e.description().endpoints());
                }
            }
            case ImpactAssessed e -> severity = e.severity();
            case IssueAssigned e -> assignee = e.assignee() == null ? null : shared.apply(e.assignee());
            case LabelsChanged e -> {
                List<String> changed = new ArrayList<>(List.of(labels));
                changed.removeAll(e.remove());
                changed.addAll(e.add());
                labels = shared(changed);
            }
            case RelatedFileLinked e -> {
                if (!List.of(files).contains(e.path())) {
                    List<String> more = new ArrayList<>(List.of(files));
                    more.add(e.path());
                    files = shared(more);
                }
            }
            case RelatedFileUnlinked e -> {
                List<String> fewer = new ArrayList<>(List.of(files));
                fewer.remove(e.path());
                files = shared(fewer);
            }
            case WorkStarted e -> change(Change.WORK_STARTED, at);
            case TestingStarted e -> change(Change.TESTING_STARTED, at);
            case WorkResumed e -> change(Change.WORK_RESUMED, at);
            case IssueFixed e -> {
                change(Change.FIXED, at);
                waived(e.waivers());
            }
            case IssueClosed e -> {
                change(Change.closedWith(e.resolution()), at);
                waived(e.waivers());
            }
            case IssueReopened e -> change(Change.REOPENED, at);
            case PhasesPlanned e -> {
                List<Phase> old = details().phases();
                List<Phase> planned = new ArrayList<>();
                for (int i = 0; i < e.phases().size(); i++) {
                    planned.add(Phase.planned(e.phases().get(i), i < old.size() ? old.get(i) : null));
                }
                phases(planned);
            }
            case PhaseStarted e -> phase(e.phase(), phase -> phase.started(at));
            case PhaseCompleted e -> phase(e.phase(), phase -> phase.completed(at));
            case MetricRecorded e -> {
                Details old = details();
                List<Measurement> more = new ArrayList<>(old.measurements());
                more.add(new Measurement(e, e.measuredAt() == null ? at : e.measuredAt(), false));
                replace(new Details(old.phases(), more, old.late(), old.title()));
            }
            case MetricWithdrawn e -> {
                Details old = details();
                List<Measurement> changed = new ArrayList<>(old.measurements());
                int index = Math.toIntExact(e.metric() - 1);
                changed.set(index, changed.get(index).withdraw());
                replace(new Details(old.phases(), changed, old.late(), old.title()));
            }
            // These change no facts. A new event without a case does not compile.
            case RootCauseRecorded e -> {}
            case SolutionProposed e -> {}
            case TestingStrategyDefined e -> {}
            case TestRunRecorded e -> {}
            case NoteRecorded e -> {}
            case NoteCorrected e -> {}
            case ReferenceAdded e -> {}
            case ReferenceRemoved e -> {}
        }
    }

    private void change(Change change, Instant at) {
        changes = Arrays.copyOf(changes, changes.length + 1);
        changes[changes.length - 1] = change.at(at.toEpochMilli());
        isToBeChecked = true;
    }

    private void waived(List<Waiver> waivers) {
        for (Waiver waiver : waivers) {
            flags |= Check.WAIVED.flag() | IssueFacts.waived(waiver.requirement());
        }
    }

    private void title(String title) {
        Details old = details();
        replace(new Details(old.phases(), old.measurements(), old.late(), title));
    }

    private void phases(List<Phase> phases) {
        Details old = details();
        replace(new Details(phases, old.measurements(), old.late(), old.title()));
    }

    private void phase(long number, UnaryOperator<Phase> change) {
        List<Phase> changed = new ArrayList<>(details().phases());
        int index = Math.toIntExact(number - 1);
        changed.set(index, change.apply(changed.get(index)));
        phases(changed);
    }

    private String[] shared(List<String> texts) {
        return IssueFacts.array(texts.stream().map(shared).toList());
    }

    IssueFacts facts() {
        if (isToBeChecked) {
            flags = (flags & LASTING) | checked(details());
            packed = details().packed();
        }
        return new IssueFacts(
                id,
                number,
                seen,
                recordedAt,
                firstAt,
                lastAt,
                flags,
                severity,
                assignee,
                labels,
                files,
                endpoints,
                changes,
                packed);
    }

    /** The flags that follow from the changes, phases and metrics as they stand. */
    private int checked(Details now) {
        int found = 0;
        for (int i = 1; i < changes.length; i++) {
            if (Change.timeOf(changes[i]) < Change.timeOf(changes[i - 1])) {
                found |= Check.NEGATIVE_DURATION.flag();
            }
        }
        boolean closed = Change.of(changes[changes.length - 1]).isClosing();
        for (Phase phase : now.phases()) {
            found |= IssueFacts.HAS_PHASES;
            found |= phase.isNegative() ? Check.NEGATIVE_DURATION.flag() : 0;
            found |= closed && phase.isRunning() ? Check.PHASE_RUNNING_ON_CLOSED.flag() : 0;
        }
        Instant fix = IssueFacts.fixedAt(changes);
        boolean settled = closed || Change.of(changes[changes.length - 1]).status() == Status.FIXED;
        for (Series series : now.series()) {
            found |= series.isComparable() ? IssueFacts.HAS_COMPARABLE_METRICS : 0;
            found |= series.lacksABaseline() ? Check.NO_BASELINE.flag() : 0;
            found |= settled && series.hasWorseVerdict() ? Check.WORSE_AFTER_FIX.flag() : 0;
            if (fix != null) {
                found |= series.isMeasuredBefore(fix) ? Check.MEASURED_BEFORE_FIX.flag() : 0;
                found |= series.isWorseAfter(fix) ? Check.WORSE_AFTER_FIX.flag() : 0;
            }
        }
        return found;
    }
}
