package issueledger.web;

import com.github.f4b6a3.uuid.UuidCreator;
import issueledger.handling.CommandDispatcher;
import issueledger.handling.CommandDispatcher.Accepted;
import issueledger.handling.CommandDispatcher.CommandOrigin;
import issueledger.handling.Submission;
import issueledger.http.Problem;
import issueledger.issue.IssueCommand;
import issueledger.log.CommitHash;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A command as a client sent it, whose shape and values are right; whether an issue accepts it is still to be decided.
 *
 * @param command its name in paths
 * @param sentId the issue's id, null where one is opened under an id that the server makes
 * @param body the JSON that {@code bound} was made of
 */
public record CommandRequest(
        String command, @Nullable String sentId, ObjectNode body, Binder.Bound bound, CommandHeaders headers) {

    /**
     * Has it decided, and recorded unless it is a dry run.
     *
     * @throws Problem where it is refused
     */
    public Accepted carryOut(CommandDispatcher commands) {
        String issueId = sentId == null ? UuidCreator.getTimeOrderedEpoch().toString() : sentId;
        String sent = sentId == null ? "" : sentId;
        CommandOrigin sender =
                headers.sender(CommitHash.sha256(command + "\n" + sent + "\n" + JsonBody.canonical(body)));
        Submission submission =
                new Submission(issueId, bound.command(), bound.reason(), bound.effectiveAt(), headers.ifMatch());
        return RefusalProblems.telling(
                issueId,
                () -> headers.dry() ? commands.rehearse(submission, sender) : commands.submit(submission, sender));
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
        return new Problem(
                404,
                "unknown-command",
                "There is no such command",
                "There is no command " + Binder.printable(name) + ".");
    }
}
