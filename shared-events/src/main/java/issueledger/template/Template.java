package issueledger.template;

import issueledger.events.Description;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.IssueEvent.RootCauseRecorded;
import issueledger.events.IssueEvent.SolutionProposed;
import issueledger.events.IssueEvent.TestingStrategyDefined;
import issueledger.events.NoteKind;
import issueledger.events.PlannedPhase;
import issueledger.events.Resolution;
import issueledger.events.Status;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All of an issue that its document carries.
 *
 * @param ticked the boxes that are ticked
 * @param startedOn null where no work was started
 * @param release null where there is none, or none that is known
 * @param resolution null unless the issue is closed, or is to be closed without being confirmed
 * @param metrics a baseline and a measured value of each series, in turn
 */
public record Template(
        String title,
        Description description,
        @Nullable RootCauseRecorded rootCause,
        @Nullable ImpactAssessed impact,
        @Nullable SolutionProposed solution,
        List<PlannedPhase> phases,
        @Nullable TestingStrategyDefined testingStrategy,
        List<RelatedFileLinked> files,
        List<Reference> references,
        Set<Status> ticked,
        @Nullable LocalDate startedOn,
        @Nullable String release,
        @Nullable Resolution resolution,
        @Nullable String duplicateOf,
        List<Note> notes,
        List<MetricRecorded> metrics) {

    /** The release of an issue that was fixed in one that nobody named. */
    public static final String UNKNOWN_RELEASE = "unknown";

    public record Reference(String title, @Nullable String url) {}

    public record Note(NoteKind kind, String text) {}
}
