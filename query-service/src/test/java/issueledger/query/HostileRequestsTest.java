package issueledger.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.IssueExamples;
import issueledger.http.EveryPath;
import issueledger.http.HostileRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Malformed input at the socket gets a problem, and other clients are not affected. */
class HostileRequestsTest extends QueryServiceTest {
    @LocalServerPort
    private int itsPort;

    @Autowired
    private RequestMappingHandlerMapping requestMappingHandlerMapping;

    static Stream<HostileRequest> requests() {
        return Stream.of(HostileRequest.toAnyService(), paths(), parameters(), bodies())
                .flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void a_hostile_request_is_answered_within_a_second(HostileRequest request) {
        request.isAnsweredBy(itsPort);
    }

    private static Stream<HostileRequest> paths() {
        return Stream.of(
                HostileRequest.get("an issue with a tag", "/issues/%3Cscript%3E", 400, 404),
                HostileRequest.get("an issue with a parameter", "/issues/x;a=b", 400),
                HostileRequest.get("a slash at the end of the list", "/issues/", 404),
                HostileRequest.get("a long id", "/issues/" + "a".repeat(7_000), 404),
                HostileRequest.get("a view with a tag", "/projections/%3Cscript%3E/parked", 400, 404));
    }

    private static Stream<HostileRequest> parameters() {
        return Stream.of(
                HostileRequest.get("10,000 parameters of the list", "/issues?" + "limit=1&".repeat(10_000), 400),
                HostileRequest.get("a parameter of the list twice", "/issues?limit=1&limit=1", 400),
                HostileRequest.get("an unknown parameter", "/issues?%3Cscript%3E=1", 400),
                HostileRequest.get("a bad escape", "/issues?q=%zz", 400),
                HostileRequest.get("half a surrogate pair", "/issues?q=%ed%a0%80", 400),
                HostileRequest.get("a NUL", "/issues?q=%00", 400),
                HostileRequest.get("a long word", "/issues?q=" + "a".repeat(7_000), 200),
                HostileRequest.get("many words", "/issues?q=" + "a+".repeat(3_500), 200, 400),
                HostileRequest.get("a forged cursor", "/issues?cursor=%3Cscript%3E", 400),
                HostileRequest.get("a limit beyond numbers", "/issues?limit=" + "9".repeat(5_000), 400),
                HostileRequest.get("a negative position", "/events?after=-1", 400),
                HostileRequest.get("a position beyond numbers", "/events?after=" + "9".repeat(5_000), 200, 400),
                HostileRequest.get("a version beyond numbers", "/issues/x?version=" + "9".repeat(5_000), 400, 404),
                HostileRequest.get("a time that is none", "/issues/x?asOf=%3Cscript%3E", 400));
    }

    private static Stream<HostileRequest> bodies() {
        byte[] body = "x".repeat(5_000_000).getBytes(UTF_8);
        return Stream.of(
                HostileRequest.post("a command to the wrong service", "/issues", List.of(), new byte[0], 405),
                HostileRequest.post("5 MB", "/issues", List.of("Content-Length: " + body.length), body, 405),
                HostileRequest.post(
                        "parts",
                        "/issues",
                        List.of("Content-Type: multipart/form-data", "Content-Length: 1"),
                        "x".getBytes(UTF_8),
                        405),
                HostileRequest.post(
                        "a bad chunk",
                        "/issues",
                        List.of("Transfer-Encoding: chunked"),
                        "zz\r\n".getBytes(UTF_8),
                        405));
    }

    @Test
    void a_charset_that_is_not_utf_8_is_not_acceptable() {
        record("charsets", IssueExamples.OPENED);
        for (String path : List.of(
                "/issues",
                "/issues/charsets",
                "/issues/charsets/events",
                "/issues/charsets/timeline",
                "/issues/charsets/metrics",
                "/events",
                "/audit/head",
                "/projections",
                "/problems",
                "/v3/api-docs")) {
            for (String type : List.of("application/json", "*/*", "text/markdown", "text/html")) {
                query.get(path, "Accept", type + ";charset=utf-16").isProblem(406, "not-acceptable");
                query.get(path, "Accept", type + "; Charset=\"x-none\"").isProblem(406, "not-acceptable");
            }
        }
        assertThat(query.get("/issues", "Accept", "application/json;charset=utf-8")
                        .status())
                .isEqualTo(200);
        assertThat(query.get("/issues/charsets", "Accept", "text/markdown;charset=utf-16, application/json;q=0.2")
                        .header("Content-Type"))
                .isEqualTo("application/json");
    }

    @Test
    void a_position_or_version_that_is_none_is_refused_and_never_clamped() {
        record("positions", IssueExamples.OPENED);
        for (String none : List.of("-1", "9223372036854775808", "99999999999999999999", "1e3", "x", "")) {
            query.get("/events?after=" + none).isMalformed("after");
            query.get("/issues/positions/events?after=" + none).isMalformed("after");
            query.get("/issues/positions/timeline?after=" + none).isMalformed("after");
            query.get("/events/stream?after=" + none).isMalformed("after");
            query.get("/issues/positions?version=" + none).isMalformed("version");
        }
        query.get("/issues/positions?version=0").isMalformed("version");
        for (String none : List.of("-1", "9223372036854775808", "99999999999999999999")) {
            query.get("/issues", "Ledger-Min-Position", none).isMalformed("Ledger-Min-Position");
        }
        assertThat(query.get("/issues/positions?version=0000000000000000000000000000001")
                        .status())
                .isEqualTo(200);
        assertThat(query.get("/issues/positions/events?after=00000000000000000000001")
                        .items())
                .isEmpty();
    }

    @Test
    void head_and_options_work_on_every_path() {
        record("head-and-options", IssueExamples.OPENED);
        query.get(
                "/v3/api-docs"); // Made when it is first asked for, which may take longer than a raw answer is awaited.
        EveryPath.answersHeadAndOptions(
                requestMappingHandlerMapping,
                itsPort,
                Map.of(
                        "id",
                        "head-and-options",
                        "name",
                        "issues",
                        "version",
                        "1",
                        "number",
                        "1",
                        "level",
                        "0",
                        "*index",
                        "000"));
    }
}
