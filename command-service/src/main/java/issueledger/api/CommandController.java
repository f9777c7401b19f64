package issueledger.api;

import com.github.f4b6a3.uuid.UuidCreator;
import issueledger.access.Caller;
import issueledger.api.Commands.Accepted;
import issueledger.api.Commands.Sender;
import issueledger.events.Checks;
import issueledger.http.Headers;
import issueledger.http.Problem;
import issueledger.http.StrictParameters;
import issueledger.http.TraceIds;
import issueledger.issue.Import;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueState;
import issueledger.issue.Refusal.Rejected;
import issueledger.issue.Refusal.UnknownIssue;
import issueledger.issue.Refusal.VersionMismatch;
import issueledger.issue.Submission;
import issueledger.log.CommitHash;
import issueledger.template.Reading;
import issueledger.template.Template;
import issueledger.template.TemplateReader;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.node.ObjectNode;

/** The commands over HTTP. Checks run in the order of API.md: route, media type, size, shape, values, issue, If-Match, rules. */
@RestController
class CommandController {
    private static final Pattern VERSION_TAG = Pattern.compile("\"(0|[1-9]\\d*)\"");
    private static final Pattern KEY = Pattern.compile("[!-~]{1,128}");
    private static final String DRY_RUN = "dry-run";
    private static final String ALLOWED_COMMANDS = "allowed-commands";

    private final Commands commands;
    private final Clock clock;
    private final String queryUrl;
    private final int queryPort;

    CommandController(
            Commands commands,
            Clock clock,
            @Value("${issue-ledger.query-url}") String queryUrl,
            @Value("${issue-ledger.query-port}") int queryPort) {
        this.commands = commands;
        this.clock = clock;
        this.queryUrl = queryUrl.replaceFirst("/+$", "");
        this.queryPort = queryPort;
    }

    @PostMapping("/issues")
    ResponseEntity<Accepted> open(HttpServletRequest request) throws HttpMediaTypeNotAcceptableException {
        if (MarkdownBody.isMarkdown(request)) {
            return openFromDocument(request);
        }
        Request read = read(request, OpenIssue.class);
        String given = ((OpenIssue) read.bound().command()).id();
        String id = given == null ? UuidCreator.getTimeOrderedEpoch().toString() : given;
        Accepted accepted = submit(read, id, given == null ? "" : given);
        return created(accepted);
    }

    /** One commit with all that the document implies. */
    private ResponseEntity<Accepted> openFromDocument(HttpServletRequest request)
            throws HttpMediaTypeNotAcceptableException {
        requireAcceptable(request);
        String body = MarkdownBody.read(request);
        boolean dry = isDry(request);
        String actor = Caller.of(request).actor();
        String key = idempotencyKey(request);
        Long ifMatch = ifMatch(request);
        Reading reading = TemplateReader.read(body);
        Template template = reading.template();
        if (template == null) {
            throw Problem.malformed("The document cannot be read as an issue: see errors.")
                    .with("errors", reading.errors());
        }
        String id = UuidCreator.getTimeOrderedEpoch().toString();
        String hash = CommitHash.sha256(IssueCommand.nameOf(OpenIssue.class) + "\n\n" + body);
        Import document = new Import(id, template, ifMatch);
        Sender sender = new Sender(actor, TraceIds.of(request), hash, key);
        Accepted accepted =
                refusing(id, () -> dry ? commands.rehearse(document, sender) : commands.submit(document, sender));
        return created(accepted.with(reading.warnings()));
    }

    @PostMapping("/issues/{id}/{command}")
    ResponseEntity<Accepted> command(@PathVariable String id, @PathVariable String command, HttpServletRequest request)
            throws HttpRequestMethodNotSupportedException, HttpMediaTypeNotAcceptableException {
        if (command.equals(ALLOWED_COMMANDS)) {
            throw new HttpRequestMethodNotSupportedException(request.getMethod(), List.of("GET"));
        }
        Request read = read(request, typeOf(command));
        if (!Checks.isIssueId(id)) {
            throw Problem.unknownIssue(Binder.printable(id));
        }
        return answer(ResponseEntity.ok(), submit(read, id, id));
    }

    private static Class<? extends IssueCommand> typeOf(String command) {
        Class<? extends IssueCommand> type = IssueCommand.BY_NAME.get(command);
        if (type == null || type == OpenIssue.class) {
            throw new Problem(
                    404,
                    "unknown-command",
                    "There is no such command",
                    "There is no command " + Binder.printable(command) + ".");
        }
        return type;
    }

    /** Any other method on a command's path. */
    @RequestMapping(
            path = "/issues/{id}/{command}",
            method = {
                RequestMethod.GET,
                RequestMethod.PUT,
                RequestMethod.PATCH,
                RequestMethod.DELETE,
                RequestMethod.OPTIONS
            })
    ResponseEntity<Void> notPosted(@PathVariable String command, HttpServletRequest request)
            throws HttpRequestMethodNotSupportedException, HttpMediaTypeNotAcceptableException {
        List<String> allowed = command.equals(ALLOWED_COMMANDS) ? List.of("GET", "HEAD") : List.of("POST");
        if (!command.equals(ALLOWED_COMMANDS)) {
            typeOf(command);
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
        UriComponentsBuilder target = queryUrl.isEmpty()
                ? UriComponentsBuilder.newInstance()
                        .scheme(request.getScheme())
                        .host(request.getServerName())
                        .port(queryPort)
                : UriComponentsBuilder.fromUriString(queryUrl);
        if (!Checks.isIssueId(id)) {
            throw Problem.unknownIssue(Binder.printable(id));
        }
        String query = request.getQueryString();
        URI location = URI.create(target.path("/issues/" + id).toUriString() + (query == null ? "" : "?" + query));
        return ResponseEntity.status(HttpStatus.TEMPORARY_REDIRECT)
                .location(location)
                .build();
    }

    /** What the issue accepts now, and why not the rest. */
    @GetMapping(path = "/issues/{id}/" + ALLOWED_COMMANDS, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<AllowedCommands> allowed(@PathVariable String id) {
        IssueState state = (Checks.isIssueId(id) ? commands.state(id) : Optional.<IssueState>empty())
                .orElseThrow(() -> Problem.unknownIssue(Binder.printable(id)));
        return ResponseEntity.ok()
                .eTag("\"" + state.version() + "\"")
                .body(new AllowedCommands(
                        id, state.version(), state.status().name(), state.allowedCommands(), state.refusedCommands()));
    }

    record AllowedCommands(
            String issueId, long version, String status, List<String> allowed, List<IssueState.NotNow> refused) {}

    private record Request(
            String name,
            String actor,
            @Nullable Long ifMatch,
            @Nullable String key,
            boolean dry,
            ObjectNode body,
            Binder.Bound bound,
            String traceId) {}

    private Request read(HttpServletRequest request, Class<? extends IssueCommand> type)
            throws HttpMediaTypeNotAcceptableException {
        JsonBody.requireJson(request);
        requireAcceptable(request);
        ObjectNode body = JsonBody.read(request);
        boolean dry = isDry(request);
        String actor = Caller.of(request).actor();
        String key = idempotencyKey(request);
        Long ifMatch = ifMatch(request);
        Binder.Bound bound = Binder.bind(type, body, clock.instant());
        return new Request(IssueCommand.nameOf(type), actor, ifMatch, key, dry, body, bound, TraceIds.of(request));
    }

    /** Not by the mapping, which would ask before the body's type: 415 comes before 406. */
    private static void requireAcceptable(HttpServletRequest request) throws HttpMediaTypeNotAcceptableException {
        List<String> given = Collections.list(request.getHeaders("Accept"));
        try {
            if (given.isEmpty()
                    || MediaType.parseMediaTypes(given).stream()
                            .anyMatch(
                                    type -> type.includes(MediaType.APPLICATION_JSON) && type.getQualityValue() > 0)) {
                return;
            }
        } catch (InvalidMediaTypeException e) {
            throw Problem.malformedParameter("Accept", "is not a list of media types");
        }
        throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON));
    }

    /** Whether the command is only to be decided. */
    private static boolean isDry(HttpServletRequest request) {
        StrictParameters.check(request, Set.of(DRY_RUN));
        String given = request.getQueryString() == null ? null : request.getParameter(DRY_RUN);
        if (given != null && !given.equals("true") && !given.equals("false")) {
            throw Problem.malformedParameter(DRY_RUN, "must be true or false");
        }
        return "true".equals(given);
    }

    private static @Nullable String idempotencyKey(HttpServletRequest request) {
        String given = Headers.single(request, "Idempotency-Key");
        if (given != null && !KEY.matcher(given).matches()) {
            throw Problem.malformedParameter("Idempotency-Key", "must be 1 to 128 visible ASCII characters");
        }
        return given;
    }

    private static @Nullable Long ifMatch(HttpServletRequest request) {
        String given = Headers.single(request, "If-Match");
        if (given == null || given.equals("*")) {
            return null;
        }
        Matcher tag = VERSION_TAG.matcher(given);
        if (!tag.matches()) {
            throw Problem.malformedParameter("If-Match", "must be a version in quotes, like \"6\", or *");
        }
        // No issue has a version of more than 18 digits: such a one matches none.
        return tag.group(1).length() > 18 ? Long.valueOf(Long.MAX_VALUE) : Long.valueOf(tag.group(1));
    }

    private Accepted submit(Request read, String issueId, String sentId) {
        String hash = CommitHash.sha256(read.name() + "\n" + sentId + "\n" + JsonBody.canonical(read.body()));
        Submission submission = new Submission(
                issueId,
                read.bound().command(),
                read.bound().reason(),
                read.bound().effectiveAt(),
                read.ifMatch());
        Sender sender = new Sender(read.actor(), read.traceId(), hash, read.key());
        return refusing(
                issueId,
                () -> read.dry() ? commands.rehearse(submission, sender) : commands.submit(submission, sender));
    }

    private static Accepted refusing(String issueId, Supplier<Accepted> submitting) {
        try {
            return submitting.get();
        } catch (UnknownIssue e) {
            throw Problem.unknownIssue(issueId);
        } catch (VersionMismatch e) {
            throw new Problem(
                            412,
                            "version-mismatch",
                            "The issue is at another version",
                            "The issue is at version " + e.currentVersion() + ": read it again and decide anew.")
                    .with("currentVersion", e.currentVersion());
        } catch (Rejected e) {
            throw rejected(e);
        }
    }

    private static Problem rejected(Rejected e) {
        Problem problem = new Problem(409, "rejected", "A rule refuses the command", String.valueOf(e.getMessage()))
                .with("reason", e.reason());
        if (e.status() != null) {
            problem.with("issueStatus", e.status()).with("allowedCommands", e.allowedCommands());
        }
        if (!e.requirements().isEmpty()) {
            problem.with("requirements", e.requirements());
        }
        return problem;
    }

    private static ResponseEntity<Accepted> created(Accepted accepted) {
        return answer(ResponseEntity.created(URI.create("/issues/" + accepted.issueId())), accepted);
    }

    private static ResponseEntity<Accepted> answer(ResponseEntity.BodyBuilder to, Accepted accepted) {
        if (accepted.replayed()) {
            to.header("Idempotent-Replayed", "true");
        }
        return to.eTag("\"" + accepted.version() + "\"")
                .header("Ledger-Position", Long.toString(accepted.position()))
                .contentType(MediaType.APPLICATION_JSON)
                .body(accepted);
    }
}
