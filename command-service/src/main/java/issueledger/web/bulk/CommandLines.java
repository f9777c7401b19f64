package issueledger.web.bulk;

import issueledger.http.Problem;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.template.Reading;
import issueledger.template.Template;
import issueledger.template.TemplateReader;
import issueledger.web.Binder;
import issueledger.web.CommandExecutor;
import issueledger.web.CommandHeaders;
import issueledger.web.CommandRequest;
import java.time.Clock;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Commands that come with their name, issue and body from elsewhere than HTTP; they walk the same path from there on. */
@Component
public class CommandLines {
    private final CommandExecutor executor;
    private final Clock clock;

    CommandLines(CommandExecutor executor, Clock clock) {
        this.executor = executor;
        this.clock = clock;
    }

    /**
     * Opens an issue from its document.
     *
     * @throws Problem where it cannot be read, or a rule refuses it
     */
    public void submitDocument(String issueId, String actor, String idempotencyKey, String document) {
        Reading reading = TemplateReader.read(document);
        Template template = reading.template();
        if (template == null) {
            throw Problem.malformed("The document cannot be read as an issue.");
        }
        executor.executeDocument(
                CommandRequest.ofDocument(issueId, document, template, headers(actor, idempotencyKey)), reading);
    }

    private static CommandHeaders headers(String actor, String idempotencyKey) {
        return new CommandHeaders(false, actor, UUID.randomUUID().toString().replace("-", ""), idempotencyKey, null);
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
     * @throws Problem where the command is unknown, its body malformed or invalid, or a rule refuses it
     */
    public void submit(CommandLine line) {
        Class<? extends IssueCommand> type = CommandRequest.typeOf(line.command());
        ObjectNode body = line.body().deepCopy();
        if (type == OpenIssue.class) {
            body.put("id", line.issueId());
        }
        Binder.Bound bound = Binder.bind(type, body, clock.instant());
        executor.execute(CommandRequest.of(
                line.command(), line.issueId(), body, bound, headers(line.actor(), line.idempotencyKey())));
    }
}
