package issueledger.openapi.commands;

import issueledger.events.Resolution;
import issueledger.events.Status;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.Reason;
import issueledger.issue.Refusal;
import issueledger.openapi.Schemas;
import issueledger.openapi.ServiceDocument;
import org.springframework.util.StringUtils;
import tools.jackson.databind.node.ObjectNode;

/** The schemas of the commands, and an operation for each, with the body that the binder takes. */
public final class CommandDocument implements ServiceDocument {
    private static final String ONE_COMMAND = "POST /issues/{id}/{command}";

    @Override
    public void complete(ObjectNode document, Schemas schemas) {
        schemas.of(Refusal.Unmet.class);
        schemas.kind("reason", schemas.of(Reason.class));
        schemas.kind("status", schemas.of(Status.class));
        schemas.kind("resolution", schemas.of(Resolution.class));
        schemas.kind("anyCommand", Schemas.oneOf(IssueCommand.BY_NAME.keySet().stream()));
        schemas.kind(
                "command",
                Schemas.oneOf(IssueCommand.BY_NAME.keySet().stream()
                        .filter(name -> IssueCommand.BY_NAME.get(name) != OpenIssue.class)));

        ObjectNode operations = document.withObject("/operations");
        ObjectNode template = (ObjectNode) operations.remove(ONE_COMMAND);
        CommandBodies bodies = new CommandBodies(document.required("fields"), schemas);
        IssueCommand.BY_NAME.forEach((name, type) -> {
            ObjectNode body = bodies.of(type);
            if (type != OpenIssue.class) {
                operations.set("POST /issues/{id}/" + name, operation(template.deepCopy(), type.getSimpleName(), body));
            }
        });
    }

    private static ObjectNode operation(ObjectNode operation, String name, ObjectNode body) {
        operation
                .put("mapping", ONE_COMMAND)
                .put("operationId", StringUtils.uncapitalize(name))
                .put("summary", name.replaceAll("(?<=[a-z])(?=[A-Z])", " "));
        // An empty body is an empty object.
        operation
                .putObject("body")
                .put("required", body.has("required") || body.has("anyOf"))
                .putObject("content")
                .put("application/json", name);
        return operation;
    }
}
