package issueledger.history;

import issueledger.events.EventJson;
import issueledger.http.Page;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
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

/** The log and the history of an issue, as JSON pages or as NDJSON. */
@RestController
public class HistoryController {
    public static final int MOST = 10_000;
    public static final int USUAL = 1_000;

    private final EventLog log;

    HistoryController(EventLog log) {
        this.log = log;
    }

    @GetMapping(path = "/events", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<EventItem> events(@RequestParam @Nullable String after, @RequestParam @Nullable String limit) {
        int most = Parameters.limit(limit, MOST, USUAL);
        List<RecordedEvent> events = log.read(Parameters.position("after", after), most);
        // A page of large events is shorter than its limit, so only the head tells whether it is the last.
        boolean more = !events.isEmpty()
                && events.get(events.size() - 1).position() < log.head().position();
        return page(events, more, RecordedEvent::position);
    }

    @GetMapping(path = "/events", produces = MediaType.APPLICATION_NDJSON_VALUE)
    ResponseEntity<StreamingResponseBody> eventLines(
            @RequestParam @Nullable String after, @RequestParam @Nullable String limit) {
        int most = Parameters.limit(limit, MOST, USUAL);
        long from = Parameters.position("after", after);
        return lines(out -> {
            long position = from;
            List<RecordedEvent> page = log.read(position, Math.min(most, USUAL));
            for (int left = most; !page.isEmpty() && left > 0; page = log.read(position, Math.min(left, USUAL))) {
                write(page, out);
                left -= page.size();
                position = page.get(page.size() - 1).position();
            }
        });
    }

    @GetMapping(path = "/issues/{id}/events", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<EventItem> issueEvents(
            @PathVariable String id, @RequestParam @Nullable String after, @RequestParam @Nullable String limit) {
        int most = Parameters.limit(limit, MOST, USUAL);
        List<RecordedEvent> events = read(id, Parameters.position("after", after), most + 1);
        boolean more = events.size() > most;
        return page(more ? events.subList(0, most) : events, more, RecordedEvent::version);
    }

    @GetMapping(path = "/issues/{id}/events", produces = MediaType.APPLICATION_NDJSON_VALUE)
    ResponseEntity<StreamingResponseBody> issueEventLines(
            @PathVariable String id, @RequestParam @Nullable String after, @RequestParam @Nullable String limit) {
        int most = Parameters.limit(limit, MOST, USUAL);
        List<RecordedEvent> events = read(id, Parameters.position("after", after), most);
        return lines(out -> write(events, out));
    }

    /** The versions after one; 404 if there is no such issue. */
    private List<RecordedEvent> read(String id, long afterVersion, int limit) {
        List<RecordedEvent> events = log.readStream(id, afterVersion, limit);
        if (events.isEmpty() && log.readStream(id, 0, 1).isEmpty()) {
            throw Problem.unknownIssue(id);
        }
        return events;
    }

    private static Page<EventItem> page(
            List<RecordedEvent> events, boolean more, ToLongFunction<RecordedEvent> cursor) {
        return new Page<>(
                events.stream().map(EventItem::of).toList(),
                more ? Long.toString(cursor.applyAsLong(events.get(events.size() - 1))) : null);
    }

    private static ResponseEntity<StreamingResponseBody> lines(StreamingResponseBody body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_NDJSON).body(body);
    }

    private static void write(List<RecordedEvent> events, OutputStream out) throws IOException {
        for (RecordedEvent event : events) {
            out.write(EventJson.MAPPER.writeValueAsBytes(EventItem.of(event)));
            out.write('\n');
        }
    }
}
