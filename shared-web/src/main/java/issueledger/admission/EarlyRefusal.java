package issueledger.admission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import issueledger.admission.Overloaded.Reason;
import issueledger.admission.Traffic.Lane;
import issueledger.http.TraceIds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Refuses plain requests on the poller thread while the queue is full: at several times the service's capacity, Tomcat's parsing alone
 * would take most of the processor. A request is plain if it arrived whole, alone, as {@code GET} or {@code
 * POST} over HTTP/1.1, without headers that change how it is read or answered; Tomcat handles all others.
 */
final class EarlyRefusal {
    private static final int LONGEST = 4 * 1024;
    private static final byte[] OPERATOR = "GET /actuator/".getBytes(ISO_8859_1);

    private final Turns turns;
    private final Traffic traffic;
    private final ByteBuffer buffer = ByteBuffer.allocate(LONGEST);

    EarlyRefusal(Admission admission, Traffic traffic) {
        this.turns = admission.turns(Lane.SINGLE);
        this.traffic = traffic;
    }

    Turns turns() {
        return turns;
    }

    /** The way a request is handled. */
    enum Way {
        /** It was answered. */
        REFUSED,
        /** A request for health or metrics; it runs on the operators' threads. */
        OPERATOR,
        /** The queue has room for it. */
        ROOM,
        /** The queue is full, but only Tomcat can parse the request. */
        NOT_PLAIN
    }

    /** Inspects a connection's received bytes; puts them back unless the request was refused. Called by one thread. */
    Way look(SocketWrapperBase<NioChannel> connection) throws IOException {
        buffer.clear();
        int length = connection.read(false, buffer);
        if (length <= 0) {
            return Way.NOT_PLAIN;
        }
        if (startsWith(OPERATOR, length)) {
            putBack(connection);
            return Way.OPERATOR;
        }
        if (!headIsComplete(length)) {
            putBack(connection);
            return Way.NOT_PLAIN; // Not counted as an arrival: slow clients must not fill the queue for the others.
        }
        if (!turns.isFullFor(connection.getRemoteAddr())) {
            putBack(connection);
            return Way.ROOM;
        }
        byte[] answer = answerTo(new String(buffer.array(), 0, length, ISO_8859_1));
        if (answer == null) {
            putBack(connection);
            return Way.NOT_PLAIN;
        }
        connection.write(false, answer, 0, answer.length);
        connection.flush(false);
        return Way.REFUSED;
    }

    private boolean startsWith(byte[] start, int length) {
        return length >= start.length && Arrays.equals(buffer.array(), 0, start.length, start, 0, start.length);
    }

    private boolean headIsComplete(int length) {
        byte[] bytes = buffer.array();
        for (int i = 3; i < length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return true;
            }
        }
        return false;
    }

    private void putBack(SocketWrapperBase<NioChannel> connection) {
        buffer.flip();
        connection.unRead(buffer);
    }

    /** Null for a request that is not plain or uses another queue. */
    byte @Nullable [] answerTo(String request) {
        int line = request.indexOf("\r\n");
        int head = request.indexOf("\r\n\r\n");
        int path = request.startsWith("GET /") ? 4 : request.startsWith("POST /") ? 5 : -1;
        if (head < 0 || path < 0 || !request.startsWith(" HTTP/1.1\r\n", line - 9)) {
            return null;
        }
        String target = request.substring(path, line - 9);
        int question = target.indexOf('?');
        String resource = question < 0 ? target : target.substring(0, question);
        if (resource.startsWith("/actuator/")
                || traffic.laneOf(resource, question < 0 ? null : target.substring(question + 1)) != Lane.SINGLE) {
            return null;
        }
        String traceparent = null;
        int body = -1;
        for (int at = line + 2; at < head; ) {
            int end = request.indexOf("\r\n", at);
            int colon = request.indexOf(':', at);
            if (colon < 0 || colon > end) {
                return null;
            }
            String value = request.substring(colon + 1, end).strip();
            switch (request.substring(at, colon).toLowerCase(Locale.ROOT)) {
                case "transfer-encoding", "expect", "connection", "upgrade", "prefer", "origin" -> {
                    return null;
                }
                case "content-length" -> {
                    if (body >= 0 || value.length() > 5 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                        return null;
                    }
                    body = Integer.parseInt("0" + value);
                }
                case "traceparent" -> traceparent = value;
                default -> {}
            }
            at = end + 2;
        }
        return head + 4 + Math.max(0, body) == request.length()
                ? OverloadedAnswer.message(
                        turns.refusal(Reason.QUEUE), traffic.headers(), resource, TraceIds.from(traceparent))
                : null;
    }
}
