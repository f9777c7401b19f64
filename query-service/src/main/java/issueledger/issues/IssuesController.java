package issueledger.issues;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.axon.EventReader.UnreadableEvent;
import issueledger.events.EventJson;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.http.Headers;
import issueledger.http.Page;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.issues.IssueQuery.Cursor;
import issueledger.issues.IssueQuery.Moment;
import issueledger.issues.Issues.Row;
import issueledger.template.TemplateWriter;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The list of issues, and one issue: now, at a version or at a moment. */
@RestController
public class IssuesController {
    public static final int MAX_ITEMS = 200;
    public static final int DEFAULT_ITEMS = 50;

    public static final List<String> SORT_FIELDS = IssueQuery.Sort.FIELDS;
    public static final String DEFAULT_SORT = IssueQuery.Sort.DEFAULT;

    private static final String MARKDOWN = "text/markdown; charset=utf-8";

    private final Replay replay;
    private final IssueLookup lookup;
    private final IssuesAsOf past;

    IssuesController(Replay replay, IssueLookup lookup, IssuesAsOf past) {
        this.replay = replay;
        this.lookup = lookup;
        this.past = past;
    }

    @GetMapping(path = "/issues", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Page<Row>> list(
            @RequestParam @Nullable String status,
            @RequestParam @Nullable String severity,
            @RequestParam @Nullable String label,
            @RequestParam @Nullable String assignee,
            @RequestParam @Nullable String file,
            @RequestParam @Nullable String openedAfter,
            @RequestParam @Nullable String openedBefore,
            @RequestParam @Nullable String q,
            @RequestParam @Nullable String sort,
            @RequestParam @Nullable String asOf,
            @RequestParam @Nullable String limit,
            @RequestParam @Nullable String cursor,
            HttpServletRequest request) {
        Set<String> words = q == null ? Set.of() : Words.of(q);
        if (q != null && words.isEmpty()) {
            throw Problem.malformedParameter("q", "must have a word: a run of letters and digits");
        }
        IssueQuery query = new IssueQuery(
                Parameters.oneOf("status", status, Status.class),
                Parameters.oneOf("severity", severity, Severity.class),
                label,
                assignee,
                file,
                Parameters.instant("openedAfter", openedAfter),
                Parameters.instant("openedBefore", openedBefore),
                words,
                IssueQuery.Sort.of(sort));
        int most = Parameters.limit(limit, MAX_ITEMS, DEFAULT_ITEMS);
        Instant time = Parameters.instant("asOf", asOf);
        Cursor after = query.cursor(cursor, time);
        Moment moment = time == null ? null : past.moment(time, after);
        List<Row> rows = lookup.list(() -> moment == null
                ? lookup.live().list(query, after, most + 1)
                : past.list(moment, query, after, most + 1, request));
        return lookup.listAnswer(moment == null ? Long.MAX_VALUE : moment.position())
                .body(Page.of(rows, most, row -> query.cursor(row, moment)));
    }

    @GetMapping(
            path = "/issues/{id}",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_MARKDOWN_VALUE})
    ResponseEntity<byte[]> one(
            @PathVariable String id,
            @RequestParam @Nullable String version,
            @RequestParam @Nullable String asOf,
            HttpServletRequest request) {
        if (version != null && asOf != null) {
            throw Problem.malformedParameter("asOf", "cannot be given together with version");
        }
        boolean markdown = wantsMarkdown(request);
        if (version != null || asOf != null) {
            return then(id, version, Parameters.instant("asOf", asOf), markdown);
        }
        // Spring compares tags only; any representation matches the asterisk (RFC 9110, 13.1.2).
        boolean known = "*".equals(request.getHeader(HttpHeaders.IF_NONE_MATCH));
        if (markdown) {
            IssueLookup.Found found = lookup.find(id, request);
            return markdown(found.answer(), found.view(), known);
        }
        IssueLookup.FoundJson found = lookup.json(id, request);
        return json(found.answer(), found.json().version(), found.json().json(), known);
    }

    /** The issue as the ledger knew it at a version or a moment. */
    private ResponseEntity<byte[]> then(String id, @Nullable String version, @Nullable Instant asOf, boolean markdown) {
        long number = Parameters.version("version", version, Long.MAX_VALUE);
        Optional<IssueView> view;
        try {
            view = replay.replay(
                    id,
                    event -> event.version() <= number
                            && (asOf == null || !event.recordedAt().isAfter(asOf)));
        } catch (UnreadableEvent e) {
            throw IssueLookup.parked(e.event().position());
        }
        if (view.isEmpty()) {
            replay.requireIssue(id);
        }
        return view.filter(v -> version == null || v.version() == number)
                .map(v -> markdown
                        ? markdown(ResponseEntity.ok(), v, false)
                        : json(ResponseEntity.ok(), v.version(), EventJson.MAPPER.writeValueAsBytes(v), false))
                .orElseThrow(() -> version == null
                        ? new Problem(
                                ProblemType.UNKNOWN_VERSION, "The ledger did not know the issue yet at that moment.")
                        : Replay.unknownVersion(number));
    }

    private static ResponseEntity<byte[]> json(BodyBuilder builder, long version, byte[] json, boolean known) {
        return tagged(builder, Long.toString(version), known)
                .contentType(MediaType.APPLICATION_JSON)
                .body(known ? null : json);
    }

    private static ResponseEntity<byte[]> markdown(BodyBuilder builder, IssueView view, boolean known) {
        return tagged(builder, view.version() + "-md", known)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.inline()
                                .filename(view.id() + ".md")
                                .build()
                                .toString())
                .header(HttpHeaders.CONTENT_TYPE, MARKDOWN)
                .body(known ? null : TemplateWriter.write(view.template()).getBytes(UTF_8));
    }

    /** The ETag differs by format, since each format has its own bytes. */
    private static BodyBuilder tagged(BodyBuilder builder, String tag, boolean known) {
        return (known ? ResponseEntity.status(HttpStatus.NOT_MODIFIED) : builder)
                .eTag(tag)
                .varyBy(HttpHeaders.ACCEPT);
    }

    /** JSON unless {@code Accept} prefers Markdown. */
    private static boolean wantsMarkdown(HttpServletRequest request) {
        return Headers.quality(MediaType.TEXT_MARKDOWN, request) > Headers.quality(MediaType.APPLICATION_JSON, request);
    }
}
