package issueledger.openapi.commands;

import static issueledger.openapi.Answers.members;
import static issueledger.openapi.Answers.parameter;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.tags.Tag;
import issueledger.events.Status;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.Reason;
import issueledger.issue.Refusal;
import issueledger.openapi.Answers;
import issueledger.openapi.Schemas;
import issueledger.openapi.ServiceDocument;
import issueledger.openapi.Shapes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The commands as OpenAPI describes them: one path for each, with the body that the binder takes. */
public final class CommandDocument implements ServiceDocument {
    private static final String ONE_COMMAND = "/issues/{id}/{command}";
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";

    private static final String OPENING = "Open";
    private static final String COMMANDS = "Commands";
    private static final String READING = "Read";

    @Override
    public String title() {
        return "Issue Ledger: commands";
    }

    @Override
    public String description() {
        return """
            Every change of an issue is a command; every accepted command becomes events in one ordered, hash-chained log. \
            What a rule refuses is answered with a reason code and with the commands that are allowed instead. \
            The query service reads what was recorded.\
            """;
    }

    @Override
    public List<Tag> tags() {
        return List.of(
                new Tag().name(OPENING).description("Open an issue, from JSON or from its Markdown document."),
                new Tag().name(COMMANDS).description("What an issue can be asked to do."),
                new Tag().name(READING).description("What an issue accepts, and where to read it."));
    }

    @Override
    public List<String> paths(String mapping) {
        return mapping.equals(ONE_COMMAND)
                ? IssueCommand.BY_NAME.keySet().stream()
                        .filter(name -> IssueCommand.BY_NAME.get(name) != OpenIssue.class)
                        .map(name -> "/issues/{id}/" + name)
                        .toList()
                : List.of(mapping);
    }

    @Override
    public Map<String, Operation> operations(Shapes shapes, Answers answers) {
        shapes.named("Remark", "Warning").named("NotNow", "Refused").named("Unmet", "UnmetRequirement");
        CommandBodies bodies = new CommandBodies(shapes);
        answers.member("rejected", "reason", Schemas.oneOf(Reason.class), true);
        answers.member("rejected", "issueStatus", Schemas.oneOf(Status.class), false);
        answers.member("rejected", "allowedCommands", Schemas.listOf(commandNames()), false);
        answers.member("rejected", "requirements", Schemas.listOf(shapes.of(Refusal.Unmet.class)), false);
        share(answers);

        Map<String, Operation> operations = new LinkedHashMap<>();
        operations.put("POST /issues", open(bodies, answers, shapes));
        IssueCommand.BY_NAME.forEach((name, type) -> {
            if (type != OpenIssue.class) {
                operations.put("POST /issues/{id}/" + name, command(type, bodies, answers, shapes));
            }
        });
        operations.put("POST /commands", bulk(answers));
        operations.put("GET /issues/{id}/allowed-commands", allowed(answers, shapes));
        operations.put("GET /issues/{id}", redirect(answers));
        return operations;
    }

    private static void share(Answers answers) {
        answers.shared(Answers.path("id", Schemas.issueId(), "The issue's id."));
        answers.shared(Answers.query(
                "dry-run", Schemas.bool(), "Decide and answer as if it were accepted, but record nothing."));
        answers.shared(Answers.header(
                "If-Match",
                Schemas.string().pattern("^(\\*|\"(0|[1-9][0-9]*)\")$"),
                "Only if the issue is at this version, such as `\"6\"`; `*` is any.",
                false));
        answers.shared(Answers.header(
                "Idempotency-Key",
                Schemas.string().pattern("^[!-~]{1,128}$"),
                "The same request with the same key again gets the first answer, for ever.",
                false));
        answers.shared(Answers.header(
                "X-Actor",
                Schemas.line(),
                "Who acts, as UTF-8; `anonymous` by default. With a bearer token it is the token's subject.",
                false));
        answers.shared(Answers.header(
                "traceparent",
                Schemas.string(),
                "W3C trace context, kept with the events; a bad one is ignored.",
                false));
    }

    private static Operation withHeaders(Operation operation) {
        return operation
                .addParametersItem(parameter("dry-run"))
                .addParametersItem(parameter("If-Match"))
                .addParametersItem(parameter("Idempotency-Key"))
                .addParametersItem(parameter("X-Actor"))
                .addParametersItem(parameter("traceparent"));
    }

    private static Operation open(CommandBodies bodies, Answers answers, Shapes shapes) {
        Operation operation = new Operation()
                .operationId("openIssue")
                .summary("Open an issue")
                .description("A document becomes one commit with all that it says; its errors carry line numbers.")
                .addTagsItem(OPENING)
                .requestBody(new RequestBody()
                        .required(true)
                        .content(new Content()
                                .addMediaType(JSON, new MediaType().schema(bodies.of(OpenIssue.class)))
                                .addMediaType(
                                        "text/markdown",
                                        new MediaType()
                                                .schema(Schemas.string()
                                                        .description("The issue template, filled in, as UTF-8.")))))
                .responses(new ApiResponses()
                        .addApiResponse(
                                "201",
                                answers.answer(
                                        "Opened",
                                        JSON,
                                        shapes.answered("POST /issues"),
                                        "Location",
                                        "ETag",
                                        "Ledger-Position",
                                        "Idempotent-Replayed")));
        return answers.withProblems(
                withHeaders(operation),
                "malformed",
                "unauthenticated",
                "forbidden",
                "not-acceptable",
                "conflict",
                "rejected",
                "version-mismatch",
                "too-large",
                "unsupported-media-type",
                "invalid",
                "idempotency-mismatch",
                "log-unavailable");
    }

    private static Operation command(
            Class<? extends IssueCommand> type, CommandBodies bodies, Answers answers, Shapes shapes) {
        Schema<?> body = bodies.of(type);
        Schema<?> made = Objects.requireNonNull(shapes.schemas().get(type.getSimpleName()));
        // An empty body is an empty object.
        boolean needed = made.getRequired() != null || made.getAnyOf() != null;
        String name = type.getSimpleName();
        Schema<?> accepted = shapes.answered("POST " + ONE_COMMAND);
        Operation operation = new Operation()
                .operationId(Character.toLowerCase(name.charAt(0)) + name.substring(1))
                .summary(name.replaceAll("(?<=[a-z])(?=[A-Z])", " "))
                .addTagsItem(COMMANDS)
                .addParametersItem(parameter("id"))
                .requestBody(new RequestBody()
                        .required(needed)
                        .content(new Content().addMediaType(JSON, new MediaType().schema(body))))
                .responses(new ApiResponses()
                        .addApiResponse(
                                "200",
                                answers.answer(
                                        "Accepted; `events` is empty where it changes nothing.",
                                        JSON,
                                        accepted,
                                        "ETag",
                                        "Ledger-Position",
                                        "Idempotent-Replayed")));
        return answers.withProblems(
                withHeaders(operation),
                "malformed",
                "unauthenticated",
                "forbidden",
                "unknown-issue",
                "not-acceptable",
                "conflict",
                "rejected",
                "version-mismatch",
                "too-large",
                "unsupported-media-type",
                "invalid",
                "idempotency-mismatch",
                "log-unavailable");
    }

    private static Operation bulk(Answers answers) {
        Schema<?> line = Schemas.object(
                members(
                        "command", Schemas.oneOf(List.copyOf(IssueCommand.BY_NAME.keySet())),
                        "issueId", Schemas.orNull(Schemas.issueId()),
                        "idempotencyKey", Schemas.orNull(Schemas.string().pattern("^[!-~]{1,128}$")),
                        "ifMatch", Schemas.orNull(Schemas.string()),
                        "body",
                                Schemas.orNull(Schemas.of("object"))
                                        .description("The command's body, as in its own path; absent is `{}`.")),
                List.of("command"));
        Map<String, Schema<?>> result = members(
                "line", Schemas.integer().description("The line of the command, from 1."),
                "status", Schemas.of("integer").description("What the command alone would have been answered."),
                "replayed", Schemas.bool());
        Schema<?> answered = Schemas.object(result, List.of("line", "status"))
                .description("With the members of the single answer, or of the problem.");
        answered.setAdditionalProperties(null);
        Operation operation = new Operation()
                .operationId("runCommands")
                .summary("Run many commands")
                .description("One a line; the results come in order, while they are run. A bad line fails alone.")
                .addTagsItem(COMMANDS)
                .addParametersItem(parameter("dry-run"))
                .addParametersItem(parameter("X-Actor"))
                .addParametersItem(parameter("traceparent"))
                .requestBody(new RequestBody()
                        .required(true)
                        .content(new Content().addMediaType(NDJSON, new MediaType().schema(Answers.lines(line)))))
                .responses(new ApiResponses()
                        .addApiResponse(
                                "200", answers.answer("A result for each command", NDJSON, Answers.lines(answered))));
        return answers.withProblems(
                operation,
                "malformed",
                "unauthenticated",
                "forbidden",
                "not-acceptable",
                "unsupported-media-type",
                "log-unavailable");
    }

    private static Operation allowed(Answers answers, Shapes shapes) {
        Schema<?> allowed = shapes.answered("GET /issues/{id}/allowed-commands");
        Operation operation = new Operation()
                .operationId("allowedCommands")
                .summary("What the issue accepts now, and why not the rest")
                .addTagsItem(READING)
                .addParametersItem(parameter("id"))
                .responses(new ApiResponses()
                        .addApiResponse(
                                "200",
                                answers.answer(
                                        "By its status and phase; rules on a body's values show when it is sent.",
                                        JSON,
                                        allowed,
                                        "ETag")));
        return answers.withProblems(
                operation,
                "malformed",
                "unauthenticated",
                "forbidden",
                "unknown-issue",
                "not-acceptable",
                "log-unavailable");
    }

    private static Operation redirect(Answers answers) {
        Operation operation = new Operation()
                .operationId("redirectToIssue")
                .summary("Leads to the query service, where the issue can be read")
                .addTagsItem(READING)
                .addParametersItem(parameter("id"))
                .responses(new ApiResponses()
                        .addApiResponse("307", answers.answer("There, with the same query", "Location")));
        return answers.withProblems(operation, "unauthenticated", "forbidden", "unknown-issue");
    }

    private static Schema<?> commandNames() {
        return Schemas.oneOf(IssueCommand.BY_NAME.keySet().stream()
                .filter(name -> IssueCommand.BY_NAME.get(name) != OpenIssue.class)
                .toList());
    }
}
