package issueledger.web;

import issueledger.access.Callers;
import issueledger.events.Checks;
import issueledger.handling.CommandDispatcher.Accepted;
import issueledger.handling.IssueStates;
import issueledger.http.Headers;
import issueledger.http.MarkdownPage;
import issueledger.http.Problem;
import issueledger.http.ServiceUrl;
import issueledger.http.TraceIds;
import issueledger.issue.AllowedCommands;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueState;
import issueledger.template.Reading;
import issueledger.template.Template;
import issueledger.template.TemplateReader;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.util.MultiValueMap;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** The commands over HTTP. Checks run in the order of docs/api.md: route, media type, size, shape, values, issue, If-Match, rules. */
@RestController
class CommandController {
    private static final String ALLOWED_COMMANDS = "allowed-commands";
    private static final List<MediaType> PAGES = List.of(MarkdownPage.HTML, MarkdownPage.MARKDOWN);

    private final CommandExecutor executor;
    private final IssueStates issues;
    private final Clock clock;
    private final Callers callers;
    private final BodyMemoryLimit budget;
    private final ServiceUrl queries;
    private final AllowedCommandsPage page = new AllowedCommandsPage();

    CommandController(
            CommandExecutor executor,
            IssueStates issues,
            Clock clock,
            Callers callers,
            BodyMemoryLimit budget,
            ServiceUrl queries) {
        this.executor = executor;
        this.issues = issues;
        this.clock = clock;
        this.callers = callers;
        this.budget = budget;
        this.queries = queries;
    }

    @PostMapping(CommandTrail.OPENING_PATH)
    ResponseEntity<Accepted> open(
            HttpServletRequest request,
            @RequestAttribute(TraceIds.ATTRIBUTE) String traceId,
            @RequestAttribute(CommandTrail.ATTRIBUTE) CommandTrail trail)
            throws HttpMediaTypeNotAcceptableException {
        try (BodyMemoryLimit.Share share = budget.share()) {
            if (DeclaredType.is(MediaType.TEXT_MARKDOWN, request)) {
                return openFromDocument(request, share, traceId, trail);
            }
            CommandRequest read = read(request, share, traceId, OpenIssue.class, command -> ((OpenIssue) command).id());
            if (read.submission().newIssue() == null) {
                trail.leadsTo(read.submission().issueId());
            }
            Accepted accepted = executor.execute(read);
            trail.leadsTo(accepted.issueId());
            return created(accepted);
        }
    }

    /** One commit with all that the document implies. */
    private ResponseEntity<Accepted> openFromDocument(
            HttpServletRequest request, BodyMemoryLimit.Share share, String traceId, CommandTrail trail)
            throws HttpMediaTypeNotAcceptableException {
        CommandHeaders.requireAcceptable(request, MediaType.APPLICATION_JSON);
        String body = MarkdownBody.read(request, share);
        CommandHeaders headers = CommandHeaders.of(request, callers, traceId);
        Reading reading = TemplateReader.read(body);
        Template template = reading.template();
        if (template == null) {
            throw Problem.malformed(CommandExecutor.UNREADABLE).with("errors", reading.errors());
        }
        Accepted accepted = executor.executeDocument(CommandRequest.ofDocument(null, body, template, headers), reading);
        trail.leadsTo(accepted.issueId());
        return created(accepted.with(reading.warnings()));
    }

    @PostMapping(CommandTrail.COMMAND_PATH)
    ResponseEntity<Accepted> command(
            @PathVariable String id,
            @PathVariable String command,
            HttpServletRequest request,
            @RequestAttribute(TraceIds.ATTRIBUTE) String traceId)
            throws HttpRequestMethodNotSupportedException, HttpMediaTypeNotAcceptableException {
        if (command.equals(ALLOWED_COMMANDS)) {
            throw new HttpRequestMethodNotSupportedException(request.getMethod(), List.of("GET"));
        }
        try (BodyMemoryLimit.Share share = budget.share()) {
            CommandRequest read = read(request, share, traceId, typeOf(command), any -> id);
            if (!Checks.isIssueId(id)) {
                throw Problem.unknownIssue(Binder.printable(id));
            }
            return answer(ResponseEntity.ok(), executor.execute(read));
        }
    }

    private static Class<? extends IssueCommand> typeOf(String command) {
        Class<? extends IssueCommand> type = CommandRequest.typeOf(command);
        if (type == OpenIssue.class) {
            throw CommandRequest.unknown(command); // It has a path of its own.
        }
        return type;
    }

    /** Any other method on a command's path, whatever its parameters: 405 comes before 400. */
    @RequestMapping(CommandTrail.COMMAND_PATH)
    ResponseEntity<Void> notPosted(
            @PathVariable String command, @RequestParam MultiValueMap<String, String> any, HttpServletRequest request)
            throws HttpRequestMethodNotSupportedException, HttpMediaTypeNotAcceptableException {
        List<String> allowed = command.equals(ALLOWED_COMMANDS) ? List.of("GET", "HEAD") : List.of("POST");
        if (!command.equals(ALLOWED_COMMANDS)) {
            if (!command.equals(ImportController.NAME)) {
                typeOf(command);
            }
        } else if (request.getMethod().equals("GET")) {
            // Only one whose answer could not be accepted comes here.
            throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON));
        }
        if (request.getMethod().equals("OPTIONS")) {
            return ResponseEntity.ok()
                    .header("Allow", String.join(", ", allowed) + ", OPTIONS")
                    .build();
        }
        throw new HttpRequestMethodNotSupportedException(request.getMethod(), allowed);
    }

    /** Leads on to where the issue can be read. */
    @GetMapping("/issues/{id}")
    ResponseEntity<Void> redirect(
            @PathVariable String id, @RequestParam MultiValueMap<String, String> any, HttpServletRequest request) {
        if (!Checks.isIssueId(id)) {
            throw Problem.unknownIssue(Binder.printable(id));
        }
        String query = request.getQueryString();
        URI location = URI.create(queries.base(request) + "/issues/" + id + (query == null ? "" : "?" + query));
        return ResponseEntity.status(HttpStatus.TEMPORARY_REDIRECT)
                .location(location)
                .build();
    }

    /** Commands that the issue accepts now, and the others with their reasons; as a page, where {@code Accept} wants one more. */
    @GetMapping(
            path = "/issues/{id}/" + ALLOWED_COMMANDS,
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_HTML_VALUE, MediaType.TEXT_MARKDOWN_VALUE})
    ResponseEntity<?> allowed(@PathVariable String id, HttpServletRequest request) {
        IssueState state = (Checks.isIssueId(id) ? issues.find(id) : Optional.<IssueState>empty())
                .orElseThrow(() -> Problem.unknownIssue(Binder.printable(id)));
        AllowedCommands commands = AllowedCommands.of(id, state);
        double json = Headers.quality(MediaType.APPLICATION_JSON, request);
        if (PAGES.stream().anyMatch(type -> Headers.quality(type, request) > json)) {
            return MarkdownPage.answer(
                    ResponseEntity.ok(), page.markdown(commands), AllowedCommandsPage.FOOT, PAGES, request);
        }
        return ResponseEntity.ok()
                .eTag("\"" + state.version() + "\"")
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .contentType(MediaType.APPLICATION_JSON)
                .body(commands);
    }

    /** A command's body is read, whatever issue it is for. */
    private CommandRequest read(
            HttpServletRequest request,
            BodyMemoryLimit.Share share,
            String traceId,
            Class<? extends IssueCommand> type,
            Function<IssueCommand, @Nullable String> id)
            throws HttpMediaTypeNotAcceptableException {
        DeclaredType.require(MediaType.APPLICATION_JSON, request);
        CommandHeaders.requireAcceptable(request, MediaType.APPLICATION_JSON);
        ObjectNode body = JsonBody.read(request, share);
        CommandHeaders headers = CommandHeaders.of(request, callers, traceId);
        Binder.Bound bound = Binder.bind(type, body, clock.instant());
        return CommandRequest.of(IssueCommand.nameOf(type), id.apply(bound.command()), body, bound, headers);
    }

    private static ResponseEntity<Accepted> created(Accepted accepted) {
        BodyBuilder created = ResponseEntity.status(HttpStatus.CREATED);
        return answer(
                accepted.dryRun() != null ? created : created.location(URI.create("/issues/" + accepted.issueId())),
                accepted);
    }

    /** A dry run has neither the headers of a version nor of a position: there is none yet. */
    static ResponseEntity<Accepted> answer(BodyBuilder to, Accepted accepted) {
        if (accepted.replayed()) {
            to.header("Idempotent-Replayed", "true");
        }
        if (accepted.dryRun() == null) {
            to.eTag("\"" + accepted.version() + "\"").header("Ledger-Position", Long.toString(accepted.position()));
        }
        return to.contentType(MediaType.APPLICATION_JSON).body(accepted);
    }
}
