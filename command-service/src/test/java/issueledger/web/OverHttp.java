package issueledger.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.command.CommandService;
import issueledger.events.EventJson;
import issueledger.events.EventMetadata;
import issueledger.http.Http;
import issueledger.http.RawAnswer;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** A running command service on a log of its own, the same for all tests, spoken to over a socket. */
@SpringBootTest(classes = CommandService.class, webEnvironment = WebEnvironment.RANDOM_PORT)
public abstract class OverHttp {
    private static final Path DATA = Path.of("target", "over-http-" + System.nanoTime());
    private static final AtomicInteger ISSUES = new AtomicInteger();

    public static final String OPENING = "{\"id\":\"%s\",\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}";
    public static final String NOTE = "{\"kind\":\"PROGRESS\",\"text\":\"seen\"}";
    static final String METRIC = "{\"kind\":\"BASELINE\",\"name\":\"latency\",\"statistic\":\"P95\",\"unit\":\"ms\","
            + "\"value\":5200,\"better\":\"LOWER\"}";

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private EventLog log;

    @DynamicPropertySource
    public static void dataDirectory(DynamicPropertyRegistry properties) {
        properties.add("issue-ledger.data-dir", DATA::toString);
    }

    /** An answer; header names are in lower case. */
    public record Answer(int status, Map<String, String> headers, String text) {
        public JsonNode json() {
            return EventJson.MAPPER.readTree(text);
        }

        String at(String pointer) {
            return json().at(pointer).asString();
        }

        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        public Answer is(int expected) {
            assertThat(status).as("%s %s", headers, text).isEqualTo(expected);
            return this;
        }

        /** It is a problem document of this status and type, with all that every problem has and nothing that none may show. */
        public Answer isProblem(int expected, String name) {
            is(expected);
            Http.checkProblem(header("Content-Type"), text, expected, name);
            return this;
        }

        /** A member of each error, such as its pointer. */
        List<String> errors(String member) {
            return json().at("/errors")
                    .valueStream()
                    .map(error -> error.path(member).asString())
                    .toList();
        }
    }

    /** A new issue's id; the issue is opened. */
    public String opened() {
        String id = newId();
        post("/issues", OPENING.formatted(id)).is(201);
        return id;
    }

    public String newId() {
        return "issue-" + ISSUES.incrementAndGet();
    }

    public Answer post(String path, String body, String... headers) {
        return send("POST", path, BodyPublishers.ofString(body), withJson(headers));
    }

    private static String[] withJson(String... headers) {
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = "application/json";
        return all;
    }

    /** With just these headers. */
    public Answer send(String method, String path, BodyPublisher body, String... headers) {
        HttpResponse<String> response = Http.send(port, method, path, body, headers);
        Map<String, String> received = new TreeMap<>();
        response.headers().map().forEach((name, values) -> received.put(name, String.join(", ", values)));
        return new Answer(response.statusCode(), received, response.body());
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    /** A malformed request: the lines of its head as given, and a body. */
    public Answer raw(String head, String body) {
        String request = head.strip().replace("\n", "\r\n") + "\r\nConnection: close\r\n"
                + (body.isEmpty() ? "" : "Content-Length: " + body.getBytes(UTF_8).length + "\r\n") + "\r\n" + body;
        RawAnswer answer = RawAnswer.to(port, request.getBytes(UTF_8), false);
        int from = answer.body().indexOf('{');
        String json =
                from < 0 ? "" : answer.body().substring(from, answer.body().lastIndexOf('}') + 1);
        return new Answer(answer.status(), answer.headers(), json);
    }

    public String localhost() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public static String latin1(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    public long head() {
        return log.head().position();
    }

    public List<RecordedEvent> recorded(String issueId) {
        return log.readStream(issueId, 0, 1_000);
    }

    /** The request's hash beside an issue's last commit. */
    public String request(String issueId) {
        return String.valueOf(recorded(issueId).getLast().request());
    }

    /** The metadata of an issue's last event. */
    public EventMetadata metadata(String issueId) {
        List<RecordedEvent> events = recorded(issueId);
        return EventJson.readMetadata(events.get(events.size() - 1).metadata());
    }
}
