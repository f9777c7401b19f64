package issueledger.query;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import issueledger.access.BadTokens;
import issueledger.access.Issuer;
import issueledger.access.Mapped;
import issueledger.access.Rules;
import issueledger.log.EventLog;
import issueledger.log.StoppedClock;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.query.Query.Answer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** A query service that asks for tokens, and finds their issuer's keys by its metadata. */
@SpringBootTest(classes = QueryService.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class TokensHttpTest {
    private static final Issuer ISSUER = Issuer.there();
    private static final List<String> ROLES =
            List.of("reporter", "engineer", "analyst", "auditor", "operator", "admin");
    private static final Path DIRECTORY = QueryServiceTest.directory();
    private static final EventLog LOG =
            SqliteEventLog.open(DIRECTORY.resolve("events.db"), new StoppedClock("2026-03-01T08:00:00Z"));
    private static final long HEAD =
            new Recorder(LOG).record("i-1", OPENED, STARTED).last();

    @LocalServerPort
    private int port;

    @Autowired
    private Rules rules;

    @Autowired
    private Collection<RequestMappingInfoHandlerMapping> mappings;

    private Query query;

    @DynamicPropertySource
    static void askForTokens(DynamicPropertyRegistry properties) {
        properties.add("issue-ledger.data-dir", DIRECTORY::toString);
        properties.add("issue-ledger.jwt-issuer", ISSUER::url);
        properties.add("issue-ledger.roles-claim", () -> "realm_access.roles");
    }

    @AfterAll
    static void close() {
        LOG.close();
        ISSUER.close();
    }

    @BeforeEach
    void ask() {
        query = new Query(port);
        assertThat(query.get("/projections", with("operator", "Ledger-Min-Position", Long.toString(HEAD)))
                        .status())
                .isEqualTo(200);
    }

    private static String token(String role) {
        JWTClaimsSet.Builder claims = ISSUER.claims("mara").claim("realm_access", Map.of("roles", List.of(role)));
        return ISSUER.token(claims);
    }

    /** Clocks may differ by 5 s: a token that ended 1 s ago is good for 4 s. */
    @Test
    void a_stream_ends_with_its_token() {
        String ending = ISSUER.token(ISSUER.claims("mara")
                .claim("realm_access", Map.of("roles", List.of("engineer")))
                .expirationTime(Date.from(Instant.now().minusSeconds(1))));

        Answer stream = query.get("/events/stream", "Authorization", "Bearer " + ending);

        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.body()).contains("id: 1\n", "id: " + HEAD + "\n");
        query.get("/events/stream", "Authorization", "Bearer " + ending).isProblem(401, "unauthenticated");
    }

    private static String[] with(String role, String... more) {
        List<String> headers = new ArrayList<>(List.of("Authorization", "Bearer " + token(role)));
        headers.addAll(Arrays.asList(more));
        return headers.toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /issues, reporter engineer analyst auditor",
        "HEAD, /issues, reporter engineer analyst auditor",
        "GET, /issues?status=OPEN, reporter engineer analyst auditor",
        "GET, /issues/i-1, reporter engineer analyst auditor",
        "GET, /issues/i-1?version=1, reporter engineer analyst auditor",
        "GET, /issues/i-1/timeline, reporter engineer analyst auditor",
        "GET, /issues/i-1/metrics, reporter engineer analyst auditor",
        "GET, /issues/i-1/events, engineer auditor",
        "HEAD, /issues/i-1/events, engineer auditor",
        "GET, /%69ssues/i-1/event%73, engineer auditor",
        "GET, /events, engineer auditor",
        "HEAD, /events/stream, engineer auditor",
        "GET, /analytics/summary, analyst auditor",
        "HEAD, /analytics/flow, analyst auditor",
        "GET, /analytics/quality?label=api, analyst auditor",
        "GET, /audit/head, auditor",
        "GET, /audit/checkpoints, auditor",
        "GET, /tlog/checkpoint, auditor",
        "GET, /tlog/key, auditor",
        "GET, /tlog/tile/0/000.p/1, auditor",
        "GET, /tlog/witnesses, auditor",
        "GET, /issues/i-1/proof, auditor",
        "GET, /issues/i-1/events/1/proof, auditor",
        "GET, /projections, auditor operator",
        "GET, /actuator, operator",
        "GET, /actuator/info, operator",
        "GET, /actuator/prometheus, operator"
    })
    void each_path_is_for_those_of_the_table_alone(String method, String path, String roles) {
        List<String> allowed = new ArrayList<>();
        for (String role : ROLES) {
            Answer answer = query.send(method, path, with(role)).join();
            assertThat(answer.status()).as(path).isIn(200, 403);
            if (answer.status() == 200) {
                allowed.add(role);
            } else if (!method.equals("HEAD")) {
                answer.isProblem(403, "forbidden");
            }
        }
        assertThat(String.join(" ", allowed)).isEqualTo(roles);
        assertThat(query.send(method, path).join().status()).isEqualTo(401);
    }

    @Test
    void no_rule_is_evaded_by_parameters_in_its_path() {
        query.get("/issues;a=b/i-1;c/events;d", with("reporter")).isProblem(403, "forbidden");
        query.get("/issues;a=b/i-1;c/events;d", with("engineer")).isProblem(400, "malformed");
    }

    @Test
    void every_path_that_has_a_handler_has_a_rule() {
        assertThat(Mapped.withoutARule(rules, mappings)).isEmpty();
    }

    @Test
    void lines_and_pages_are_streamed_to_their_end() {
        assertThat(query.get("/events", with("engineer", "Accept", "application/x-ndjson"))
                        .body()
                        .lines())
                .hasSize(2);
        assertThat(query.get("/events", with("auditor")).items()).hasSize(2);
    }

    @Test
    void a_bad_token_is_refused_and_told_why() throws Exception {
        Map<String, String> bad = BadTokens.of(ISSUER);
        // No audience is configured here.
        bad.keySet().removeAll(List.of("for another audience", "for no audience"));
        for (Map.Entry<String, String> token : bad.entrySet()) {
            Answer answer = query.get("/issues", "Authorization", "Bearer " + token.getValue());
            assertThat(answer.status()).as(token.getKey()).isEqualTo(401);
            answer.isProblem(401, "unauthenticated");
            assertThat(answer.header("WWW-Authenticate"))
                    .as(token.getKey())
                    .matches("Bearer error=\"invalid_token\", error_description=\"[ !#-\\[\\]-~]+\"");
        }
    }

    @Test
    void neither_401_nor_403_tells_whether_an_issue_exists() {
        for (String path : List.of("/issues/%s/events", "/issues/%s/events?after=-1", "/issues/%s/events?no=1")) {
            assertThat(told(query.get(path.formatted("i-1"), with("reporter")).isProblem(403, "forbidden")))
                    .isEqualTo(told(query.get(path.formatted("i-2"), with("reporter"))));
            assertThat(told(query.get(path.formatted("i-1")).isProblem(401, "unauthenticated")))
                    .isEqualTo(told(query.get(path.formatted("i-2"))));
        }
    }

    private static String told(Answer answer) {
        return answer.status()
                + answer.header("WWW-Authenticate")
                + answer.json().get("title")
                + answer.json().get("detail");
    }

    @Test
    void the_token_comes_before_the_route_and_the_route_before_the_role() {
        query.get("/nothing").isProblem(401, "unauthenticated");
        query.get("/nothing", with("operator")).isProblem(404, "not-found");
        query.send("POST", "/issues").join().isProblem(401, "unauthenticated");
        query.send("POST", "/issues", with("operator")).join().isProblem(405, "method-not-allowed");
        query.get("/issues/../nothing", with("reporter")).isProblem(404, "not-found");
    }

    @Test
    void a_request_that_is_refused_does_not_wait_for_a_position() {
        long before = System.nanoTime();
        query.get("/events", with("reporter", "Ledger-Min-Position", "1000000")).isProblem(403, "forbidden");
        assertThat(System.nanoTime() - before).isLessThan(4_000_000_000L);
    }

    @Test
    void health_and_documents_are_open_and_care_for_no_token() {
        assertThat(query.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(query.get("/actuator/health", "Authorization", "Bearer nonsense")
                        .status())
                .isEqualTo(200);
        for (String path : List.of(
                "/problems/malformed",
                "/template",
                "/v3/api-docs",
                "/v3/api-docs.yaml",
                "/swagger-ui/index.html",
                "/swagger-ui/swagger-initializer.js")) {
            assertThat(query.get(path).status()).as(path).isEqualTo(200);
            assertThat(query.get(path, "Authorization", "Bearer nonsense").status())
                    .as(path)
                    .isEqualTo(200);
        }
        query.get("/tlog/checkpoint").isProblem(401, "unauthenticated");
    }

    @Test
    void an_answer_is_kept_by_no_cache_and_its_version_can_be_asked_for_all_the_same() {
        Answer whole = query.get("/issues/i-1", with("reporter"));
        assertThat(whole.header("Cache-Control")).isEqualTo("no-store");
        assertThat(whole.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(whole.headers().map()).doesNotContainKeys("server", "set-cookie");
        Answer unchanged = query.get("/issues/i-1", with("reporter", "If-None-Match", whole.header("ETag")));
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.header("ETag")).isEqualTo(whole.header("ETag"));
    }

    @Test
    void a_rotated_key_is_taken_at_once_and_the_one_before_no_longer() {
        String[] before = with("reporter");
        assertThat(query.get("/issues", before).status()).isEqualTo(200);
        ISSUER.rotates();
        assertThat(query.get("/issues", with("reporter")).status()).isEqualTo(200);
        query.get("/issues", before).isProblem(401, "unauthenticated");
    }
}
