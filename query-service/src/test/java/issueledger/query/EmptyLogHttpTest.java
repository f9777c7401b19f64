package issueledger.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A query service at its very first start. */
@SpringBootTest(classes = QueryService.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class EmptyLogHttpTest {
    @LocalServerPort
    private int port;

    private Query query;

    @DynamicPropertySource
    static void readAnEmptyLog(DynamicPropertyRegistry properties) {
        String directory = QueryServiceTest.directory().toString();
        properties.add("issue-ledger.data-dir", () -> directory);
    }

    @BeforeEach
    void ask() {
        query = new Query(port);
    }

    @Test
    void an_empty_log_has_a_head_too() {
        assertThat(query.get("/audit/head").body())
                .isEqualTo("{\"position\":0,\"hash\":\"%s\",\"events\":0,\"commits\":0,\"recordedAt\":null}"
                        .formatted("0".repeat(64)));
    }

    @Test
    void an_empty_log_has_no_issues_and_no_events() {
        assertThat(query.get("/issues").body()).isEqualTo("{\"items\":[],\"nextCursor\":null}");
        assertThat(query.get("/events").body()).isEqualTo("{\"items\":[],\"nextCursor\":null}");
        assertThat(query.get("/events").header("Ledger-Position")).isEqualTo("0");
    }

    @Test
    void an_empty_log_is_exported_as_a_head_without_events() {
        for (String part : List.of("", "?from=1", "?from=7&to=9", "?to=0")) {
            assertThat(query.get("/audit/export" + part).body())
                    .isEqualTo(
                            "{\"format\":\"issue-ledger/export/v2\",\"from\":1,\"to\":0,\"previousHash\":\"%1$s\",\"hash\":\"%1$s\",\"checkpoint\":null}\n"
                                    .formatted("0".repeat(64)));
        }
    }

    @Test
    void an_empty_log_is_caught_up_with_at_once() {
        assertThat(query.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(query.get("/projections").body())
                .contains("{\"name\":\"issues\",\"position\":0,\"head\":0,\"lag\":0,\"parked\":0}");
    }
}
