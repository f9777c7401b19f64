package issueledger.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A malformed request, byte for byte.
 *
 * @param endsThere whether the client says nothing more after it, though more may be due
 * @param statuses the allowed statuses of the answer; none where no answer is possible
 */
public record HostileRequest(String name, byte[] bytes, boolean endsThere, Set<Integer> statuses) {
    /** Answered by both services. */
    private static final String GOOD = "/problems/malformed";

    private static final String HOST = "Host: localhost";
    private static final Duration PROMPT = Duration.ofSeconds(1);
    private static final int TRIES = 3;

    /** One of these Latin-1 characters. */
    private static HostileRequest of(String name, String request, Integer... statuses) {
        return new HostileRequest(name, request.getBytes(ISO_8859_1), false, Set.of(statuses));
    }

    /** A POST with these lines in its head and this body. */
    public static HostileRequest post(String name, String path, List<String> head, byte[] body, Integer... statuses) {
        byte[] begin = ("POST " + path + " HTTP/1.1\r\n" + HOST + "\r\n" + lines(head) + "\r\n").getBytes(ISO_8859_1);
        byte[] all = Arrays.copyOf(begin, begin.length + body.length);
        System.arraycopy(body, 0, all, begin.length, body.length);
        return new HostileRequest(name, all, false, Set.of(statuses));
    }

    public static HostileRequest get(String name, String path, Integer... statuses) {
        return line(name, "GET " + path + " HTTP/1.1", statuses);
    }

    /** With this request line. */
    private static HostileRequest line(String name, String line, Integer... statuses) {
        return of(name, line + "\r\n" + HOST + "\r\n\r\n", statuses);
    }

    /** With these lines in its head. */
    private static HostileRequest headed(String name, List<String> head, Integer... statuses) {
        return of(name, "GET " + GOOD + " HTTP/1.1\r\n" + HOST + "\r\n" + lines(head) + "\r\n", statuses);
    }

    private static String lines(List<String> head) {
        return head.stream().map(line -> line + "\r\n").collect(Collectors.joining());
    }

    public HostileRequest endingThere() {
        return new HostileRequest(name, bytes, true, statuses);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Sends it to a service, which answers as it should and goes on as if nothing had been. */
    public void isAnsweredBy(int port) {
        RawAnswer answer = RawAnswer.to(port, bytes, endsThere);
        for (int again = 1; again < TRIES && answer.took().compareTo(PROMPT) > 0; again++) {
            answer = RawAnswer.to(port, bytes, endsThere); // This machine may have been busy with something else.
        }
        assertThat(answer.took()).isLessThan(PROMPT);
        assertThat(answer.text())
                .doesNotContain("Exception", "java.", "org.apache", "org.spring", "issueledger.", "jackson", "\tat ")
                .doesNotContainIgnoringCase("<script");
        if (statuses.isEmpty()) {
            assertThat(answer.isEnded()).as(answer.text()).isTrue();
        } else {
            assertThat(answer.status()).as(answer.text()).isIn(statuses);
        }
        if (answer.status() >= 400) {
            assertThatItIsAProblem(answer);
        }
        RawAnswer good = RawAnswer.to(port, get("", GOOD).bytes(), false);
        assertThat(good.status()).as("the next one, of another client").isEqualTo(200);
    }

    private static void assertThatItIsAProblem(RawAnswer answer) {
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Content-Length"))
                .isEqualTo(Integer.toString(answer.body().getBytes(UTF_8).length));
        JsonNode problem = EventJson.MAPPER.readTree(answer.body());
        assertThat(problem.at("/type").asString()).matches("/problems/[a-z-]+");
        assertThat(problem.at("/status").asInt()).isEqualTo(answer.status());
        assertThat(problem.at("/title").asString()).isNotBlank();
        assertThat(problem.at("/detail").asString()).isNotBlank();
        assertThat(problem.at("/instance").asString()).startsWith("/");
        assertThat(problem.at("/traceId").asString()).matches("[0-9a-f]{32}");
        if (answer.status() == 405) {
            assertThat(answer.header("Allow")).isNotBlank();
        }
    }

    /** The requests that every service must survive. */
    public static Stream<HostileRequest> toAnyService() {
        return Stream.of(requestLines(), hosts(), paths(), queries(), heads(), lengths(), fuzzed())
                .flatMap(List::stream);
    }

    /** Fuzzed paths and headers that no service may fail at; the seed makes them the same each time. */
    private static List<HostileRequest> fuzzed() {
        Random random = new Random(21);
        List<HostileRequest> requests = new ArrayList<>();
        for (String path : List.of(
                "/;!7i12%.i/", "/%.i;a", "/issues/a;%zz", "/problems/malformed;%", GOOD + ";x=%g1", "/issues;%2/x")) {
            requests.add(get("the path " + path, path, 400));
        }
        for (int i = 0; i < 60; i++) {
            String path = "/" + any(random, "abz019;;%%.!/=~-_", 12);
            requests.add(get("the path " + path, path, 400, 404, 405, 401));
        }
        for (String charset : List.of("utf-16", "UTF-32BE", "iso-8859-1", "\"us-ascii\"", "x-none", "%", "utf-7")) {
            for (String type : List.of("*/*", "text/html", "text/*")) {
                String range = type + ";charset=" + charset;
                requests.add(headed("Accept: " + range, List.of("Accept: " + range), 406));
                requests.add(headed(
                        "Accept: " + range + " and others",
                        List.of("Accept: " + range + ", text/markdown;q=0.1"),
                        200));
            }
        }
        requests.add(headed("Accept in UTF-8", List.of("Accept: text/html; Charset=\"utf-8\"; q=0.5"), 200));
        for (String name :
                List.of("Accept", "Accept-Charset", "Accept-Language", "Accept-Encoding", "Range", "If-Range")) {
            for (int i = 0; i < 15; i++) {
                String value = any(random, "abq*/;,=-_.0159%\"() ", 16);
                requests.add(headed(name + ": " + value, List.of(name + ": " + value), 200, 400, 406, 416));
            }
        }
        for (String range : List.of("bytes=0-0", "bytes=9-1", "bytes=-", "bytes=99999999999999999999-", "lines=1-2")) {
            requests.add(headed("Range: " + range, List.of("Range: " + range), 200, 206, 416));
        }
        for (String expected : List.of("tea", "100-continue, tea", "\"", ";")) {
            requests.add(headed("Expect: " + expected, List.of("Expect: " + expected), 200, 400, 417));
        }
        return requests;
    }

    private static String any(Random random, String characters, int most) {
        return random.ints(1 + random.nextInt(most), 0, characters.length())
                .mapToObj(i -> characters.substring(i, i + 1))
                .collect(Collectors.joining());
    }

    private static List<HostileRequest> requestLines() {
        return List.of(
                of("HTTP/0.9", "GET " + GOOD + "\r\n"),
                of("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                of("the hello of TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003" + "\0".repeat(50), 400),
                of("words", "hello world\r\n\r\n"),
                line("no path", "GET HTTP/1.1"),
                of("the end in the middle of the head", "GET " + GOOD + " HTTP/1.1\r\nHost: loc")
                        .endingThere(),
                line("HTTP/1.0", "GET " + GOOD + " HTTP/1.0", 200),
                of("HTTP/1.0 without Host", "GET " + GOOD + " HTTP/1.0\r\n\r\n", 200),
                line("HTTP/1.2", "GET " + GOOD + " HTTP/1.2", 400),
                line("HTTP/9.9", "GET " + GOOD + " HTTP/9.9", 400),
                line("another protocol", "GET " + GOOD + " FTP/1.1", 400),
                line("a protocol in lower case", "GET " + GOOD + " http/1.1", 400),
                of("line feeds alone", "GET " + GOOD + " HTTP/1.1\nHost: localhost\n\n", 200, 400),
                line("a carriage return in the path", "GET /prob\rlems HTTP/1.1", 400),
                line("two blanks", "GET  " + GOOD + "  HTTP/1.1", 200, 400),
                line("an unknown method", "FOO " + GOOD + " HTTP/1.1", 405),
                line("a method in lower case", "get " + GOOD + " HTTP/1.1", 405),
                line("TRACE", "TRACE " + GOOD + " HTTP/1.1", 405),
                line("CONNECT", "CONNECT localhost:80 HTTP/1.1", 405),
                line("CONNECT to a path", "CONNECT " + GOOD + " HTTP/1.1", 405),
                line("DELETE", "DELETE " + GOOD + " HTTP/1.1", 405),
                line("a method with a tag", "G<T " + GOOD + " HTTP/1.1", 400),
                line("a long method", "G".repeat(20_000) + " " + GOOD + " HTTP/1.1", 400),
                line("an absolute target", "GET http://localhost" + GOOD + " HTTP/1.1", 200),
                line("the target of another host", "GET http://evil.example/ HTTP/1.1", 400),
                line("OPTIONS of the server", "OPTIONS * HTTP/1.1", 200),
                line("GET of the server", "GET * HTTP/1.1", 400));
    }

    private static List<HostileRequest> hosts() {
        String get = "GET " + GOOD + " HTTP/1.1\r\n";
        return List.of(
                of("no Host", get + "\r\n", 400),
                of("two Hosts", get + "Host: localhost\r\nHost: localhost\r\n\r\n", 400),
                of("an empty Host", get + "Host: \r\n\r\n", 400),
                of("a foreign Host", get + "Host: evil.example\r\n\r\n", 400),
                of("a Host with a blank", get + "Host: a b\r\n\r\n", 400),
                of("a Host with a tag", get + "Host: <script>\r\n\r\n", 400),
                of("a Host with a user", get + "Host: localhost@evil.example\r\n\r\n", 400));
    }

    private static List<HostileRequest> paths() {
        return List.of(
                get("two slashes", "//", 400, 404),
                get("two slashes at the beginning", "/" + GOOD, 400, 404),
                get("encoded dots", "/%2e%2e/", 400),
                get("dots above the root", "/problems/../../../etc/passwd", 400),
                get("dots and encoded slashes", "/problems/..%2f..%2fetc%2fpasswd", 400, 404),
                get("an encoded slash", "/issues/%2F", 400, 404),
                get("an encoded NUL", "/issues/%00", 400, 404),
                get("a bad escape", "/issues/%zz", 400),
                get("a percent sign", "/issues/%", 400),
                get("a backslash", "/problems\\malformed", 400),
                get("an encoded backslash", "/problems/%5c", 400, 404),
                get("a session id", GOOD + ";jsessionid=1", 400),
                get("a path parameter", "/problems;a=b/malformed", 400),
                get("a slash at the end", GOOD + "/", 404),
                get("a dot", "/problems/.", 400, 404),
                get("letters beyond ASCII", "/problems/\u00c3\u00a9", 400),
                get("what is no UTF-8", "/problems/%ff", 400, 404),
                get("an overlong NUL", "/problems/%c0%80", 400, 404),
                get("a control character", "/problems/\u0001", 400),
                get("a tag", "/<script>alert(1)</script>", 400),
                get("an encoded tag", "/%3Cscript%3Ealert(1)%3C/script%3E", 400, 404),
                get("braces", "/problems/{name}", 400),
                get("a fragment", GOOD + "#top", 400),
                get("7,000 characters", "/" + "a".repeat(7_000), 404),
                get("100,000 characters", "/" + "a".repeat(100_000), 400),
                get("the root", "/", 307),
                get("the page that the container would have for errors", "/error", 404),
                get("health of what there is not", "/actuator/health/nope", 404),
                get("dots behind health", "/actuator/health/../info", 404),
                get("escaped dots behind health", "/actuator/health/%2e%2e/info", 404),
                get("dots and a parameter behind health", "/actuator/health/..;/info", 400, 404),
                get("dots at the end behind health", "/actuator/health/..", 404),
                get("two slashes behind health", "/actuator/health/a//b", 404),
                get("the environment", "/actuator/env", 404),
                get("the heap", "/actuator/heapdump", 404));
    }

    private static List<HostileRequest> queries() {
        return List.of(
                get("10,000 query parameters", GOOD + "?" + parameters(10_000), 400),
                get("700 query parameters", GOOD + "?" + parameters(700), 400),
                get("a query parameter twice", GOOD + "?a=1&a=2", 400),
                get("a tag as a query parameter", GOOD + "?%3Cscript%3E=1", 400),
                get("a tag in the query", GOOD + "?<script>", 400),
                get("a bad escape in the query", GOOD + "?%zz=1", 400),
                get("no UTF-8 in the query", GOOD + "?%ff=1", 400),
                get("ampersands", GOOD + "?&&=&=&", 400));
    }

    private static String parameters(int count) {
        return IntStream.range(0, count).mapToObj(i -> "a" + i + "=1").collect(Collectors.joining("&"));
    }

    private static List<HostileRequest> heads() {
        List<String> many =
                IntStream.range(0, 10_000).mapToObj(i -> "X-" + i + ": 1").toList();
        return List.of(
                headed("a header of 100 kB", List.of("X-A: " + "a".repeat(100_000)), 400),
                headed("10,000 headers", many, 400),
                headed("150 headers", many.subList(0, 150), 400),
                headed("a NUL in a header", List.of("X-A: a\0b"), 400),
                headed("a carriage return in a header", List.of("X-A: a\rb"), 400),
                headed("a blank in a header's name", List.of("X A: b"), 400),
                headed("a blank behind a header's name", List.of("X-A : b"), 400),
                headed("a header without a name", List.of(": b"), 400),
                headed("a header without a colon", List.of("nonsense"), 400),
                headed("a folded header", List.of("X-A: a", " b"), 200, 400),
                headed("a header in UTF-8", List.of("X-A: \u00c3\u00a9"), 200),
                headed("a cookie with a control character", List.of("Cookie: a=\u0001"), 400),
                headed("an Accept that is none", List.of("Accept: nonsense"), 400, 406),
                headed("an Accept with a tag", List.of("Accept: <script>"), 400, 406),
                headed("an Accept of what there is not", List.of("Accept: image/png"), 406),
                headed("an empty Accept", List.of("Accept: "), 200),
                headed("a range", List.of("Range: bytes=0-1"), 200, 206),
                headed("a date that is none", List.of("If-Modified-Since: garbage"), 200),
                headed("a foreign Origin", List.of("Origin: https://evil.example"), 403),
                headed("an Origin with a tag", List.of("Origin: <script>"), 403),
                headed("an upgrade to WebSocket", List.of("Connection: Upgrade", "Upgrade: websocket"), 200),
                headed(
                        "an upgrade to HTTP/2",
                        List.of("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQA"),
                        200),
                headed("an unknown expectation", List.of("Expect: a-reply"), 417));
    }

    private static List<HostileRequest> lengths() {
        String get = "GET " + GOOD + " HTTP/1.1\r\n" + HOST + "\r\n";
        return List.of(
                of("a body on GET", get + "Content-Length: 5\r\n\r\nhello", 200),
                of("chunks on GET", get + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200),
                of("a bad chunk on GET", get + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 200, 400),
                headed("a body on GET that ends early", List.of("Content-Length: 45"), 200, 400)
                        .endingThere(),
                headed("two lengths", List.of("Content-Length: 1", "Content-Length: 2"), 400),
                headed("one length twice", List.of("Content-Length: 0", "Content-Length: 0"), 200, 400),
                headed("two lengths in a line", List.of("Content-Length: 1, 2"), 400),
                headed("a negative length", List.of("Content-Length: -1"), 400),
                headed("a length with a sign", List.of("Content-Length: +5"), 400),
                headed("a length that is no number", List.of("Content-Length: x"), 400),
                headed("a length beyond numbers", List.of("Content-Length: 99999999999999999999999"), 400),
                headed("an unknown transfer coding", List.of("Transfer-Encoding: gzip"), 400),
                headed("a transfer coding behind chunked", List.of("Transfer-Encoding: chunked, x"), 400),
                headed("chunked twice", List.of("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), 400),
                headed(
                        "a blank that hides a transfer coding",
                        List.of("Content-Length: 0", "Transfer-Encoding : chunked"),
                        400));
    }
}
