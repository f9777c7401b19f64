package issueledger.history;

import issueledger.admission.AdmissionValve;
import issueledger.admission.Turns.Turn;
import issueledger.events.EventJson;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import jakarta.servlet.http.HttpServletRequest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.ToLongFunction;
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

    /** Maximum events of an answer in memory at a time; the log also bounds their characters. */
    private static final int CHUNK = 200;

    private static final int WRITE = 32 * 1024;

    private final EventLog log;

    HistoryController(EventLog log) {
        this.log = log;
    }

    @GetMapping(path = "/events", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<StreamingResponseBody> events(
            @RequestParam @Nullable String after, @RequestParam @Nullable String limit, HttpServletRequest request) {
        return page(log(after, limit), request);
    }

    @GetMapping(path = "/events", produces = MediaType.APPLICATION_NDJSON_VALUE)
    ResponseEntity<StreamingResponseBody> eventLines(
            @RequestParam @Nullable String after, @RequestParam @Nullable String limit, HttpServletRequest request) {
        return lines(log(after, limit), request);
    }

    @GetMapping(path = "/issues/{id}/events", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<StreamingResponseBody> issueEvents(
            @PathVariable String id,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable String limit,
            HttpServletRequest request) {
        return page(issue(id, after, limit), request);
    }

    @GetMapping(path = "/issues/{id}/events", produces = MediaType.APPLICATION_NDJSON_VALUE)
    ResponseEntity<StreamingResponseBody> issueEventLines(
            @PathVariable String id,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable String limit,
            HttpServletRequest request) {
        return lines(issue(id, after, limit), request);
    }

    private Slice log(@Nullable String after, @Nullable String limit) {
        return new Slice(
                Parameters.position("after", after),
                Parameters.limit(limit, MAX_EVENTS, DEFAULT_EVENTS),
                log::read,
                RecordedEvent::position);
    }

    /** Events after a version; 404 if there is no such issue. */
    private Slice issue(String id, @Nullable String after, @Nullable String limit) {
        Slice slice = new Slice(
                Parameters.position("after", after),
                Parameters.limit(limit, MAX_EVENTS, DEFAULT_EVENTS),
                (version, most) -> log.readStream(id, version, most),
                RecordedEvent::version);
        if (slice.isEmpty() && !log.hasStream(id)) {
            throw Problem.unknownIssue(id);
        }
        return slice;
    }

    private interface Reading {
        List<RecordedEvent> after(long place, int most);
    }

    private interface Writing {
        void write(RecordedEvent event) throws IOException;
    }

    /** Events in order, read a chunk at a time as the client takes them. */
    private static final class Slice {
        private final Reading reading;
        private final ToLongFunction<RecordedEvent> place;
        private List<RecordedEvent> next;
        private int left;
        private long last;

        /** Reads the first chunk before the answer begins, so that a damaged log is answered with a problem. */
        Slice(long after, int limit, Reading reading, ToLongFunction<RecordedEvent> place) {
            this.reading = reading;
            this.place = place;
            this.left = limit;
            this.last = after;
            this.next = reading.after(after, Math.min(left, CHUNK));
        }

        boolean isEmpty() {
            return next.isEmpty();
        }

        void write(Writing writing) throws IOException {
            while (!next.isEmpty()) {
                for (RecordedEvent event : next) {
                    writing.write(event);
                    last = place.applyAsLong(event);
                }
                left -= next.size();
                next = left == 0 ? List.of() : reading.after(last, Math.min(left, CHUNK));
            }
        }

        /** To be called after the last write: the place of the last event, null if none comes after it. */
        @Nullable
        String nextCursor() {
            return left > 0 || reading.after(last, 1).isEmpty() ? null : Long.toString(last);
        }
    }

    private interface Body {
        void write(Slice slice, OutputStream out) throws IOException;
    }

    private static ResponseEntity<StreamingResponseBody> page(Slice slice, HttpServletRequest request) {
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

    private static ResponseEntity<StreamingResponseBody> lines(Slice slice, HttpServletRequest request) {
        return streamed(
                MediaType.APPLICATION_NDJSON,
                slice,
                request,
                (events, out) -> events.write(event -> {
                    out.write(EventJson.MAPPER.writeValueAsBytes(EventItem.of(event)));
                    out.write('\n');
                }));
    }

    private static ResponseEntity<StreamingResponseBody> streamed(
            MediaType type, Slice slice, HttpServletRequest request, Body body) {
        Turn turn = AdmissionValve.turnOf(request);
        return ResponseEntity.ok().contentType(type).body(out -> {
            // One pause of the turn for several events.
            OutputStream some = turn == null ? out : new BufferedOutputStream(new YieldingStream(out, turn), WRITE);
            body.write(slice, some);
            some.flush();
        });
    }
}
