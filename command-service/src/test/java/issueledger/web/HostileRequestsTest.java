package issueledger.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.http.EveryPath;
import issueledger.http.HostileRequest;
import issueledger.http.RawAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Malformed input at the socket gets a problem, and other clients are not affected. */
class HostileRequestsTest extends OverHttp {
    private static final String OPENING_ONE = "{\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}";
    private static final String CHUNKED = "Transfer-Encoding: chunked";
    private static final String JSON = "Content-Type: application/json";
    private static final int SLOW = 300;

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private RequestMappingHandlerMapping requestMappingHandlerMapping;

    static Stream<HostileRequest> requests() {
        return Stream.of(HostileRequest.toAnyService(), bodies(), types(), framings(), paths(), bulks())
                .flatMap(each -> each);
    }

    @Test
    void a_charset_that_is_not_utf_8_is_not_acceptable() {
        String id = opened();
        for (String type : List.of("application/json", "*/*", "application/*")) {
            for (String charset : List.of("utf-16", "x-none", "\"iso-8859-1\"")) {
                String accept = type + ";charset=" + charset;
                post("/issues/" + id + "/start-testing", "{}", "Accept", accept).isProblem(406, "not-acceptable");
                send(
                                "POST",
                                "/commands",
                                BodyPublishers.noBody(),
                                "Content-Type",
                                "application/x-ndjson",
                                "Accept",
                                accept)
                        .isProblem(406, "not-acceptable");
                get("/issues/" + id + "/allowed-commands", "Accept", accept).isProblem(406, "not-acceptable");
                get("/actuator/health", "Accept", accept).isProblem(406, "not-acceptable");
                get("/v3/api-docs", "Accept", accept).isProblem(406, "not-acceptable");
            }
        }
        get("/issues/" + id + "/allowed-commands", "Accept", "application/json;charset=utf-16, */*;q=0.1")
                .is(200);
        get("/issues/" + id + "/allowed-commands", "Accept", "application/json; charset=UTF-8")
                .is(200);
    }

    @Test
    void another_method_on_a_commands_path_is_405_whatever_its_parameters() {
        String id = opened();
        for (String method : List.of("QUERY", "PUT", "DELETE", "PATCH", "GET")) {
            for (String query : List.of("", "?dry-run=true", "?a=1", "?dry-run=x&dry-run=x")) {
                send(method, "/issues/" + id + "/start-work" + query, BodyPublishers.noBody())
                        .isProblem(405, "method-not-allowed");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void a_hostile_request_is_answered_within_a_second(HostileRequest request) {
        request.isAnsweredBy(port);
    }

    @Test
    void head_and_options_work_on_every_path() {
        get("/v3/api-docs"); // Made when it is first asked for, which may take longer than a raw answer is awaited.
        EveryPath.answersHeadAndOptions(
                requestMappingHandlerMapping,
                port,
                Map.of("id", opened(), "command", "record-note", "name", "malformed"));
    }

    @Test
    void clients_that_announce_much_and_send_nothing_hold_up_nobody() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                slow.add(socket);
                socket.getOutputStream()
                        .write(("POST /issues HTTP/1.1\r\nHost: localhost\r\n" + JSON
                                        + "\r\nContent-Length: 1048576\r\n\r\n{")
                                .getBytes(ISO_8859_1));
            }
            post("/issues", OPENING_ONE).is(201); // Those before it are being read now.
            String large = OPENING_ONE + " ".repeat(500_000);
            for (HostileRequest good : List.of(
                    sized("a large command", large, 201),
                    chunked("a command of unknown length", chunk(OPENING_ONE) + "0\r\n\r\n", 201))) {
                RawAnswer answer = RawAnswer.to(port, good.bytes(), false);
                assertThat(answer.status()).as(answer.text()).isEqualTo(201);
                assertThat(answer.took()).isLessThan(Duration.ofSeconds(1));
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static Stream<HostileRequest> bodies() {
        return Stream.of(
                sized("an empty body", "", 422),
                post("an absent body", List.of(), "", 422),
                sized("null", "null", 400),
                sized("an array", "[]", 400),
                sized("a number", "1", 400),
                sized("a string", "\"x\"", 400),
                sized("true", "true", 400),
                sized("arrays 100,000 deep", "[".repeat(100_000), 400),
                sized("objects 100,000 deep", "{\"a\":".repeat(100_000), 400),
                sized("5 MB", "{\"title\":\"" + "x".repeat(5_000_000) + "\"}", 413),
                sized("10 MB", "x".repeat(10_000_000), 413),
                sized("a key twice", "{\"title\":\"a\",\"title\":\"b\"}", 400),
                sized("NaN", "{\"title\":NaN}", 400),
                sized("a number beyond all", "{\"title\":1e400}", 400),
                sized("half a surrogate pair", "{\"title\":\"\\ud800\"}", 422),
                sized("an escaped NUL", "{\"title\":\"\\u0000\"}", 422),
                sized("a NUL", "{\"title\":\"\0\"}", 400),
                sized("nothing but NULs", "\0\0\0", 400),
                sized("a tag as a field", "{\"<script>\":1}", 400),
                sized("a tag as a value", "{\"id\":\"<script>\"}", 422),
                sized("something behind the end", OPENING_ONE + " x", 400),
                sized("two objects", OPENING_ONE + OPENING_ONE, 400),
                sized("a comment", "/* open */" + OPENING_ONE, 400),
                sized("half an object", OPENING_ONE.substring(0, 20), 400),
                sized("no UTF-8", "{\"title\":\"\u00ff\"}", 400),
                sized("an overlong NUL", "{\"title\":\"\u00c0\u0080\"}", 400),
                sized("a byte order mark", "\u00ef\u00bb\u00bf" + OPENING_ONE, 400),
                sized("UTF-16", in(UTF_16), 400),
                sized("UTF-32", in(Charset.forName("UTF-32")), 400));
    }

    private static Stream<HostileRequest> types() {
        return Stream.of(
                typed("Latin-1", "application/json;charset=latin1", 415),
                typed("a charset that is none", "application/json;charset=nonsense", 415),
                typed("a charset with a tag", "application/json;charset=\"<script>\"", 415),
                typed("two types in a line", "application/json, text/plain", 415),
                typed("an empty type", "", 415),
                typed("any type", "*/*", 415),
                typed("a form", "application/x-www-form-urlencoded", 415),
                typed("parts", "multipart/form-data; boundary=x", 415),
                typed("parts without a boundary", "multipart/form-data", 415),
                typed("a type that is none", "nonsense", 415),
                post("no type", List.of(length(OPENING_ONE)), OPENING_ONE, 415),
                post("two types", List.of(JSON, "Content-Type: text/plain", length(OPENING_ONE)), OPENING_ONE, 415),
                post(
                        "JSON and Markdown",
                        List.of("Content-Type: text/markdown", JSON, length(OPENING_ONE)),
                        OPENING_ONE,
                        415),
                HostileRequest.post(
                        "gzip",
                        "/issues",
                        List.of(JSON, "Content-Encoding: gzip", "Content-Length: " + gzipped().length),
                        gzipped(),
                        415),
                post("an Accept with a tag", List.of(JSON, "Accept: <script>", length("{}")), "{}", 400),
                post(
                        "Markdown in UTF-16",
                        List.of("Content-Type: text/markdown;charset=utf-16", length("#")),
                        "#",
                        415),
                post("Markdown that is no UTF-8", List.of("Content-Type: text/markdown", length("#")), "\u00ff", 400),
                post(
                        "a tag as a document",
                        List.of("Content-Type: text/markdown", length("<script>")),
                        "<script>",
                        400));
    }

    private static Stream<HostileRequest> framings() {
        String chunk = chunk(OPENING_ONE);
        return Stream.of(
                chunked("chunks", chunk + "0\r\n\r\n", 201),
                chunked("a chunk with an extension", chunk.replaceFirst("\r\n", ";a=b\r\n") + "0\r\n\r\n", 201),
                chunked("a trailer", chunk + "0\r\nX-A: b\r\n\r\n", 201),
                chunked("an endless extension", chunk.replaceFirst("\r\n", ";" + "a".repeat(20_000) + "\r\n"), 400),
                chunked("an endless trailer", chunk + "0\r\nX-A: " + "b".repeat(100_000) + "\r\n\r\n", 400),
                chunked("a bad trailer", chunk + "0\r\nX A\0: b\r\n\r\n", 400),
                chunked("a chunk of no size", "zz\r\n{}\r\n0\r\n\r\n", 400),
                chunked("a chunk of a negative size", "-2\r\n{}\r\n0\r\n\r\n", 400),
                chunked("a chunk beyond numbers", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n", 400),
                chunked("a chunk that never comes", "7fffffff\r\n{", 400).endingThere(),
                chunked("a chunk longer than its size", "2\r\n{}XX\r\n0\r\n\r\n", 400),
                chunked("chunks without an end", chunk, 400).endingThere(),
                chunked("2 MB in chunks", chunk("x".repeat(1_000_000)).repeat(2) + "0\r\n\r\n", 413),
                post("a length and chunks", List.of(JSON, CHUNKED, "Content-Length: 2"), chunk + "0\r\n\r\n", 201, 400),
                post("a body that ends early", List.of(JSON, "Content-Length: 45"), "{\"title\"", 400)
                        .endingThere(),
                post(
                                "a document that ends early",
                                List.of("Content-Type: text/markdown", "Content-Length: 45"),
                                "# Slow",
                                400)
                        .endingThere(),
                post("an expectation", List.of(JSON, "Expect: 100-continue", length(OPENING_ONE)), OPENING_ONE, 201),
                post(
                        "an expectation of too much",
                        List.of(JSON, "Expect: 100-continue", "Content-Length: 9000000"),
                        "",
                        413),
                post("an unknown expectation", List.of(JSON, "Expect: a-reply", length("{}")), "{}", 417));
    }

    private static Stream<HostileRequest> paths() {
        return Stream.of(
                HostileRequest.get("a command that is read", "/issues/x/record-note", 405),
                HostileRequest.get("a command with a tag", "/issues/x/%3Cscript%3E", 400, 404),
                HostileRequest.get("an issue with a tag", "/issues/%3Cscript%3E", 400, 404),
                HostileRequest.get("an issue with a parameter", "/issues/x;a=b", 400),
                HostileRequest.post("a command's parameter", "/issues/x/close;a=b", List.of(), new byte[0], 400),
                HostileRequest.post("a slash at the end of a command", "/issues/x/close/", List.of(), new byte[0], 404),
                HostileRequest.post("a command in upper case", "/issues/x/CLOSE", List.of(), new byte[0], 404),
                HostileRequest.post("an unknown query", "/issues?%3Cscript%3E=1", List.of(), new byte[0], 400));
    }

    private static Stream<HostileRequest> bulks() {
        String ndjson = "Content-Type: application/x-ndjson";
        return Stream.of(
                bulk("lines that are no JSON", List.of(ndjson), "{\n[]\nnull\n\"x\"\n<script>\n", 200),
                bulk("lines of NULs", List.of(ndjson), "\0\n\0\n", 200),
                bulk("a line 100,000 deep", List.of(ndjson), "[".repeat(100_000) + "\n", 200),
                bulk("a line of 2 MB without an end", List.of(ndjson), "x".repeat(2_000_000), 200),
                bulk("10,000 blank lines", List.of(ndjson), "\n".repeat(10_000), 200),
                bulk("lines that say two types", List.of(ndjson, JSON), "{}\n", 415),
                bulk("lines in gzip", List.of(ndjson, "Content-Encoding: gzip"), "{}\n", 415),
                bulk("lines in Latin-1", List.of(ndjson + ";charset=latin1"), "{}\n", 415),
                bulk("an object where lines are due", List.of(JSON), OPENING_ONE, 415));
    }

    private static HostileRequest bulk(String name, List<String> head, String body, Integer... statuses) {
        List<String> sized = new ArrayList<>(head);
        sized.add(length(body));
        return HostileRequest.post(name, "/commands", sized, body.getBytes(ISO_8859_1), statuses);
    }

    private static HostileRequest sized(String name, String body, Integer... statuses) {
        return post(name, List.of(JSON, length(body)), body, statuses);
    }

    private static HostileRequest typed(String name, String type, Integer... statuses) {
        return post(name, List.of("Content-Type: " + type, length(OPENING_ONE)), OPENING_ONE, statuses);
    }

    private static HostileRequest chunked(String name, String body, Integer... statuses) {
        return post(name, List.of(JSON, CHUNKED), body, statuses);
    }

    /** The body's characters are its bytes. */
    private static HostileRequest post(String name, List<String> head, String body, Integer... statuses) {
        return HostileRequest.post(name, "/issues", head, body.getBytes(ISO_8859_1), statuses);
    }

    private static String length(String body) {
        return "Content-Length: " + body.length();
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    private static String in(Charset charset) {
        return new String(OPENING_ONE.getBytes(charset), ISO_8859_1);
    }

    private static byte[] gzipped() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(OPENING_ONE.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
