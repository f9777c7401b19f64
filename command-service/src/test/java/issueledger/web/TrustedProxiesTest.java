package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A command service behind a proxy on this machine. */
@DirtiesContext
class TrustedProxiesTest extends OverHttp {

    @DynamicPropertySource
    static void trustThisMachine(DynamicPropertyRegistry properties) {
        properties.add("issue-ledger.trusted-proxies", () -> "127.0.0.1, ::1");
    }

    @Test
    void the_scheme_and_the_host_are_those_that_the_client_asked_for() {
        String[] forwarded = {
            "X-Forwarded-For", "203.0.113.7", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "localhost"
        };
        assertThat(get("/issues/slow-orders", forwarded).is(307).header("Location"))
                .isEqualTo("https://localhost:8081/issues/slow-orders");
        assertThat(get("/issues/slow-orders").is(307).header("Location"))
                .isEqualTo("http://127.0.0.1:8081/issues/slow-orders");
    }
}
