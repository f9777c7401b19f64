package issueledger.issues;

import com.fasterxml.jackson.annotation.JsonRawValue;
import issueledger.axon.EventReader.UnreadableEvent;
import issueledger.events.EventJson;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.http.Headers;
import issueledger.http.Page;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.issues.Issues.Answer;
import issueledger.issues.Issues.Row;
import issueledger.projections.ReadYourWritesFilter;
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
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The list of issues, and one issue, now and then. */
@RestController
public class IssuesController {
    public static final int MOST = 200;
    public static final int USUAL = 50;
    private static final String MARKDOWN = "text/markdown; charset=utf-8";

    private final Issues issues;
    private final Replay replay;
    private final IssueLookup lookup;

    IssuesController(Issues issues, Replay replay, IssueLookup lookup) {
        this.issues = issues;
        this.replay = replay;
        this.lookup = lookup;
    }

    /** An item whose JSON is stored. */
    record Stored(
            @JsonRawValue @com.fasterxml.jackson.annotation.JsonValue
            String json) {}

    @GetMapping(path = "/issues", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<Stored> list(
            @RequestParam @Nullable String status,
            @RequestParam @Nullable String severity,
            @RequestParam @Nullable String label,
            @RequestParam @Nullable String assignee,
            @RequestParam @Nullable String file,
            @RequestParam @Nullable String openedAfter,
            @RequestParam @Nullable String openedBefore,
            @RequestParam @Nullable String q,
            @RequestParam @Nullable String sort,
            @RequestParam @Nullable String limit,
            @RequestParam @Nullable String cursor) {
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
        int most = Parameters.limit(limit, MOST, USUAL);
        List<Row> rows = issues.list(query, query.cursor(cursor), most + 1);
        boolean more = rows.size() > most;
        List<Row> page = more ? rows.subList(0, most) : rows;
        Row last = more ? page.get(most - 1) : null;
        return new Page<>(
                page.stream().map(row -> new Stored(row.item())).toList(),
                last == null ? null : query.cursor(last.key(), last.id()));
    }

    @GetMapping(
            path = "/issues/{id}",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_MARKDOWN_VALUE})
    ResponseEntity<String> one(
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
        if (markdown) {
            IssueLookup.Found found = lookup.find(id, request);
            return document(found.view(), found.answer(), request);
        }
        Answer answer = issues.answer(id).orElseThrow(() -> lookup.missing(id));
        ResponseEntity.BodyBuilder builder = parkedOr(answer.parkedAt(), answer.version() > 0, request);
        // Spring compares tags only; any representation matches the asterisk (RFC 9110, 13.1.2).
        boolean known = "*".equals(request.getHeader(HttpHeaders.IF_NONE_MATCH));
        return (known ? ResponseEntity.status(HttpStatus.NOT_MODIFIED) : builder)
                .eTag("\"" + answer.version() + "\"")
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .contentType(MediaType.APPLICATION_JSON)
                .body(known ? null : answer.json());
    }

    /** The issue as the ledger knew it at a version or a moment. */
    private ResponseEntity<String> then(String id, @Nullable String version, @Nullable Instant asOf, boolean markdown) {
        long number = Parameters.number("version", version, Long.MAX_VALUE);
        Optional<IssueView> view;
        try {
            view = replay.replay(
                    id,
                    event -> event.version() <= number
                            && (asOf == null || !event.recordedAt().isAfter(asOf)));
        } catch (UnreadableEvent e) {
            throw parked(e.event().position());
        }
        if (view.isEmpty()) {
            replay.requireIssue(id);
        }
        return view.filter(v -> version == null || v.version() == number)
                .map(v -> markdown
                        ? document(v, ResponseEntity.ok(), null)
                        : ResponseEntity.ok()
                                .eTag("\"" + v.version() + "\"")
                                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                                .contentType(MediaType.APPLICATION_JSON)
                                .body(EventJson.MAPPER.writeValueAsString(v)))
                .orElseThrow(() -> new Problem(
                        ProblemType.UNKNOWN_VERSION,
                        version == null
                                ? "The ledger did not know the issue yet at that moment."
                                : "The issue has no version " + version + "."));
    }

    /** The issue as its document. */
    private static ResponseEntity<String> document(
            IssueView view, ResponseEntity.BodyBuilder builder, @Nullable HttpServletRequest request) {
        boolean known = request != null && "*".equals(request.getHeader(HttpHeaders.IF_NONE_MATCH));
        return (known ? ResponseEntity.status(HttpStatus.NOT_MODIFIED) : builder)
                .eTag("\"" + view.version() + "-md\"")
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.inline()
                                .filename(view.id() + ".md")
                                .build()
                                .toString())
                .header(HttpHeaders.CONTENT_TYPE, MARKDOWN)
                .body(known ? null : TemplateWriter.write(view.template()));
    }

    /** JSON unless Markdown is wanted more. */
    private static boolean wantsMarkdown(HttpServletRequest request) {
        return Headers.quality(MediaType.TEXT_MARKDOWN, request) > Headers.quality(MediaType.APPLICATION_JSON, request);
    }

    /**
     * An answer from an issue's last good version, which says so; 503 where there is none or the client wants to see what is parked.
     */
    public static ResponseEntity.BodyBuilder parkedOr(
            @Nullable Long parkedAt, boolean good, HttpServletRequest request) {
        if (parkedAt == null) {
            return ResponseEntity.ok();
        }
        if (!good || ReadYourWritesFilter.minPosition(request) >= parkedAt) {
            throw parked(parkedAt);
        }
        return ResponseEntity.ok().header("Ledger-Parked", Long.toString(parkedAt));
    }

    private static Problem parked(long position) {
        return new Problem(
                        ProblemType.PARKED,
                        "Event " + position + " cannot be read and is parked: an operator has to look at it.")
                .header("Ledger-Parked", Long.toString(position))
                .header("Retry-After", "60");
    }
}
