package issueledger.stream;

import issueledger.access.Callers;
import issueledger.admission.Connections;
import issueledger.http.Headers;
import issueledger.http.Parameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** The log's events as they come, as Server-Sent Events: the id is the position, the data is the item of {@code /events}. */
@RestController
class StreamController {
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final EventStream stream;
    private final Callers callers;

    StreamController(EventStream stream, Callers callers) {
        this.stream = stream;
        this.callers = callers;
    }

    @GetMapping(path = "/events/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    ResponseEntity<StreamingResponseBody> stream(
            @RequestParam @Nullable String after, HttpServletRequest request, HttpServletResponse response)
            throws InterruptedException {
        long position = position(after, request);
        stream.requireReadable(position);
        BodyBuilder answer = ResponseEntity.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .cacheControl(CacheControl.noStore())
                .header("X-Accel-Buffering", "no"); // A proxy would hold events back.
        if (request.getMethod().equals("HEAD")) {
            return answer.build();
        }
        Subscriber subscriber = new Subscriber(stream, Connections.current(), position, callers.until(request));
        // The stream that Spring passes does not flush.
        return answer.body(out -> subscriber.write(response.getOutputStream()));
    }

    /** A client that reconnects sends the id of the last event it got, and its first request's parameters again. */
    private static long position(@Nullable String after, HttpServletRequest request) {
        long first = Parameters.position("after", after);
        String last = Headers.single(request, LAST_EVENT_ID);
        return last == null ? first : Parameters.position(LAST_EVENT_ID, last);
    }
}
