package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

/** The page of the query service may read the answers; no other page may. */
class PageOriginTest extends OverHttp {
    /** The query port of the default configuration, on the host that the tests ask. */
    static final String PAGE = "http://127.0.0.1:8081";

    private Answer preflight(String origin) {
        return send(
                "OPTIONS",
                "/issues/i-1/record-note",
                BodyPublishers.noBody(),
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "POST",
                "Access-Control-Request-Headers",
                "content-type,if-match,idempotency-key");
    }

    @Test
    void a_preflight_of_the_page_is_answered_with_the_methods_and_headers_of_the_contract() {
        Answer answer = preflight(PAGE).is(204);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(PAGE);
        assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("GET, HEAD, POST");
        assertThat(answer.header("Access-Control-Allow-Headers"))
                .isEqualTo("Authorization, Content-Type, If-Match, Idempotency-Key, X-Actor, Prefer");
        assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(answer.header("Vary")).isEqualTo("Origin");
    }

    @Test
    void a_preflight_of_another_origin_is_told_nothing() {
        for (String origin :
                new String[] {"http://127.0.0.1:8082", "http://localhost:8081", "https://127.0.0.1:8081"}) {
            Answer answer = preflight(origin).is(200);
            assertThat(answer.header("Access-Control-Allow-Origin")).as(origin).isEmpty();
            assertThat(answer.header("Access-Control-Allow-Headers")).as(origin).isEmpty();
            assertThat(answer.header("Vary")).isEqualTo("Origin");
        }
        preflight("https://elsewhere.example").isProblem(403, "forbidden");
    }

    @Test
    void answers_and_problems_can_be_read_by_the_page_alone() {
        String id = opened();
        Answer accepted =
                post("/issues/" + id + "/record-note", NOTE, "Origin", PAGE).is(200);
        assertThat(accepted.header("Access-Control-Allow-Origin")).isEqualTo(PAGE);
        assertThat(accepted.header("Access-Control-Expose-Headers"))
                .isEqualTo("ETag, Location, Ledger-Position, Idempotent-Replayed, Retry-After");
        Answer refused = post("/issues/" + id + "/reopen", "{\"reason\":\"slow\"}", "Origin", PAGE);
        assertThat(refused.isProblem(409, "rejected").header("Access-Control-Allow-Origin"))
                .isEqualTo(PAGE);
        assertThat(get("/nothing", "Origin", PAGE).isProblem(404, "not-found").header("Access-Control-Allow-Origin"))
                .isEqualTo(PAGE);
        assertThat(get("/issues/a;b", "Origin", PAGE)
                        .isProblem(400, "malformed")
                        .header("Access-Control-Allow-Origin"))
                .isEqualTo(PAGE);
        assertThat(get("/issues/" + id + "/allowed-commands", "Origin", "http://127.0.0.1:9")
                        .is(200)
                        .header("Access-Control-Allow-Origin"))
                .isEmpty();
    }

    @Test
    void the_root_leads_to_the_page_of_the_query_service() {
        Answer answer = get("/").is(307);
        assertThat(answer.header("Location")).isEqualTo(PAGE + "/ui/");
    }
}
