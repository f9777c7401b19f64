package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests reach a command, and how the others are answered. */
class RequestsTest extends OverHttp {
    private static final String LARGE = "{\"title\":\"" + "x".repeat(1024 * 1024) + "\"}";

    // ---- media types and size

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json;charset=utf-8", "application/json; charset=UTF-8"})
    void json_in_utf_8_is_taken(String type) {
        String id = opened();
        send("POST", "/issues/" + id + "/record-note", BodyPublishers.ofString(NOTE), "Content-Type", type)
                .is(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/json;charset=iso-8859-1",
                "application/x-www-form-urlencoded",
                "nonsense"
            })
    void any_other_media_type_is_refused(String type) {
        String id = opened();
        Answer refused = send(
                        "POST", "/issues/" + id + "/record-note", BodyPublishers.ofString(NOTE), "Content-Type", type)
                .isProblem(415, "unsupported-media-type");
        assertThat(refused.header("Accept")).isEqualTo("application/json");
    }

    @Test
    void a_body_without_a_media_type_and_a_coded_body_are_refused() {
        String path = "/issues/" + opened() + "/record-note";
        send("POST", path, BodyPublishers.ofString(NOTE)).isProblem(415, "unsupported-media-type");
        post(path, NOTE, "Content-Encoding", "gzip").isProblem(415, "unsupported-media-type");
    }

    @Test
    void an_answer_that_is_no_json_cannot_be_had() {
        post("/issues/" + opened() + "/record-note", NOTE, "Accept", "text/csv").isProblem(406, "not-acceptable");
        post("/issues/" + opened() + "/record-note", NOTE, "Accept", "text/html, */*;q=0.1")
                .is(200);
    }

    @Test
    void a_quality_of_0_is_a_refusal() {
        post("/issues/" + opened() + "/record-note", NOTE, "Accept", "application/json;q=0")
                .isProblem(406, "not-acceptable");
        get("/issues/" + opened() + "/allowed-commands", "Accept", "*/*;q=0").isProblem(406, "not-acceptable");
    }

    @Test
    void checks_run_in_their_order() {
        String issue = "/issues/" + opened();
        post(issue + "/bogus?nope=1", "{").isProblem(404, "unknown-command");
        send(
                        "POST",
                        issue + "/record-note?nope=1",
                        BodyPublishers.ofString("x"),
                        "Content-Type",
                        "text/plain",
                        "Accept",
                        "text/html")
                .isProblem(415, "unsupported-media-type");
        post(issue + "/record-note?nope=1", NOTE, "Accept", "text/html").isProblem(406, "not-acceptable");
        post(issue + "/record-note?nope=1", LARGE).isProblem(413, "too-large");
        post(issue + "/record-note?nope=1", "{}").isProblem(400, "malformed");
    }

    @Test
    void allowed_commands_answers_other_methods_with_its_own() {
        String path = "/issues/" + opened() + "/allowed-commands";
        get(path, "Accept", "text/csv").isProblem(406, "not-acceptable");
        assertThat(send("HEAD", path, BodyPublishers.noBody()).is(200).text()).isEmpty();
        assertThat(post(path, "{}").isProblem(405, "method-not-allowed").header("Allow"))
                .isEqualTo("GET, HEAD, OPTIONS");
    }

    @Test
    void a_body_over_1_mebibyte_is_too_large_however_it_is_sent() {
        post("/issues", LARGE).isProblem(413, "too-large");
        send(
                        "POST",
                        "/issues",
                        BodyPublishers.ofByteArrays(List.of(LARGE.getBytes(java.nio.charset.StandardCharsets.UTF_8))),
                        "Content-Type",
                        "application/json")
                .isProblem(413, "too-large");
    }

    // ---- bodies

    @Test
    void a_malformed_body_is_refused_with_pointers() {
        assertThat(post("/issues", "{\"title\":1,\"description\":{\"text\":\"5 s\",\"nope\":1}}")
                        .isProblem(400, "malformed")
                        .errors("pointer"))
                .containsExactlyInAnyOrder("/title", "/description/nope");
        post("/issues", "{").isProblem(400, "malformed");
        post("/issues", "{\"a\":" + "[".repeat(100_000)).isProblem(400, "malformed");
        post("/issues", "{\"\\ud800\":1}").isProblem(400, "malformed");
    }

    @Test
    void invalid_values_are_refused_with_pointers() {
        assertThat(post("/issues", "{\"id\":\"!\",\"title\":\"\\ud800\",\"description\":{}}")
                        .isProblem(422, "invalid")
                        .errors("pointer"))
                .containsExactlyInAnyOrder("/id", "/title", "/description/text");
        post("/issues/" + opened() + "/advance-phase", "{\"phase\":1e99999999999}")
                .isProblem(422, "invalid");
    }

    // ---- rules

    @Test
    void a_rule_refuses_with_a_reason_and_the_allowed_commands() {
        String id = opened();
        Answer refused = post("/issues/" + id + "/start-testing", "{}").isProblem(409, "rejected");
        assertThat(refused.at("/reason")).isEqualTo("WRONG_STATUS");
        assertThat(refused.at("/issueStatus")).isEqualTo("OPEN");
        assertThat(refused.json().at("/allowedCommands").valueStream().map(n -> n.asString()))
                .contains("start-work", "close")
                .doesNotContain("start-testing", "open-issue");
        assertThat(refused.json().has("requirements")).isFalse();
        assertThat(recorded(id)).hasSize(1);
    }

    @Test
    void an_id_in_use_is_refused_with_the_status_of_its_issue() {
        String id = opened();
        Answer refused = post("/issues", OPENING.formatted(id)).isProblem(409, "rejected");
        assertThat(refused.at("/reason")).isEqualTo("ISSUE_EXISTS");
        assertThat(refused.at("/issueStatus")).isEqualTo("OPEN");
    }

    @Test
    void unmet_requirements_are_listed() {
        String id = opened();
        post("/issues/" + id + "/start-work", "{}").is(200);
        post("/issues/" + id + "/start-testing", "{}").is(200);
        post("/issues/" + id + "/mark-fixed", "{\"release\":\"2.4.1\"}").is(200);
        Answer refused = post("/issues/" + id + "/close", "{\"resolution\":\"CONFIRMED\"}")
                .isProblem(409, "rejected");
        assertThat(refused.at("/reason")).isEqualTo("REQUIREMENTS_UNMET");
        assertThat(refused.at("/requirements/0/requirement")).isEqualTo("ROOT_CAUSE");
        assertThat(refused.at("/requirements/0/detail")).isNotBlank();
        assertThat(refused.json().at("/requirements")).hasSize(1);
    }

    @Test
    void a_duplicate_is_looked_up_in_the_log() {
        String original = opened();
        String id = opened();
        String body = "{\"resolution\":\"DUPLICATE\",\"duplicateOf\":\"%s\"}";
        assertThat(post("/issues/" + id + "/close", body.formatted("none")).at("/reason"))
                .isEqualTo("UNKNOWN_DUPLICATE");
        assertThat(post("/issues/" + id + "/close", body.formatted(id)).at("/reason"))
                .isEqualTo("DUPLICATE_OF_ITSELF");
        post("/issues/" + id + "/close", body.formatted(original)).is(200);
    }

    // ---- routes

    @ParameterizedTest
    @CsvSource({
        "POST, /issues/x/no-such-command, 404, unknown-command",
        "POST, /issues/x/open-issue, 404, unknown-command",
        "POST, /issues/x/close-issue, 404, unknown-command",
        "POST, /issues/x/Close, 404, unknown-command",
        "GET, /issues/x/no-such-command, 404, unknown-command",
        "POST, /issues/none/start-work, 404, unknown-issue",
        "POST, /issues/-x/start-work, 404, unknown-issue",
        "POST, /issues/%F0%9F%90%8C/start-work, 404, unknown-issue",
        "GET, /issues/none/allowed-commands, 404, unknown-issue",
        "GET, /issues/-x/allowed-commands, 404, unknown-issue",
        "GET, /issues/-x, 404, unknown-issue",
        "GET, /nowhere, 404, not-found",
        "POST, /nowhere, 404, not-found",
        "POST, /issues/x/y/z, 404, not-found",
        "POST, /issues/, 404, not-found"
    })
    void unknown_paths_issues_and_commands_have_different_problems(
            String method, String path, int status, String type) {
        Answer refused = send(method, path, BodyPublishers.noBody()).isProblem(status, type);
        assertThat(refused.at("/instance")).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /issues, 'OPTIONS, POST'",
        "PUT, /issues, 'OPTIONS, POST'",
        "BREW, /issues, 'OPTIONS, POST'",
        "POST, /issues/x, 'GET, HEAD, OPTIONS'",
        "BREW, /issues/x, 'GET, HEAD, OPTIONS'",
        "GET, /issues/x/start-work, 'OPTIONS, POST'",
        "PUT, /issues/x/close, 'OPTIONS, POST'",
        "PATCH, /issues/x/close, 'OPTIONS, POST'",
        "DELETE, /issues/x/close, 'OPTIONS, POST'",
        "BREW, /issues/x/close, 'OPTIONS, POST'",
        "POST, /issues/x/allowed-commands, 'GET, HEAD, OPTIONS'",
        "BREW, /issues/x/allowed-commands, 'GET, HEAD, OPTIONS'"
    })
    void a_wrong_method_gets_the_right_one(String method, String path, String allow) {
        Answer refused = send(method, path, BodyPublishers.noBody()).isProblem(405, "method-not-allowed");
        assertThat(refused.header("Allow")).isEqualTo(allow);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/issues",
                "/issues/x",
                "/issues/x/start-work",
                "/issues/x/allowed-commands",
                "/issues/x/no-such-command",
                "/nowhere",
                "/error",
                "/actuator/health"
            })
    void head_options_and_strange_methods_are_answered(String path) {
        for (String method : List.of("HEAD", "OPTIONS", "TRACE", "BREW")) {
            assertThat(send(method, path, BodyPublishers.noBody()).status())
                    .as("%s %s", method, path)
                    .isBetween(200, 499);
        }
    }

    @Test
    void an_unknown_query_parameter_is_named() {
        String id = opened();
        for (Answer refused : List.of(
                post("/issues/" + id + "/record-note?colour=red", NOTE),
                post("/issues?colour=red", OPENING.formatted(newId())),
                get("/issues/" + id + "/allowed-commands?colour=red"))) {
            assertThat(refused.isProblem(400, "malformed").errors("parameter")).containsExactly("colour");
        }
        assertThat(recorded(id)).hasSize(1);
    }

    @Test
    void an_issue_is_read_at_the_query_service_whatever_is_asked_of_it() {
        Answer led = get("/issues/slow-orders?version=7&asOf=2026-02-14T09:30:00%2B01:00")
                .is(307);
        assertThat(led.header("Location"))
                .isEqualTo("http://127.0.0.1:8081/issues/slow-orders?version=7&asOf=2026-02-14T09:30:00%2B01:00");
        assertThat(get("/issues/slow-orders").is(307).header("Location"))
                .isEqualTo("http://127.0.0.1:8081/issues/slow-orders");
        send("HEAD", "/issues/slow-orders", BodyPublishers.noBody()).is(307);
        assertThat(get("/issues/slow-orders", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "localhost")
                        .is(307)
                        .header("Location"))
                .as("no proxy is trusted")
                .startsWith("http://127.0.0.1:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?a=%zz", "?a=%", "?%", "?a=|", "?a=<b>", "?a=\"", "?a={b}", "?a=^", "?a=[b]", "?=", "?&&", "?a=ä"
            })
    void a_query_of_any_form_is_no_failure(String query) {
        assertThat(raw("GET /issues/slow-orders" + query + " HTTP/1.1\nHost: " + localhost(), "")
                        .status())
                .isBetween(300, 499);
        assertThat(raw("GET /issues/slow-orders/allowed-commands" + query + " HTTP/1.1\nHost: " + localhost(), "")
                        .status())
                .isBetween(300, 499);
    }

    @Test
    void what_an_issue_accepts_now_can_be_asked() {
        String id = opened();
        Answer allowed = get("/issues/" + id + "/allowed-commands").is(200);
        assertThat(allowed.header("ETag")).isEqualTo("\"1\"");
        assertThat(allowed.at("/issueId")).isEqualTo(id);
        assertThat(allowed.json().at("/version").longValue()).isEqualTo(1);
        assertThat(allowed.at("/status")).isEqualTo("OPEN");
        assertThat(allowed.json().at("/allowed").valueStream().map(n -> n.asString()))
                .contains("start-work", "record-note", "close")
                .doesNotContain("open-issue", "reopen");
        assertThat(allowed.json().at("/refused").valueStream()).anySatisfy(refused -> {
            assertThat(refused.path("command").asString()).isEqualTo("reopen");
            assertThat(refused.path("reason").asString()).isEqualTo("WRONG_STATUS");
            assertThat(refused.path("detail").asString()).isNotBlank();
        });
        post("/issues/" + id + "/start-work", "{}").is(200);
        assertThat(get("/issues/" + id + "/allowed-commands").at("/status")).isEqualTo("IN_PROGRESS");
    }

    // ---- hosts and origins

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "127.0.0.999"})
    void a_host_that_is_no_loopback_name_is_refused(String host) {
        Answer refused = raw("GET /issues/x HTTP/1.1\nHost: " + host, "").isProblem(400, "malformed");
        assertThat(refused.errors("parameter")).containsExactly("Host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1234", "127.0.0.1", "127.1.2.3", "[::1]:8080"})
    void a_loopback_name_is_served(String host) {
        raw("GET /issues/x HTTP/1.1\nHost: " + host, "").is(307);
    }

    @Test
    void a_request_without_a_host_or_with_two_is_refused() {
        raw("GET /issues/x HTTP/1.1", "").isProblem(400, "malformed");
        raw("GET /issues/x HTTP/1.1\nHost: localhost\nHost: localhost", "").isProblem(400, "malformed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "http://localhost.evil.example",
                "null",
                "http://10.0.0.1:8080",
                "http://[x"
            })
    void a_web_page_of_another_host_may_not_send_commands(String origin) {
        String id = opened();
        post("/issues/" + id + "/record-note", NOTE, "Origin", origin).isProblem(403, "forbidden");
        assertThat(recorded(id)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:3000", "http://127.0.0.1", "http://[::1]:5173"})
    void a_web_page_of_this_machine_may(String origin) {
        post("/issues/" + opened() + "/record-note", NOTE, "Origin", origin).is(200);
    }

    @Test
    void what_the_connector_refuses_is_a_problem_too() {
        raw("GET /issues/x HTTP/1.1\nHost: localhost\nX-Long: " + "x".repeat(100_000), "")
                .is(400);
        raw("NONSENSE", "").is(400);
        raw("GET /issues/%2e%2e/%00 HTTP/1.1\nHost: localhost", "").isProblem(400, "malformed");
    }

    // ---- which check comes first

    @Test
    void the_checks_run_in_the_order_of_the_contract() {
        String id = opened();
        String missing = "/issues/none/record-note";
        String present = "/issues/" + id + "/start-testing";
        raw(
                        "POST /issues/x/no-such-command HTTP/1.1\nHost: evil.example\nOrigin: http://evil.example"
                                + "\nContent-Type: text/plain",
                        "{")
                .isProblem(400, "malformed");
        send("POST", "/issues/x/no-such-command", BodyPublishers.ofString(LARGE), "Origin", "http://evil.example")
                .isProblem(403, "forbidden");
        send("POST", "/issues/x/no-such-command", BodyPublishers.ofString("{"), "Content-Type", "text/plain")
                .isProblem(404, "unknown-command");
        send("PUT", missing, BodyPublishers.ofString("{"), "Content-Type", "text/plain")
                .isProblem(405, "method-not-allowed");
        send("POST", missing, BodyPublishers.ofString(LARGE), "Content-Type", "text/plain", "If-Match", "bad")
                .isProblem(415, "unsupported-media-type");
        post(missing, "x" + LARGE, "If-Match", "bad").isProblem(413, "too-large");
        post(missing, "{\"kind\":1,\"text\":\"\"}", "If-Match", "\"7\"").isProblem(400, "malformed");
        post(missing, "{\"kind\":\"NONE\",\"text\":\"\"}", "If-Match", "bad").isProblem(400, "malformed");
        post(missing, "{\"kind\":\"NONE\",\"text\":\"\"}", "If-Match", "\"7\"").isProblem(422, "invalid");
        post(missing, NOTE, "If-Match", "\"7\"").isProblem(404, "unknown-issue");
        post(present, "{}", "If-Match", "\"7\"").isProblem(412, "version-mismatch");
        post(present, "{}", "If-Match", "\"1\"").isProblem(409, "rejected");
        assertThat(recorded(id)).hasSize(1);
    }

    @Test
    void no_refusal_leaves_anything_in_the_log() {
        String id = opened();
        long head = head();
        Arrays.asList("{", "[]", "{\"x\":1}", "{\"kind\":\"NONE\"}")
                .forEach(body -> post("/issues/" + id + "/record-note", body));
        post("/issues/" + id + "/reopen", "{\"reason\":\"x\"}").isProblem(409, "rejected");
        post("/issues/none/record-note", NOTE).isProblem(404, "unknown-issue");
        assertThat(head()).isEqualTo(head);
        assertThat(recorded("none")).isEmpty();
    }
}
