package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import issueledger.access.BadTokens;
import issueledger.access.Issuer;
import issueledger.access.Mapped;
import issueledger.access.Rules;
import issueledger.events.EventJson;
import issueledger.issue.IssueCommand;
import issueledger.refusals.Refusals;
import issueledger.refusals.RefusedCommand;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** A command service that asks for tokens. */
class TokensTest extends OverHttp {
    private static final Issuer ISSUER = Issuer.there();
    private static final List<String> ROLES =
            List.of("reporter", "engineer", "analyst", "auditor", "operator", "admin");

    @Autowired
    private Rules rules;

    @Autowired
    private Refusals refusals;

    @Autowired
    private Collection<RequestMappingInfoHandlerMapping> mappings;

    @DynamicPropertySource
    static void askForTokens(DynamicPropertyRegistry properties) {
        properties.add("issue-ledger.jwt-issuer", ISSUER::url);
        properties.add("issue-ledger.jwk-set-uri", ISSUER::jwkSetUri);
        properties.add("issue-ledger.jwt-audience", () -> Issuer.AUDIENCE);
    }

    private static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    private static String[] as(String... roles) {
        return bearer(ISSUER.token("mara", roles));
    }

    private static String[] and(String[] headers, String... more) {
        String[] all = Arrays.copyOf(headers, headers.length + more.length);
        System.arraycopy(more, 0, all, headers.length, more.length);
        return all;
    }

    private String openedByAnEngineer() {
        String id = newId();
        post("/issues", OPENING.formatted(id), as("engineer")).is(201);
        return id;
    }

    @Test
    void every_command_is_for_those_of_the_table_alone() {
        Set<String> commands = new TreeSet<>(IssueCommand.BY_NAME.keySet());
        commands.remove("open-issue");
        String id = openedByAnEngineer();
        for (String command : commands) {
            List<String> allowed =
                    command.equals("record-note") ? List.of("reporter", "engineer") : List.of("engineer");
            assertThat(rolesThatMay("POST", "/issues/" + id + "/" + command))
                    .as(command)
                    .isEqualTo(allowed);
            assertThat(rolesThatMay("POST", "/issues/" + id + "/" + command + "?dry-run=true"))
                    .as(command)
                    .containsExactly("engineer");
        }
    }

    @Test
    void every_other_path_is_for_those_of_the_table_alone() {
        String id = openedByAnEngineer();
        assertThat(rolesThatMay("POST", "/issues")).containsExactly("reporter", "engineer");
        assertThat(rolesThatMay("POST", "/issues", "Content-Type", "text/markdown"))
                .containsExactly("reporter", "engineer");
        assertThat(rolesThatMay("GET", "/issues/" + id + "/allowed-commands")).containsExactly("reporter", "engineer");
        assertThat(rolesThatMay("HEAD", "/issues/" + id + "/allowed-commands")).containsExactly("reporter", "engineer");
        assertThat(rolesThatMay("GET", "/issues/" + id)).isEqualTo(ROLES);
        for (String path : List.of("/actuator", "/actuator/prometheus", "/actuator/info")) {
            assertThat(rolesThatMay("GET", path)).as(path).containsExactly("operator");
        }
    }

    @Test
    void a_reporter_may_not_dry_run_and_is_not_told_whether_the_issue_exists() {
        for (String id : List.of(openedByAnEngineer(), "no-such-issue")) {
            assertThat(rolesThatMay("POST", "/issues/" + id + "/record-note?dry-run=true"))
                    .containsExactly("engineer");
        }
        assertThat(rolesThatMay("POST", "/issues?dry-run=true")).containsExactly("engineer");
        assertThat(rolesThatMay("POST", "/issues?dry-run=true", "Content-Type", "text/markdown"))
                .containsExactly("engineer");
        assertThat(rolesThatMay("POST", "/commands?dry-run=true", "Content-Type", "application/x-ndjson"))
                .containsExactly("engineer");
        assertThat(rolesThatMay("POST", "/issues?dry-run=false")).containsExactly("reporter", "engineer");
    }

    /** Roles for which every command is allowed. */
    private List<String> rolesThatMay(String method, String path, String... headers) {
        List<String> allowed = new ArrayList<>();
        for (String role : ROLES) {
            Answer answer = send(
                    method, path, BodyPublishers.ofString(method.equals("POST") ? "{}" : ""), and(as(role), headers));
            if (answer.status() != 403) {
                assertThat(answer.status()).as(path).isNotIn(401, 405).isLessThan(500);
                allowed.add(role);
            } else if (!method.equals("HEAD")) {
                answer.isProblem(403, "forbidden");
            }
        }
        return allowed;
    }

    @Test
    void a_line_of_many_is_allowed_or_refused_for_itself() {
        String id = openedByAnEngineer();
        String lines = """
            {"command":"record-note","issueId":"%1$s","body":{"kind":"PROGRESS","text":"seen"}}
            {"command":"start-work","issueId":"%1$s"}
            {"command":"start-work","issueId":"no-such-issue","ifMatch":7,"body":[]}
            {"command":"dance","issueId":"%1$s"}
            {"command":"open-issue","body":{"title":"Slow","description":{"text":"5 s"}}}
            """.formatted(id);
        assertThat(statuses(lines, "reporter")).containsExactly(200, 403, 403, 404, 201);
        assertThat(statuses(lines, "engineer")).containsExactly(200, 200, 400, 404, 201);
        assertThat(recorded(id)).hasSize(4);
        assertThat(rolesThatMay("POST", "/commands")).containsExactly("reporter", "engineer");
    }

    private List<Integer> statuses(String lines, String role) {
        String[] headers = and(as(role), "Content-Type", "application/x-ndjson");
        return send("POST", "/commands", BodyPublishers.ofString(lines), headers)
                .is(200)
                .text()
                .lines()
                .map(line -> EventJson.MAPPER.readTree(line).path("status").intValue())
                .toList();
    }

    @Test
    void every_path_that_has_a_handler_has_a_rule() {
        assertThat(Mapped.withoutARule(rules, mappings)).isEmpty();
    }

    @Test
    void roles_add_up_and_no_role_gives_nothing() {
        String id = openedByAnEngineer();
        post("/issues/" + id + "/start-work", "{}", as("reporter", "engineer", "gardener"))
                .is(200);
        get("/actuator/info", as("reporter", "operator")).is(200);
        post("/issues/" + id + "/record-note", NOTE, as()).isProblem(403, "forbidden");
    }

    @Test
    void the_tokens_subject_is_the_actor_whatever_x_actor_says() {
        String id = newId();
        post(
                        "/issues",
                        OPENING.formatted(id),
                        and(bearer(ISSUER.token("Márta Lindqvist", "reporter")), "X-Actor", "eve"))
                .is(201);
        assertThat(metadata(id).actor()).isEqualTo("Márta Lindqvist");
        post("/issues/" + id + "/record-note", NOTE, and(as("reporter"), "X-Actor", "eve", "X-Actor", "mallory"))
                .is(200);
        assertThat(metadata(id).actor()).isEqualTo("mara");
    }

    @Test
    void a_refusal_is_kept_and_logged_under_the_tokens_subject_and_without_the_token() {
        String id = openedByAnEngineer();
        String token = ISSUER.token("rita", "reporter");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger all = (Logger) LoggerFactory.getLogger(CommandLog.NAME);
        all.addAppender(lines);
        all.setLevel(Level.INFO);
        try {
            post("/issues/" + id + "/close", "{}", and(bearer(token), "X-Actor", "eve"))
                    .is(403);
            post("/issues/" + id + "/close", "{}", and(bearer(token + "x"), "X-Actor", "eve"))
                    .is(401);
            long deadline = System.nanoTime() + 5_000_000_000L;
            while (refusals.read(0, 100, id, null, null, null).isEmpty()
                    || List.copyOf(lines.list).stream()
                            .noneMatch(line ->
                                    String.valueOf(line.getKeyValuePairs()).contains("outcome=\"401"))) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
        } finally {
            all.setLevel(Level.OFF);
            all.detachAppender(lines);
        }
        assertThat(refusals.read(0, 100, id, null, null, null))
                .extracting(RefusedCommand::actor, RefusedCommand::status)
                .containsExactly(tuple("rita", 403));
        assertThat(lines.list)
                .extracting(line -> line.getFormattedMessage() + line.getKeyValuePairs())
                .noneMatch(line -> line.contains(token) || line.contains("eve"))
                .anyMatch(line -> line.contains("actor=\"rita\"") && line.contains("403"))
                .anyMatch(line -> line.contains("actor=\"anonymous\"") && line.contains("401"));
    }

    @Test
    void a_bad_token_is_refused_and_told_why() throws Exception {
        for (Map.Entry<String, String> bad : BadTokens.of(ISSUER).entrySet()) {
            Answer answer = post("/issues", OPENING.formatted(newId()), bearer(bad.getValue()));
            assertThat(answer.status()).as(bad.getKey()).isEqualTo(401);
            answer.isProblem(401, "unauthenticated");
            assertThat(answer.header("WWW-Authenticate"))
                    .as(bad.getKey())
                    .matches("Bearer error=\"invalid_token\", error_description=\"[ !#-\\[\\]-~]+\"");
            if (bad.getValue().length() > 20) {
                assertThat(answer.text()).doesNotContain(bad.getValue());
            }
        }
    }

    @Test
    void elliptic_signatures_are_good_too() {
        get("/actuator/info", bearer(ISSUER.ellipticToken(ISSUER.claims("olga", "operator"))))
                .is(200);
    }

    @Test
    void no_token_is_asked_for_one() {
        for (String[] headers : List.of(
                new String[0], new String[] {"Authorization", "Basic bWFyYTpzZWNyZXQ="}, new String[] {"X-Actor", "mara"
                })) {
            Answer answer = post("/issues", OPENING.formatted(newId()), headers).isProblem(401, "unauthenticated");
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        }
        get("/actuator/prometheus?access_token=" + ISSUER.token("olga", "operator"))
                .isProblem(401, "unauthenticated");
    }

    @Test
    void without_a_token_no_answer_shows_whether_a_path_exists() {
        String id = openedByAnEngineer();
        String there = get("/issues/" + id + "/allowed-commands")
                .isProblem(401, "unauthenticated")
                .at("/detail");
        for (String path : List.of(
                "/issues/no-such-issue/allowed-commands",
                "/nothing",
                "/error",
                "/login",
                "/.well-known/oauth-protected-resource",
                "/issues/" + id + "/dance",
                "/issues/../actuator/health",
                "/issues/a;b=c/close",
                "/problems/a/../../actuator/prometheus")) {
            assertThat(get(path).isProblem(401, "unauthenticated").at("/detail"))
                    .as(path)
                    .isEqualTo(there);
        }
        assertThat(send("DELETE", "/issues/" + id, BodyPublishers.noBody())
                        .isProblem(401, "unauthenticated")
                        .at("/detail"))
                .isEqualTo(there);
    }

    @Test
    void odd_paths_are_answered_with_problems() {
        for (String path : List.of(
                "/nothing",
                "/error",
                "/issues/../issues",
                "/issues/%2e%2e/dance",
                "/issues//dance",
                "/./issues",
                "/issues/a%2fb/close",
                "/issues/a%00b/close",
                "/issues/a%0Ab/dance",
                "/issues/a%5cb/close")) {
            Answer answer = get(path, as("engineer"));
            assertThat(answer.status()).as(path).isIn(400, 404);
            answer.isProblem(answer.status(), answer.at("/type").replace("/problems/", ""));
        }
    }

    @Test
    void no_rule_is_evaded_by_another_spelling_of_its_path() {
        String id = openedByAnEngineer();
        for (String path : List.of(
                "/issues/" + id + "/cl%6Fse",
                "/issues/" + id + "/close;x=y",
                "/issues;x/" + id + "/close",
                "/issues/" + id + ";x/close",
                "/%69ssues/" + id + "/close")) {
            post(path, "{}", as("reporter")).isProblem(403, "forbidden");
        }
    }

    @Test
    void a_route_that_is_not_there_comes_before_the_role() {
        String id = openedByAnEngineer();
        post("/issues/" + id + "/dance", "{}", as("analyst")).isProblem(404, "unknown-command");
        post("/issues/" + id + "/open-issue", "{}", as("analyst")).isProblem(404, "unknown-command");
        post("/nothing", "{}", as("analyst")).isProblem(404, "not-found");
        get("/issues/" + id + "/close", as("analyst")).isProblem(405, "method-not-allowed");
        send("DELETE", "/issues", BodyPublishers.noBody(), as("analyst")).isProblem(405, "method-not-allowed");
        post("/issues/" + id + "/allowed-commands", "{}", as("analyst")).isProblem(405, "method-not-allowed");
    }

    @Test
    void the_role_comes_before_the_body_and_the_issue() {
        String id = openedByAnEngineer();
        for (String path : List.of("/issues/" + id + "/close", "/issues/no-such-issue/close", "/issues/-/close")) {
            send("POST", path, BodyPublishers.ofString("<a/>"), and(as("reporter"), "Content-Type", "text/xml"))
                    .isProblem(403, "forbidden");
            send("POST", path, BodyPublishers.ofString("{}"), and(as("reporter"), "Accept", "image/png"))
                    .isProblem(403, "forbidden");
            post(path + "?nonsense=1", "{", as("reporter")).isProblem(403, "forbidden");
            post(path, " ".repeat(2 << 20), as("reporter")).isProblem(403, "forbidden");
        }
        send(
                        "POST",
                        "/issues/" + id + "/close",
                        BodyPublishers.ofString("<a/>"),
                        and(as("engineer"), "Content-Type", "text/xml"))
                .isProblem(415, "unsupported-media-type");
    }

    @Test
    void health_and_documents_are_open_and_care_for_no_token() {
        for (String[] headers : List.of(new String[0], bearer("nonsense"))) {
            get("/actuator/health", headers).is(200);
            get("/actuator/health/readiness", headers).is(200);
            get("/actuator/health/liveness", headers).is(200);
            get("/template", headers).is(200);
            get("/v3/api-docs", headers).is(200);
            get("/v3/api-docs.yaml", headers).is(200);
            get("/swagger-ui.html", headers).is(302);
            get("/swagger-ui/index.html", headers).is(200);
            get("/swagger-ui/swagger-initializer.js", headers).is(200);
            post("/template", "{}", headers).isProblem(405, "method-not-allowed");
        }
        assertThat(get("/problems/malformed").status()).isNotIn(401, 403);
    }

    @Test
    void a_rotated_key_is_taken_at_once_and_the_one_before_no_longer() {
        String before = ISSUER.token("olga", "operator");
        get("/actuator/info", bearer(before)).is(200);
        ISSUER.rotates();
        get("/actuator/info", as("operator")).is(200);
        get("/actuator/info", bearer(before)).isProblem(401, "unauthenticated");
    }

    @Test
    void a_known_key_goes_on_and_an_unknown_one_has_to_wait_while_the_issuer_is_away() {
        String known = ISSUER.token("olga", "operator");
        get("/actuator/info", bearer(known)).is(200);
        ISSUER.goes();
        ISSUER.rotates();
        try {
            get("/actuator/info", bearer(known)).is(200);
            Answer answer = get("/actuator/info", as("operator")).isProblem(503, "http");
            assertThat(answer.header("Retry-After")).matches("\\d+");
        } finally {
            ISSUER.comes();
        }
        eventually(200, "/actuator/info", as("operator"));
    }

    private void eventually(int status, String path, String... headers) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (get(path, headers).status() != status) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    @Test
    void answers_to_tokens_are_kept_by_no_cache_and_sniffed_by_no_browser() {
        String id = openedByAnEngineer();
        for (Answer answer : List.of(
                get("/issues/" + id + "/allowed-commands", as("engineer")).is(200),
                get("/issues/" + id + "/allowed-commands", as("analyst")).is(403),
                get("/issues/" + id, as("analyst")).is(307),
                get("/nothing", as("engineer")).is(404),
                get("/actuator/prometheus", as("operator")).is(200),
                get("/issues/" + id).is(401))) {
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.headers()).doesNotContainKeys("server", "x-powered-by", "set-cookie");
        }
        assertThat(get("/actuator/health").headers()).doesNotContainKeys("cache-control", "server");
        assertThat(raw("GET /issues HTTP/1.1\nHost: a b", "").is(400).header("X-Content-Type-Options"))
                .isEqualTo("nosniff");
    }

    @Test
    void pages_and_names_of_other_hosts_are_as_good_as_their_tokens() {
        String id = openedByAnEngineer();
        post("/issues/" + id + "/record-note", NOTE, and(as("engineer"), "Origin", "https://page.example"))
                .is(200);
        assertThat(raw(
                                "GET /actuator/info HTTP/1.1\nHost: ledger.example\nAuthorization: Bearer "
                                        + ISSUER.token("olga", "operator"),
                                "")
                        .status())
                .isEqualTo(200);
    }
}
