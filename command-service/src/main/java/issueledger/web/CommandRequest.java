package issueledger.web;

import com.github.f4b6a3.uuid.UuidCreator;
import issueledger.events.InvalidValue;
import issueledger.handling.CommandDispatcher.CommandOrigin;
import issueledger.handling.Submission;
import issueledger.handling.Submission.Step;
import issueledger.handling.TemplateSteps;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.log.CommitHash;
import issueledger.template.Reading.Remark;
import issueledger.template.Template;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request whose shape and values are right, ready for a decision.
 *
 * @param dry whether it is only to be decided
 */
public record CommandRequest(Submission submission, CommandOrigin origin, boolean dry) {

    /**
     * A single command.
     *
     * @param command its name in paths
     * @param sentId the issue's id, null where the server makes it
     * @param body the JSON that {@code bound} was made of
     */
    public static CommandRequest of(
            String command, @Nullable String sentId, ObjectNode body, Binder.Bound bound, CommandHeaders headers) {
        String issueId = sentId == null ? newId() : sentId;
        String hash =
                CommitHash.sha256(command + "\n" + (sentId == null ? "" : sentId) + "\n" + JsonBody.canonical(body));
        return new CommandRequest(
                Submission.of(issueId, bound.command(), bound.reason(), bound.effectiveAt(), headers.ifMatch()),
                headers.origin(hash),
                headers.dry());
    }

    /**
     * An issue from its document.
     *
     * @param sentId the issue's id, null where the server makes it
     * @param text the document that {@code template} was read from
     * @throws Problem 400 where a command would refuse a value that the reader has let through
     */
    public static CommandRequest ofDocument(
            @Nullable String sentId, String text, Template template, CommandHeaders headers) {
        String opening = IssueCommand.nameOf(OpenIssue.class);
        String hash = CommitHash.sha256(opening + "\n" + (sentId == null ? "" : sentId) + "\n" + text);
        return new CommandRequest(
                new Submission(sentId == null ? newId() : sentId, steps(sentId, template), null, headers.ifMatch()),
                headers.origin(hash),
                headers.dry());
    }

    private static List<Step> steps(@Nullable String sentId, Template template) {
        try {
            return TemplateSteps.of(sentId, template);
        } catch (InvalidValue e) {
            throw Problem.malformed(CommandExecutor.UNREADABLE)
                    .with(
                            "errors",
                            e.offences().stream()
                                    .map(offence -> new Remark(1, offence.pointer() + " " + offence.detail()))
                                    .toList());
        }
    }

    private static String newId() {
        return UuidCreator.getTimeOrderedEpoch().toString();
    }

    /**
     * The type of the command of that name.
     *
     * @throws Problem 404 if there is none
     */
    public static Class<? extends IssueCommand> typeOf(String name) {
        Class<? extends IssueCommand> type = IssueCommand.BY_NAME.get(name);
        if (type == null) {
            throw unknown(name);
        }
        return type;
    }

    public static Problem unknown(String name) {
        return new Problem(ProblemType.UNKNOWN_COMMAND, "There is no command " + Binder.printable(name) + ".");
    }
}
