package issueledger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.startup.Settings;
import issueledger.startup.StartupFailure;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class LoopbackTest {

    @Test
    void beyond_loopback_without_tokens_does_not_start_and_says_what_to_set() {
        assertThatThrownBy(() -> loopback("ISSUE_LEDGER_BIND", "0.0.0.0"))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("ISSUE_LEDGER_BIND=0.0.0.0 is not a loopback address")
                .hasMessageContaining("ISSUE_LEDGER_JWT_ISSUER")
                .hasMessageContaining("ISSUE_LEDGER_JWK_SET_URI")
                .hasMessageContaining("ISSUE_LEDGER_ALLOW_UNAUTHENTICATED=true");
    }

    @Test
    void beyond_loopback_starts_with_tokens_or_with_leave() {
        assertThatCode(() ->
                        loopback("ISSUE_LEDGER_BIND", "0.0.0.0", "ISSUE_LEDGER_JWT_ISSUER", "https://issuer.example"))
                .doesNotThrowAnyException();
        assertThatCode(() -> loopback(
                        "ISSUE_LEDGER_BIND", "0.0.0.0", "ISSUE_LEDGER_JWK_SET_URI", "https://issuer.example/keys"))
                .doesNotThrowAnyException();
        assertThatCode(() -> loopback("ISSUE_LEDGER_BIND", "0.0.0.0", "ISSUE_LEDGER_ALLOW_UNAUTHENTICATED", "true"))
                .doesNotThrowAnyException();
    }

    @Test
    void names_and_pages_of_other_hosts_are_refused_on_loopback_without_tokens() throws Exception {
        Loopback loopback = loopback();
        assertThat(status(loopback, "localhost", null)).isEqualTo(200);
        assertThat(status(loopback, "[::1]", "http://localhost:3000")).isEqualTo(200);
        assertThat(status(loopback, "rebound.example", null)).isEqualTo(400);
        assertThat(status(loopback, "localhost", "https://page.example")).isEqualTo(403);
        assertThat(status(loopback, "localhost", "null")).isEqualTo(403);
    }

    @Test
    void with_tokens_any_name_and_origin_will_do() throws Exception {
        Loopback loopback = loopback("ISSUE_LEDGER_JWT_ISSUER", "https://issuer.example");
        assertThat(status(loopback, "ledger.example", "https://page.example")).isEqualTo(200);
    }

    /** @param variables names and values in turn */
    private static Loopback loopback(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new Loopback(Settings.of(environment));
    }

    private static int status(Loopback loopback, String host, String origin) throws ServletException, IOException {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/issues");
        request.setServerName(host);
        if (origin != null) {
            request.addHeader("Origin", origin);
        }
        MockHttpServletResponse response = new MockHttpServletResponse();
        loopback.doFilter(request, response, new MockFilterChain());
        return response.getStatus();
    }
}
