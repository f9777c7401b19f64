package issueledger.openapi.commands;

import issueledger.events.Resolution;
import issueledger.events.Status;
import issueledger.issue.AllowedCommands;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.Reason;
import issueledger.issue.Refusal;
import issueledger.openapi.Schemas;
import issueledger.openapi.ServiceDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.util.StringUtils;
import tools.jackson.databind.node.ObjectNode;

/** The schemas of the commands, and an operation for each, with the body that the binder takes. */
public final class CommandDocument implements ServiceDocument {
    private static final String ONE_COMMAND = "POST /issues/{id}/{command}";

    private final CommandTexts texts = new CommandTexts();

    @Override
    public void complete(ObjectNode document, Schemas schemas) {
        schemas.of(Refusal.Unmet.class);
        schemas.of(AllowedCommands.class);
        schemas.kind("reason", schemas.of(Reason.class));
        schemas.kind("status", schemas.of(Status.class));
        schemas.kind("resolution", schemas.of(Resolution.class));
        schemas.kind(
                "command",
                Schemas.oneOf(IssueCommand.BY_NAME.keySet().stream()
                        .filter(name -> IssueCommand.BY_NAME.get(name) != OpenIssue.class)));

        ObjectNode operations = document.withObject("/operations");
        ObjectNode opening = (ObjectNode) operations.required("POST /issues");
        opening.put("summary", texts.summary(OpenIssue.class)).put("description", texts.description(OpenIssue.class));
        ObjectNode template = (ObjectNode) operations.remove(ONE_COMMAND);
        CommandBodies bodies = new CommandBodies(document.required("fields"), texts, schemas);
        Map<String, ObjectNode> all = new TreeMap<>();
        IssueCommand.BY_NAME.forEach((name, type) -> {
            ObjectNode body = bodies.of(type);
            all.put(name, body);
            if (type != OpenIssue.class) {
                operations.set("POST /issues/{id}/" + name, operation(template.deepCopy(), type, body));
            }
        });
        document.required("lineKinds").forEachEntry((name, kind) -> schemas.kind(name, (ObjectNode) kind));
        addLines(all, (ObjectNode) document.required("line"), schemas);
    }

    /** An empty body is an empty object. */
    private static boolean isRequired(ObjectNode body) {
        return body.has("required") || body.has("not");
    }

    /** The schema of a line of a bulk request, for each command. */
    private static void addLines(Map<String, ObjectNode> bodies, ObjectNode members, Schemas schemas) {
        Map<String, String> names = new TreeMap<>();
        bodies.forEach((name, body) -> {
            Class<? extends IssueCommand> type = Objects.requireNonNull(IssueCommand.BY_NAME.get(name));
            ObjectNode line = Schemas.yaml("{}");
            line.set("command", Schemas.constant(name));
            members.forEachEntry((member, kind) -> line.set(member, schemas.of(kind.stringValue())));
            line.set("body", schemas.of(type.getSimpleName()));
            List<String> required = new ArrayList<>(List.of("command"));
            if (type != OpenIssue.class) {
                line.set("issueId", schemas.of("issueId"));
                required.add("issueId");
            }
            if (isRequired(body)) {
                required.add("body");
            } else {
                line.set("body", Schemas.orNull(schemas.of(type.getSimpleName())));
            }
            schemas.add(type.getSimpleName() + "Line", Schemas.closed(line, required));
            names.put(name, type.getSimpleName() + "Line");
        });
        schemas.add("CommandLine", schemas.oneOf("command", names));
    }

    private ObjectNode operation(ObjectNode operation, Class<? extends IssueCommand> type, ObjectNode body) {
        String name = type.getSimpleName();
        operation
                .put("mapping", ONE_COMMAND)
                .put("operationId", StringUtils.uncapitalize(name))
                .put("summary", texts.summary(type))
                .put("description", texts.description(type));
        operation
                .putObject("body")
                .put("required", isRequired(body))
                .putObject("content")
                .put("application/json", name);
        return operation;
    }
}
