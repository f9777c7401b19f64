package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.access.Issuer;
import org.junit.jupiter.api.Test;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A command service that starts before its tokens' issuer. */
@DirtiesContext
class IssuerAwayTest extends OverHttp {
    private static final Issuer ISSUER = Issuer.away();

    @DynamicPropertySource
    static void askForTokens(DynamicPropertyRegistry properties) {
        properties.add("issue-ledger.jwk-set-uri", ISSUER::jwkSetUri);
    }

    @Test
    void no_command_is_lost_or_taken_on_trust_until_the_issuer_comes() {
        String id = newId();
        String[] headers = {"Authorization", "Bearer " + ISSUER.token("rita", "reporter")};
        get("/actuator/health/readiness").is(200);
        Answer answer = post("/issues", OPENING.formatted(id), headers).isProblem(503, "http");
        assertThat(answer.header("Retry-After")).matches("\\d+");
        post("/issues", OPENING.formatted(id)).isProblem(401, "unauthenticated");
        assertThat(recorded(id)).isEmpty();

        ISSUER.comes();
        try (ISSUER) {
            long deadline = System.nanoTime() + 30_000_000_000L;
            Answer later = post("/issues", OPENING.formatted(id), headers);
            while (later.status() == 503) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                later = post("/issues", OPENING.formatted(id), headers);
            }
            later.is(201);
        }
        assertThat(metadata(id).actor()).isEqualTo("rita");
    }
}
