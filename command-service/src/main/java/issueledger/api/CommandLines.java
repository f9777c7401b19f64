package issueledger.api;

import issueledger.api.Commands.Sender;
import issueledger.http.Problem;
import issueledger.issue.Import;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.Refusal;
import issueledger.issue.Submission;
import issueledger.log.CommitHash;
import issueledger.template.Template;
import issueledger.template.TemplateReader;
import java.time.Clock;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Commands that come with their name, issue and body from elsewhere than HTTP; they walk the same path from there on. */
@Component
public class CommandLines {
    private final Commands commands;
    private final Clock clock;

    CommandLines(Commands commands, Clock clock) {
        this.commands = commands;
        this.clock = clock;
    }

    /**
     * Opens an issue from its document.
     *
     * @throws Problem where it cannot be read
     * @throws Refusal where a rule refuses it
     */
    public void submitDocument(String issueId, String actor, String idempotencyKey, String document) {
        Template template = TemplateReader.read(document).template();
        if (template == null) {
            throw Problem.malformed("The document cannot be read as an issue.");
        }
        String hash = CommitHash.sha256(IssueCommand.nameOf(OpenIssue.class) + "\n" + issueId + "\n" + document);
        commands.submit(new Import(issueId, template, null), new Sender(actor, traceId(), hash, idempotencyKey));
    }

    private static String traceId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /**
     * One command.
     *
     * @param command its name in paths
     * @param idempotencyKey kept with its commit
     * @param body what the body of its request would be
     */
    public record CommandLine(String command, String issueId, String actor, String idempotencyKey, ObjectNode body) {}

    /**
     * Has a command decided and recorded.
     *
     * @throws Problem where the command is unknown, its body malformed or invalid, or others were faster each time
     * @throws Refusal where a rule refuses it
     */
    public void submit(CommandLine line) {
        Class<? extends IssueCommand> type = IssueCommand.BY_NAME.get(line.command());
        if (type == null) {
            throw Problem.malformed("There is no command " + line.command() + ".");
        }
        ObjectNode body = line.body().deepCopy();
        if (type == OpenIssue.class) {
            body.put("id", line.issueId());
        }
        Binder.Bound bound = Binder.bind(type, body, clock.instant());
        String hash = CommitHash.sha256(line.command() + "\n" + line.issueId() + "\n" + JsonBody.canonical(body));
        commands.submit(
                new Submission(line.issueId(), bound.command(), bound.reason(), bound.effectiveAt(), null),
                new Sender(line.actor(), traceId(), hash, line.idempotencyKey()));
    }
}
