package issueledger.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.admission.AdmissionValve;
import issueledger.admission.Turns.Turn;
import issueledger.analytics.facts.AnalyticsProjection;
import issueledger.analytics.facts.Facts;
import issueledger.analytics.facts.IssueFacts;
import issueledger.events.EventJson;
import issueledger.events.Severity;
import issueledger.history.YieldingStream;
import issueledger.http.Headers;
import issueledger.http.MarkdownPage;
import issueledger.http.Page;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.http.QueryParameters;
import issueledger.log.CommitHash;
import issueledger.projections.Projections;
import issueledger.projections.ReadYourWritesFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** The questions about all issues, answered from the facts in memory. */
@RestController
@RequestMapping(produces = {MediaType.APPLICATION_JSON_VALUE, AnalyticsController.CSV_VALUE})
public class AnalyticsController {
    public static final int MAX_ITEMS = 10_000;
    public static final int DEFAULT_ITEMS = 1_000;
    public static final Bucket DEFAULT_BUCKET = Bucket.WEEK;

    /** The records that the answers are written from. */
    public static final List<Class<?>> ANSWERS = List.of(
            Summary.class,
            Flow.FlowPage.class,
            Throughput.ThroughputPage.class,
            CycleTimes.CycleTimesPage.class,
            TimeInStatus.TimeInStatusPage.class,
            Aging.AgingPage.class,
            Phases.PhasesPage.class,
            Quality.QualityPage.class,
            Improvements.ImprovementsPage.class,
            Forecast.class,
            Hotspots.FilesPage.class,
            Hotspots.EndpointsPage.class);

    static final String CSV_VALUE = "text/csv";
    private static final MediaType CSV = new MediaType("text", "csv", UTF_8);

    private final AnalyticsProjection projection;
    private final Projections projections;
    private final Clock clock;

    AnalyticsController(AnalyticsProjection projection, Projections projections, Clock clock) {
        this.projection = projection;
        this.projections = projections;
        this.clock = clock;
    }

    /** The window and the filters. */
    record Asked(
            @Nullable String from,
            @Nullable String to,
            @Nullable String bucket,
            @Nullable String severity,
            @Nullable String label,
            @Nullable String assignee,
            @Nullable String file,
            @Nullable String endpoint) {
        Filter filter() {
            return new Filter(Parameters.oneOf("severity", severity, Severity.class), label, assignee, file, endpoint);
        }

        Window window(Facts facts, Clock clock) {
            Instant since = Parameters.instant("from", from);
            Instant until = Parameters.instant("to", to);
            long now = Math.max(clock.millis(), facts.recordedAt());
            return Window.of(since, until, bucketOf(bucket), facts.firstAt(), now);
        }

        private static Bucket bucketOf(@Nullable String word) {
            return word == null
                    ? DEFAULT_BUCKET
                    : Arrays.stream(Bucket.values())
                            .filter(bucket -> bucket.word().equals(word))
                            .findFirst()
                            .orElseThrow(() -> Problem.malformedParameter("bucket", "must be one of day, week, month"));
        }
    }

    /** The page of a list. */
    record Paging(@Nullable String limit, @Nullable String cursor) {
        private static final Paging NONE = new Paging(null, null);
    }

    @GetMapping("/analytics/summary")
    ResponseEntity<StreamingResponseBody> summary(@QueryParameters Asked asked, HttpServletRequest request) {
        return answer(asked, Paging.NONE, request, Summary::of);
    }

    @GetMapping("/analytics/flow")
    ResponseEntity<StreamingResponseBody> flow(
            @QueryParameters Asked asked, @QueryParameters Paging paging, HttpServletRequest request) {
        return answer(asked, paging, request, Flow::of);
    }

    @GetMapping("/analytics/throughput")
    ResponseEntity<StreamingResponseBody> throughput(
            @QueryParameters Asked asked, @QueryParameters Paging paging, HttpServletRequest request) {
        return answer(asked, paging, request, Throughput::of);
    }

    @GetMapping("/analytics/cycle-times")
    ResponseEntity<StreamingResponseBody> cycleTimes(
            @QueryParameters Asked asked, @QueryParameters Paging paging, HttpServletRequest request) {
        return answer(asked, paging, request, CycleTimes::of);
    }

    @GetMapping("/analytics/time-in-status")
    ResponseEntity<StreamingResponseBody> timeInStatus(
            @QueryParameters Asked asked, @QueryParameters Paging paging, HttpServletRequest request) {
        return answer(asked, paging, request, TimeInStatus::of);
    }

    @GetMapping("/analytics/aging")
    ResponseEntity<StreamingResponseBody> aging(
            @QueryParameters Asked asked, @QueryParameters Paging paging, HttpServletRequest request) {
        return answer(asked, paging, request, Aging::of);
    }

    @GetMapping("/analytics/phases")
    ResponseEntity<StreamingResponseBody> phases(
            @QueryParameters Asked asked, @QueryParameters Paging paging, HttpServletRequest request) {
        return answer(asked, paging, request, Phases::of);
    }

    @GetMapping("/analytics/quality")
    ResponseEntity<StreamingResponseBody> quality(
            @QueryParameters Asked asked, @QueryParameters Paging paging, HttpServletRequest request) {
        return answer(asked, paging, request, Quality::of);
    }

    @GetMapping("/analytics/improvements")
    ResponseEntity<StreamingResponseBody> improvements(
            @QueryParameters Asked asked, @QueryParameters Paging paging, HttpServletRequest request) {
        return answer(asked, paging, request, Improvements::of);
    }

    @GetMapping("/analytics/forecast")
    ResponseEntity<StreamingResponseBody> forecast(
            @QueryParameters Asked asked,
            @RequestParam @Nullable String window,
            @RequestParam @Nullable String seed,
            HttpServletRequest request) {
        int blocks = (int) Parameters.number("window", window, 1, Forecast.MOST_BLOCKS, Forecast.DEFAULT_BLOCKS);
        long start = Parameters.number("seed", seed, Long.MIN_VALUE, Long.MAX_VALUE, Forecast.DEFAULT_SEED);
        return answer(asked, Paging.NONE, request, (issues, time) -> Forecast.of(issues, time, blocks, start));
    }

    @GetMapping("/analytics/files")
    ResponseEntity<StreamingResponseBody> files(
            @QueryParameters Asked asked, @QueryParameters Paging paging, HttpServletRequest request) {
        return answer(asked, paging, request, Hotspots::files);
    }

    @GetMapping("/analytics/endpoints")
    ResponseEntity<StreamingResponseBody> endpoints(
            @QueryParameters Asked asked, @QueryParameters Paging paging, HttpServletRequest request) {
        return answer(asked, paging, request, Hotspots::endpoints);
    }

    @GetMapping(
            path = "/analytics/report",
            produces = {MediaType.TEXT_MARKDOWN_VALUE, MediaType.TEXT_HTML_VALUE})
    ResponseEntity<String> report(@QueryParameters Asked asked, HttpServletRequest request) {
        Filter filter = asked.filter();
        Facts facts = facts();
        Window window = asked.window(facts, clock);
        List<IssueFacts> issues = facts.stream().filter(filter::takes).toList();
        return MarkdownPage.answer(
                parked(ResponseEntity.ok()),
                Report.of(issues, window),
                "",
                List.of(MarkdownPage.MARKDOWN, MarkdownPage.HTML),
                request);
    }

    private <T> ResponseEntity<StreamingResponseBody> answer(
            Asked asked,
            Paging paging,
            HttpServletRequest request,
            BiFunction<List<IssueFacts>, Window, ? extends Answer<T>> question) {
        Filter filter = asked.filter();
        int limit = Parameters.limit(paging.limit(), MAX_ITEMS, DEFAULT_ITEMS);
        Facts facts = facts();
        Window window = asked.window(facts, clock);
        List<IssueFacts> issues = facts.stream().filter(filter::takes).toList();
        Answer<T> answer = question.apply(issues, window);
        String mark = CommitHash.sha256(request.getRequestURI() + asked).substring(0, 16);
        Page<T> page = answer.listing().page(mark, limit, paging.cursor());
        return wantsCsv(request) ? csv(answer, request) : json(answer.json(page), request);
    }

    /** 503 while there are none. */
    private Facts facts() {
        if (projection.isOverfull()) {
            throw new Problem(
                            ProblemType.OVERLOADED,
                            "The ledger has more issues than this service has the heap for: an operator has to raise"
                                    + " ISSUE_LEDGER_HEAP_MB.")
                    .header("Retry-After", "600");
        }
        Facts facts = projection.served();
        if (facts == null) {
            throw ReadYourWritesFilter.notYet(
                    projections.position(),
                    "The views hold position " + projections.position() + " and not yet all of the log: try again.");
        }
        return facts;
    }

    private static boolean wantsCsv(HttpServletRequest request) {
        return Headers.quality(CSV, request) > Headers.quality(MediaType.APPLICATION_JSON, request);
    }

    /** The tag is a hash of the answer, so it changes only with it. */
    private ResponseEntity<StreamingResponseBody> json(Object body, HttpServletRequest request) {
        byte[] json = EventJson.MAPPER.writeValueAsBytes(body);
        String tag = "\"" + CommitHash.sha256(new String(json, UTF_8)).substring(0, 32) + "\"";
        boolean known = isKnown(tag, request);
        BodyBuilder builder = known ? ResponseEntity.status(HttpStatus.NOT_MODIFIED) : ResponseEntity.ok();
        head(builder).eTag(tag);
        return known
                ? builder.build()
                : builder.contentType(MediaType.APPLICATION_JSON)
                        .contentLength(json.length)
                        .body(out -> out.write(json));
    }

    /** {@code If-None-Match} compares weakly, and any answer matches the asterisk (RFC 9110, 13.1.2). */
    private static boolean isKnown(String tag, HttpServletRequest request) {
        String given = request.getHeader(HttpHeaders.IF_NONE_MATCH);
        return given != null
                && Arrays.stream(given.split(","))
                        .map(String::strip)
                        .map(one -> one.startsWith("W/") ? one.substring(2) : one)
                        .anyMatch(one -> one.equals("*") || one.equals(tag));
    }

    private ResponseEntity<StreamingResponseBody> csv(Answer<?> answer, HttpServletRequest request) {
        String path = request.getRequestURI();
        String name = path.substring(path.lastIndexOf('/') + 1) + ".csv";
        Turn turn = AdmissionValve.turnOf(request);
        return head(ResponseEntity.ok())
                .contentType(CSV)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name).build().toString())
                .body(out -> {
                    OutputStream some = YieldingStream.around(out, turn);
                    new Csv(answer.itemType()).write(answer.listing().items(), new OutputStreamWriter(some, UTF_8));
                });
    }

    private BodyBuilder head(BodyBuilder builder) {
        return parked(builder.varyBy(HttpHeaders.ACCEPT));
    }

    /** With the first parked position of all issues. */
    private BodyBuilder parked(BodyBuilder builder) {
        Long parked = projections.firstParked(AnalyticsProjection.NAME);
        return parked == null ? builder : builder.header("Ledger-Parked", Long.toString(parked));
    }
}
