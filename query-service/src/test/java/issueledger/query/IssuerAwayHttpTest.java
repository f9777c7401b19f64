package issueledger.query;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.access.Issuer;
import issueledger.query.Query.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A query service that starts before its tokens' issuer. */
@SpringBootTest(classes = QueryService.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext
class IssuerAwayHttpTest {
    private static final Issuer ISSUER = Issuer.away();

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void askForTokens(DynamicPropertyRegistry properties) {
        String directory = QueryServiceTest.directory().toString();
        properties.add("issue-ledger.data-dir", () -> directory);
        properties.add("issue-ledger.jwt-issuer", ISSUER::url);
    }

    @Test
    void the_service_starts_says_that_it_waits_and_goes_on_when_the_issuer_comes(CapturedOutput output) {
        Query query = new Query(port);
        assertThat(query.get("/actuator/health/readiness").status()).isEqualTo(200);
        String[] headers = {"Authorization", "Bearer " + ISSUER.token("olga", "operator")};
        Answer answer = query.get("/projections", headers).isProblem(503, "http");
        assertThat(answer.header("Retry-After")).matches("\\d+");
        assertThat(answer.header("WWW-Authenticate")).isEmpty();
        query.get("/projections").isProblem(401, "unauthenticated");
        assertThat(output)
                .containsOnlyOnce("The keys of " + ISSUER.url() + " cannot be fetched, and are waited for: ")
                .doesNotContain(headers[1]);

        ISSUER.comes();
        try (ISSUER) {
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (query.get("/projections", headers).status() == 503) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
            assertThat(query.get("/projections", headers).status()).isEqualTo(200);
        }
    }
}
