package issueledger.handling;

import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.IssueFixed;
import issueledger.events.IssueEvent.IssueOpened;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.ReferenceKind;
import issueledger.events.Requirement;
import issueledger.events.Resolution;
import issueledger.events.Status;
import issueledger.events.Waiver;
import issueledger.handling.Submission.Step;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.AddReference;
import issueledger.issue.IssueCommand.AssessImpact;
import issueledger.issue.IssueCommand.CloseIssue;
import issueledger.issue.IssueCommand.DefineTestingStrategy;
import issueledger.issue.IssueCommand.LinkFile;
import issueledger.issue.IssueCommand.MarkFixed;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueCommand.PlanPhases;
import issueledger.issue.IssueCommand.ProposeSolution;
import issueledger.issue.IssueCommand.RecordMetric;
import issueledger.issue.IssueCommand.RecordNote;
import issueledger.issue.IssueCommand.RecordRootCause;
import issueledger.issue.IssueCommand.StartTesting;
import issueledger.issue.IssueCommand.StartWork;
import issueledger.template.Template;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The commands that a document implies. */
public final class TemplateSteps {
    /** The reason of each ticked box, and of each waiver of what the document does not show. */
    public static final String IMPORTED = "imported";

    private TemplateSteps() {}

    /**
     * In the order in which they are decided.
     *
     * @param sentId the issue's id, null where the server makes it
     */
    public static List<Step> of(@Nullable String sentId, Template template) {
        List<Step> steps = new ArrayList<>();
        add(steps, new OpenIssue(sentId, new IssueOpened(template.title(), template.description(), List.of())));
        if (template.rootCause() != null) {
            add(steps, new RecordRootCause(template.rootCause()));
        }
        if (template.impact() != null) {
            add(steps, new AssessImpact(template.impact()));
        }
        if (template.solution() != null) {
            add(steps, new ProposeSolution(template.solution()));
        }
        if (!template.phases().isEmpty()) {
            add(steps, new PlanPhases(new PhasesPlanned(template.phases())));
        }
        if (template.testingStrategy() != null) {
            add(steps, new DefineTestingStrategy(template.testingStrategy()));
        }
        template.files().forEach(file -> add(steps, new LinkFile(file)));
        template.references()
                .forEach(reference ->
                        add(steps, new AddReference(reference.title(), reference.url(), ReferenceKind.OTHER)));
        template.metrics().forEach(metric -> add(steps, new RecordMetric(metric)));
        template.notes().forEach(note -> add(steps, new RecordNote(note.kind(), note.text())));
        addStatus(template, steps);
        return steps;
    }

    private static void add(List<Step> steps, IssueCommand command) {
        steps.add(new Step(command, null));
    }

    private static void addStatus(Template template, List<Step> steps) {
        Resolution resolution = template.resolution() == null ? Resolution.CONFIRMED : template.resolution();
        boolean confirmed = resolution == Resolution.CONFIRMED;
        Set<Status> ticked = template.ticked();
        Status furthest = ticked.stream()
                .filter(status -> confirmed || status != Status.CLOSED)
                .max(Comparator.naturalOrder())
                .orElse(Status.OPEN);
        if (furthest.compareTo(Status.IN_PROGRESS) >= 0) {
            steps.add(new Step(new StartWork(template.startedOn()), IMPORTED));
        }
        if (furthest.compareTo(Status.TESTING) >= 0) {
            steps.add(new Step(new StartTesting(), IMPORTED));
        }
        if (furthest.compareTo(Status.FIXED) >= 0) {
            String release = template.release() == null ? Template.UNKNOWN_RELEASE : template.release();
            steps.add(new Step(new MarkFixed(new IssueFixed(release, null, List.of())), IMPORTED));
        }
        if (furthest == Status.CLOSED || !confirmed) {
            steps.add(new Step(
                    new CloseIssue(new IssueClosed(
                            resolution, template.duplicateOf(), confirmed ? waivers(template) : List.of())),
                    IMPORTED));
        }
    }

    private static List<Waiver> waivers(Template template) {
        List<Waiver> waivers = new ArrayList<>();
        if (template.rootCause() == null) {
            waivers.add(new Waiver(Requirement.ROOT_CAUSE, IMPORTED));
        }
        if (!template.phases().isEmpty()) {
            waivers.add(new Waiver(Requirement.PHASES, IMPORTED));
        }
        return waivers;
    }
}
