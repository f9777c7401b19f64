package issueledger.history;

import issueledger.admission.AdmissionValve;
import issueledger.admission.Turns.Turn;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.log.RecordedEvent;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.core.JsonGenerator;

/** The log and the history of an issue, as JSON pages or as NDJSON. */
@RestController
public class HistoryController {
    public static final int MAX_EVENTS = 10_000;
    public static final int DEFAULT_EVENTS = 1_000;

    /** The types that {@code type} may name. */
    public static final Set<String> TYPES = Arrays.stream(IssueEvent.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .collect(Collectors.collectingAndThen(Collectors.toCollection(TreeSet::new), Collections::unmodifiableSet));

    private final EventLookup lookup;

    HistoryController(EventLookup lookup) {
        this.lookup = lookup;
    }

    @GetMapping(path = "/events", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<StreamingResponseBody> events(
            @RequestParam @Nullable String actor,
            @RequestParam @Nullable String type,
            @RequestParam @Nullable String issueId,
            @RequestParam @Nullable String since,
            @RequestParam @Nullable String until,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable String cursor,
            @RequestParam @Nullable String limit,
            HttpServletRequest request) {
        long most = Parameters.limit(limit, MAX_EVENTS, DEFAULT_EVENTS);
        long from = Parameters.after(after, cursor);
        return page(log(filter(actor, type, issueId), new Period(since, until), from, most, Long.MAX_VALUE), request);
    }

    @GetMapping(path = "/events", produces = MediaType.APPLICATION_NDJSON_VALUE)
    ResponseEntity<StreamingResponseBody> eventLines(
            @RequestParam @Nullable String actor,
            @RequestParam @Nullable String type,
            @RequestParam @Nullable String issueId,
            @RequestParam @Nullable String since,
            @RequestParam @Nullable String until,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable String cursor,
            @RequestParam @Nullable String limit,
            HttpServletRequest request) {
        long most = lines(limit);
        long from = Parameters.after(after, cursor);
        return lines(log(filter(actor, type, issueId), new Period(since, until), from, most, end(limit)), request);
    }

    @GetMapping(path = "/issues/{id}/events", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<StreamingResponseBody> issueEvents(
            @PathVariable String id,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable String cursor,
            @RequestParam @Nullable String limit,
            HttpServletRequest request) {
        long most = Parameters.limit(limit, MAX_EVENTS, DEFAULT_EVENTS);
        return page(issue(id, Parameters.after(after, cursor), most, Long.MAX_VALUE), request);
    }

    @GetMapping(path = "/issues/{id}/events", produces = MediaType.APPLICATION_NDJSON_VALUE)
    ResponseEntity<StreamingResponseBody> issueEventLines(
            @PathVariable String id,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable String cursor,
            @RequestParam @Nullable String limit,
            HttpServletRequest request) {
        long most = lines(limit);
        return lines(issue(id, Parameters.after(after, cursor), most, end(limit)), request);
    }

    /** Lines have no limit unless told. */
    private static long lines(@Nullable String limit) {
        return limit == null ? Long.MAX_VALUE : Parameters.limit(limit, MAX_EVENTS, DEFAULT_EVENTS);
    }

    /** The last position of an answer: without a limit, the head of now. */
    private long end(@Nullable String limit) {
        return limit == null ? lookup.head() : Long.MAX_VALUE;
    }

    private static EventFilter filter(@Nullable String actor, @Nullable String type, @Nullable String issueId) {
        if (type != null && !TYPES.contains(type)) {
            throw Problem.malformedParameter("type", "must be one of " + String.join(", ", TYPES));
        }
        return new EventFilter(Parameters.actor("actor", actor), type, Parameters.issueId("issueId", issueId));
    }

    /** A time of recording: from a moment on, and before another. */
    private record Period(@Nullable Instant since, @Nullable Instant until) {
        Period(@Nullable String since, @Nullable String until) {
            this(Parameters.instant("since", since), Parameters.instant("until", until));
        }
    }

    private EventSlice log(EventFilter filter, Period period, long after, long limit, long end) {
        Instant since = period.since();
        Instant until = period.until();
        long first = since == null ? after : Math.max(after, lookup.positionBefore(since));
        long last = until == null ? end : Math.min(end, lookup.positionBefore(until));
        return new EventSlice(
                first, limit, (position, most) -> lookup.after(filter, position, last, most), RecordedEvent::position);
    }

    /** Events after a version; 404 if there is no such issue. */
    private EventSlice issue(String id, long after, long limit, long end) {
        EventSlice slice = new EventSlice(
                after, limit, (version, most) -> lookup.ofIssue(id, version, end, most), RecordedEvent::version);
        if (slice.isEmpty() && !lookup.hasIssue(id)) {
            throw Problem.unknownIssue(id);
        }
        return slice;
    }

    private interface Body {
        void write(EventSlice slice, OutputStream out) throws IOException;
    }

    private static ResponseEntity<StreamingResponseBody> page(EventSlice slice, HttpServletRequest request) {
        return streamed(MediaType.APPLICATION_JSON, slice, request, (events, out) -> {
            try (JsonGenerator json = EventJson.MAPPER.createGenerator(out)) {
                json.writeStartObject();
                json.writeArrayPropertyStart("items");
                events.write(event -> json.writePOJO(EventItem.of(event)));
                json.writeEndArray();
                json.writeStringProperty("nextCursor", events.nextCursor());
                json.writeEndObject();
            }
        });
    }

    private static ResponseEntity<StreamingResponseBody> lines(EventSlice slice, HttpServletRequest request) {
        return streamed(
                MediaType.APPLICATION_NDJSON,
                slice,
                request,
                (events, out) -> events.write(event -> {
                    out.write(EventItem.line(event));
                    out.write('\n');
                }));
    }

    private static ResponseEntity<StreamingResponseBody> streamed(
            MediaType type, EventSlice slice, HttpServletRequest request, Body body) {
        Turn turn = AdmissionValve.turnOf(request);
        return ResponseEntity.ok().contentType(type).body(out -> {
            OutputStream some = YieldingStream.around(out, turn);
            body.write(slice, some);
            some.flush();
        });
    }
}
