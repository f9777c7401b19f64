package issueledger.openapi.queries;

import static issueledger.openapi.Answers.parameter;
import static issueledger.openapi.Answers.query;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.tags.Tag;
import issueledger.audit.RefusalsController;
import issueledger.events.IssueEvent;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.history.EventItem;
import issueledger.history.HistoryController;
import issueledger.issues.IssueView;
import issueledger.issues.Issues;
import issueledger.issues.IssuesController;
import issueledger.openapi.Answers;
import issueledger.openapi.Schemas;
import issueledger.openapi.ServiceDocument;
import issueledger.openapi.Shapes;
import issueledger.refusals.RefusedCommand;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The questions as OpenAPI describes them; what is answered has the shape of the records that are written. */
public final class QueryDocument implements ServiceDocument {
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";

    private static final String ISSUES = "Issues";
    private static final String HISTORY = "History";
    private static final String AUDIT = "Audit";
    private static final String VIEWS = "Views";

    @Override
    public String title() {
        return "Issue Ledger: queries";
    }

    @Override
    public String description() {
        return """
            Whatever is read here is folded from the events in the log, now or as it was at any version or moment. \
            Every answer says in `Ledger-Position` which position the views hold; a request with `Ledger-Min-Position` \
            waits until they hold that one, so that a client reads its own writes. The command service takes the changes.\
            """;
    }

    @Override
    public List<Tag> tags() {
        return List.of(
                new Tag().name(ISSUES).description("The issues as they stand, and as they stood."),
                new Tag().name(HISTORY).description("What happened, event by event."),
                new Tag().name(AUDIT).description("What holds the log to account."),
                new Tag().name(VIEWS).description("How far the views are."));
    }

    @Override
    public Map<String, Operation> operations(Shapes shapes, Answers answers) {
        answers.everywhere("Ledger-Position");
        answers.shared(Answers.path("id", Schemas.string(), "The issue's id."));
        answers.shared(Answers.header(
                "Ledger-Min-Position", Schemas.count(), "Answer once the views hold this position.", false));
        answers.shared(Answers.header(
                "If-None-Match", Schemas.string(), "`304` if the issue is still as this `ETag` says.", false));
        shapes.named("Item", "IssueItem")
                .named("PhaseOf", "PhaseOfItem")
                .named("IssueView", "Issue")
                .named("Step", "TimelineStep")
                .named("Series", "MetricSeriesWithRecords")
                .named("Measured", "MetricRecord")
                .named("Head", "LogHead")
                .named("Progress", "Projection")
                .named("Origin", "EventMetadata");
        shapes.add("Payload", payloads(shapes));

        Map<String, Operation> operations = new LinkedHashMap<>();
        operations.put("GET /issues", list(shapes, answers));
        operations.put("GET /issues/{id}", one(shapes, answers));
        operations.put("GET /issues/{id}/events", issueEvents(shapes, answers));
        operations.put("GET /issues/{id}/timeline", timeline(shapes, answers));
        operations.put("GET /issues/{id}/metrics", metrics(shapes, answers));
        operations.put("GET /events", events(shapes, answers));
        operations.put("GET /audit/head", head(shapes, answers));
        operations.put("GET /audit/refusals", refusals(shapes, answers));
        operations.put("GET /projections", projections(shapes, answers));
        return operations;
    }

    /** The events' payloads, in the order of the events' names. */
    private static Schema<?> payloads(Shapes shapes) {
        Schema<?> payload = new JsonSchema();
        Arrays.stream(IssueEvent.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .sorted()
                .forEach(name -> payload.addAnyOfItem(Schemas.ref(name)));
        Arrays.stream(IssueEvent.class.getPermittedSubclasses()).forEach(shapes::of);
        return payload.description("As it was recorded; its schema has the name of the event's type.");
    }

    private static Operation operation(String id, String tag, String summary, ApiResponse answer) {
        return new Operation()
                .operationId(id)
                .summary(summary)
                .addTagsItem(tag)
                .addParametersItem(parameter("Ledger-Min-Position"))
                .responses(new ApiResponses().addApiResponse("200", answer));
    }

    private static Operation list(Shapes shapes, Answers answers) {
        Operation operation = operation(
                        "listIssues",
                        ISSUES,
                        "The issues: filtered, sorted, paged",
                        answers.answer("A page of issues", JSON, shapes.page(Issues.Item.class)))
                .addParametersItem(query("status", Schemas.oneOf(Status.class), "Only those in this status."))
                .addParametersItem(query("severity", Schemas.oneOf(Severity.class), "Only those of this severity."))
                .addParametersItem(query("label", Schemas.string(), "Only those with this label."))
                .addParametersItem(query("assignee", Schemas.string(), "Only those that are this person's."))
                .addParametersItem(query("file", Schemas.string(), "Only those linked to a file of this path."))
                .addParametersItem(query("openedAfter", Schemas.instant(), "Only those opened after this instant."))
                .addParametersItem(query("openedBefore", Schemas.instant(), "Only those opened before this instant."))
                .addParametersItem(query(
                        "q",
                        Schemas.string().minLength(1),
                        "Words; each must begin a word of the title, description, root cause, solution or notes."))
                .addParametersItem(query("sort", sorts(), "`-` is descending; ties go by id."))
                .addParametersItem(limit(IssuesController.MAX_ITEMS, IssuesController.DEFAULT_ITEMS))
                .addParametersItem(query("cursor", Schemas.string(), "The `nextCursor` of the page before."));
        return answers.withProblems(
                operation, "malformed", "unauthenticated", "forbidden", "not-acceptable", "log-unavailable", "not-yet");
    }

    private static Schema<?> sorts() {
        Schema<?> sorts = Schemas.oneOf(IssuesController.SORT_FIELDS.stream()
                .flatMap(field -> Stream.of(field, "-" + field))
                .toList());
        sorts.setDefault(IssuesController.DEFAULT_SORT);
        return sorts;
    }

    private static Parameter limit(int most, int usual) {
        Schema<?> limit = Schemas.of("integer").minimum(BigDecimal.ONE).maximum(BigDecimal.valueOf(most));
        limit.setDefault(usual);
        return query("limit", limit, "How many items a page has at most.");
    }

    private static Parameter after(String what) {
        Schema<?> after = Schemas.count();
        after.setDefault(0);
        return query("after", after, what);
    }

    private static Operation one(Shapes shapes, Answers answers) {
        ApiResponse issue = answers.answer(
                "The issue; as its document, where `Accept` wants `text/markdown` more",
                JSON,
                shapes.of(IssueView.class),
                "ETag",
                "Vary",
                "Ledger-Parked",
                "Content-Disposition");
        issue.getContent().addMediaType("text/markdown", new MediaType().schema(Schemas.string()));
        Operation operation = operation("readIssue", ISSUES, "The whole issue, now or then", issue)
                .addParametersItem(parameter("id"))
                .addParametersItem(parameter("If-None-Match"))
                .addParametersItem(query("version", Schemas.integer(), "As it was at this version."))
                .addParametersItem(query(
                        "asOf",
                        Schemas.instant(),
                        "As the ledger knew it at this instant; not together with version."));
        operation.getResponses().addApiResponse("304", answers.answer("It has not changed", "ETag", "Vary"));
        return ofIssue(operation, answers, "unknown-issue", "unknown-version", "not-yet", "parked");
    }

    private static Operation ofIssue(Operation operation, Answers answers, String... more) {
        List<String> problems = new ArrayList<>(
                List.of("malformed", "unauthenticated", "forbidden", "not-acceptable", "log-unavailable"));
        problems.addAll(List.of(more));
        return answers.withProblems(operation, problems.toArray(String[]::new));
    }

    private static ApiResponse itemsAndLines(Shapes shapes, Answers answers) {
        ApiResponse response = answers.answer("A page of events, or as lines", JSON, shapes.page(EventItem.class));
        response.getContent().addMediaType(NDJSON, new MediaType().schema(Answers.lines(shapes.of(EventItem.class))));
        return response;
    }

    private static Operation issueEvents(Shapes shapes, Answers answers) {
        Operation operation = operation(
                        "readIssueEvents", HISTORY, "The issue's events", itemsAndLines(shapes, answers))
                .addParametersItem(parameter("id"))
                .addParametersItem(after("A version of the issue."))
                .addParametersItem(limit(HistoryController.MAX_EVENTS, HistoryController.DEFAULT_EVENTS));
        return ofIssue(operation, answers, "unknown-issue", "not-yet");
    }

    private static Operation events(Shapes shapes, Answers answers) {
        Operation operation = operation(
                        "readEvents", HISTORY, "The whole log, in its order", itemsAndLines(shapes, answers))
                .addParametersItem(after("A position in the log."))
                .addParametersItem(limit(HistoryController.MAX_EVENTS, HistoryController.DEFAULT_EVENTS));
        return ofIssue(operation, answers, "not-yet");
    }

    private static Operation timeline(Shapes shapes, Answers answers) {
        Schema<?> page = shapes.answered("GET /issues/{id}/timeline");
        Operation operation = operation(
                        "readTimeline",
                        HISTORY,
                        "What happened, readable, oldest first",
                        answers.answer("A page of steps", JSON, page))
                .addParametersItem(parameter("id"))
                .addParametersItem(query("kind", shapes.memberOf("TimelineStep", "kind"), "Only steps of this kind."))
                .addParametersItem(after("A version of the issue."))
                .addParametersItem(limit(HistoryController.MAX_EVENTS, HistoryController.DEFAULT_EVENTS));
        return ofIssue(operation, answers, "unknown-issue", "not-yet");
    }

    private static Operation metrics(Shapes shapes, Answers answers) {
        Operation operation = operation(
                        "readMetrics",
                        ISSUES,
                        "The metric series, with what they improved by",
                        answers.answer(
                                "All series of the issue",
                                JSON,
                                shapes.answered("GET /issues/{id}/metrics"),
                                "Ledger-Parked"))
                .addParametersItem(parameter("id"));
        return ofIssue(operation, answers, "unknown-issue", "not-yet", "parked");
    }

    private static Operation head(Shapes shapes, Answers answers) {
        return ofIssue(
                operation(
                        "readHead",
                        AUDIT,
                        "The head of the log, to hold it against later",
                        answers.answer("The last commit", JSON, shapes.answered("GET /audit/head"))),
                answers,
                "not-yet");
    }

    private static Operation refusals(Shapes shapes, Answers answers) {
        Operation operation = operation(
                        "readRefusals",
                        AUDIT,
                        "What was refused, oldest first",
                        answers.answer("A page of refusals", JSON, shapes.page(RefusedCommand.class)))
                .addParametersItem(query("issueId", Schemas.string(), "Only those of this issue."))
                .addParametersItem(query("actor", Schemas.string(), "Only those of this actor."))
                .addParametersItem(
                        query("command", Schemas.string(), "Only those of this command, by its path's name."))
                .addParametersItem(query("reason", Schemas.string(), "Only those with this reason code."))
                .addParametersItem(after("The id of a refusal."))
                .addParametersItem(limit(RefusalsController.MAX_REFUSALS, RefusalsController.DEFAULT_REFUSALS));
        return ofIssue(operation, answers, "not-yet");
    }

    private static Operation projections(Shapes shapes, Answers answers) {
        return ofIssue(
                operation(
                        "readProjections",
                        VIEWS,
                        "How far each view is",
                        answers.answer("All of them", JSON, shapes.answered("GET /projections"))),
                answers,
                "not-yet");
    }
}
