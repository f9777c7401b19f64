package issueledger.admission;

import static java.nio.charset.StandardCharsets.US_ASCII;

import issueledger.http.ProblemType;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.tomcat.util.http.FastHttpDateFormat;

/** The answer {@code 503 /problems/overloaded}, written by hand, since under overload every allocation costs throughput. */
final class OverloadedAnswer {
    static final String CONTENT_TYPE = "application/problem+json";

    /** A path whose characters need no escape in JSON. */
    private static final Pattern PLAIN = Pattern.compile("/[\\w./%~:@!$&'()*+,;=-]*");

    private static final String HEAD = "{\"type\":\"" + ProblemType.OVERLOADED.path() + "\",\"title\":\""
            + ProblemType.OVERLOADED.title() + "\",\"status\":" + ProblemType.OVERLOADED.status() + ",\"detail\":\"";

    private OverloadedAnswer() {}

    static byte[] body(Overloaded why, String path, String traceId) {
        String instance = PLAIN.matcher(path).matches() ? path : "/";
        return (HEAD + why.detail() + "\",\"instance\":\"" + instance + "\",\"traceId\":\"" + traceId + "\"}")
                .getBytes(US_ASCII);
    }

    /** The whole HTTP/1.1 response of a connection that stays open. */
    static byte[] message(Overloaded why, Map<String, String> headers, String path, String traceId) {
        byte[] body = body(why, path, traceId);
        StringBuilder more = new StringBuilder();
        headers.forEach(
                (name, value) -> more.append(name).append(": ").append(value).append("\r\n"));
        byte[] head = ("HTTP/1.1 " + ProblemType.OVERLOADED.status()
                        + " \r\nX-Content-Type-Options: nosniff\r\nRetry-After: "
                        + why.headers().get("Retry-After") + "\r\nContent-Type: " + CONTENT_TYPE
                        + "\r\nContent-Length: "
                        + body.length + "\r\nDate: " + FastHttpDateFormat.getCurrentDate() + "\r\n" + more + "\r\n")
                .getBytes(US_ASCII);
        byte[] message = new byte[head.length + body.length];
        System.arraycopy(head, 0, message, 0, head.length);
        System.arraycopy(body, 0, message, head.length, body.length);
        return message;
    }
}
