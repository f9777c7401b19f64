package issueledger.timeline;

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

/** One readable line for each event. */
final class Titles {
    private static final int LENGTH = 160;

    private Titles() {}

    static String of(IssueEvent event) {
        return oneLine(
                switch (event) {
                    case IssueOpened e -> "Opened: " + e.title();
                    case DescriptionRevised e ->
                        e.title() == null ? "Description revised" : "Description revised: " + e.title();
                    case RootCauseRecorded e -> "Root cause: " + e.technicalCause();
                    case ImpactAssessed e -> "Impact assessed: " + e.severity();
                    case SolutionProposed e -> "Solution proposed: " + e.approach();
                    case PhasesPlanned e ->
                        e.phases().size() == 1 ? "1 phase planned" : e.phases().size() + " phases planned";
                    case PhaseStarted e -> "Phase " + e.phase() + " started";
                    case PhaseCompleted e ->
                        "Phase " + e.phase() + " completed" + (e.outcome() == null ? "" : ": " + e.outcome());
                    case TestingStrategyDefined e -> "Testing strategy defined";
                    case WorkStarted e -> "Work started on " + e.startedOn();
                    case TestingStarted e -> "Testing started";
                    case TestRunRecorded e -> e.kind() + " tests " + e.outcome();
                    case WorkResumed e -> "Returned to work";
                    case IssueFixed e -> "Fixed in " + e.release();
                    case IssueClosed e ->
                        "Closed: " + e.resolution() + (e.duplicateOf() == null ? "" : " of " + e.duplicateOf());
                    case IssueReopened e -> "Reopened";
                    case NoteRecorded e -> e.kind() + ": " + e.text();
                    case NoteCorrected e -> "Note " + e.note() + " corrected: " + e.text();
                    case MetricRecorded e ->
                        e.kind() + " " + e.name() + " " + e.statistic() + " (" + e.environment() + "): "
                                + e.value().toPlainString() + " " + e.unit();
                    case MetricWithdrawn e -> "Metric record " + e.metric() + " withdrawn";
                    case RelatedFileLinked e ->
                        "File linked: " + e.path() + (e.purpose() == null ? "" : " (" + e.purpose() + ")");
                    case RelatedFileUnlinked e -> "File unlinked: " + e.path();
                    case ReferenceAdded e -> "Reference " + e.reference() + " added: " + e.title();
                    case ReferenceRemoved e -> "Reference " + e.reference() + " removed";
                    case IssueAssigned e -> e.assignee() == null ? "Unassigned" : "Assigned to " + e.assignee();
                    case LabelsChanged e -> labels(e);
                });
    }

    private static String labels(LabelsChanged e) {
        String added = e.add().isEmpty() ? "" : " added " + String.join(", ", e.add());
        String removed = e.remove().isEmpty() ? "" : " removed " + String.join(", ", e.remove());
        return "Labels" + added + (added.isEmpty() || removed.isEmpty() ? "" : ";") + removed;
    }

    private static String oneLine(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= LENGTH
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LENGTH - 1)) + "…";
    }
}
