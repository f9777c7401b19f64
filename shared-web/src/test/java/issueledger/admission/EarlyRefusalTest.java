package issueledger.admission;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyRefusalTest {
    private final EarlyRefusal refusal =
            new EarlyRefusal(new Admission(1L << 28, 1 << 19, 1 << 18, false, System::nanoTime), new Sample());

    private static final class Sample implements Traffic {
        @Override
        public Lane laneOf(String path, @Nullable String query) {
            return path.equals("/commands") || "asOf=now".equals(query) ? Lane.LONG : Lane.SINGLE;
        }

        @Override
        public int singleBytes() {
            return 1;
        }

        @Override
        public int longBytes() {
            return 1;
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("Ledger-Position", "42");
        }

        @Override
        public List<Traffic.Sample> samples() {
            return List.of();
        }
    }

    private @Nullable String answerTo(String request) {
        byte[] answer = refusal.answerTo(request);
        return answer == null ? null : new String(answer, US_ASCII);
    }

    @Test
    void a_whole_get_is_answered_with_the_problem() {
        String answer = answerTo("GET /issues?limit=1 HTTP/1.1\r\nHost: localhost\r\n"
                + "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 503 \r\n")
                .contains("\r\nContent-Type: application/problem+json\r\n")
                .containsPattern("\r\nRetry-After: [12]\r\n")
                .contains("\r\nLedger-Position: 42\r\n")
                .contains("\"type\":\"/problems/overloaded\"")
                .contains("\"status\":503")
                .contains("\"instance\":\"/issues\"")
                .endsWith("\"traceId\":\"0af7651916cd43dd8448eb211c80319c\"}");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(answer).contains("\r\nContent-Length: " + body.length() + "\r\n");
    }

    @Test
    void a_whole_post_is_answered() {
        assertThat(answerTo("POST /issues HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"))
                .isNotNull();
    }

    @Test
    void a_path_that_json_would_have_to_escape_is_not_repeated() {
        assertThat(answerTo("GET /a\"b HTTP/1.1\r\nHost: a\r\n\r\n")).contains("\"instance\":\"/\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /issues HTTP/1.1\r\nHost: a\r\n", // Its head has not ended.
                "GET /issues HTTP/1.0\r\nHost: a\r\n\r\n",
                "HEAD /issues HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://a/issues HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /actuator/health HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /commands HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /issues?asOf=now HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /issues HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "GET /issues HTTP/1.1\r\nHost: a\r\nPrefer: wait=5\r\n\r\n",
                "GET /issues HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
                "GET /issues HTTP/1.1\r\nHost: a\r\n\r\nGET /issues HTTP/1.1\r\n", // Another comes behind it.
                "POST /issues HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n{}", // Its body has not ended.
                "POST /issues HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
                "POST /issues HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}",
                "POST /issues HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /issues HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
                "nonsense",
                ""
            })
    void what_is_not_plain_is_left_to_the_server(String request) {
        assertThat(answerTo(request)).isNull();
    }
}
