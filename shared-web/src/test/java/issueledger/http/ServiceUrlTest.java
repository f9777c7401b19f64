package issueledger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.startup.StartupFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class ServiceUrlTest {
    private static MockHttpServletRequest asked(String scheme, String host) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setScheme(scheme);
        request.setServerName(host);
        return request;
    }

    @Test
    void by_default_it_is_the_port_on_the_host_that_was_asked() {
        ServiceUrl url = ServiceUrl.of("ISSUE_LEDGER_QUERY_URL", "", 8081);
        assertThat(url.base(asked("http", "localhost"))).isEqualTo("http://localhost:8081");
        assertThat(url.origin(asked("http", "127.0.0.1"))).isEqualTo("http://127.0.0.1:8081");
        assertThat(url.origin(asked("http", "[::1]"))).isEqualTo("http://[::1]:8081");
        assertThat(ServiceUrl.of("ISSUE_LEDGER_QUERY_URL", "", 80).origin(asked("http", "Host")))
                .isEqualTo("http://host");
    }

    @ParameterizedTest
    @CsvSource({
        "https://ledger.example, https://ledger.example, https://ledger.example",
        "https://Ledger.example:443/, https://ledger.example, https://ledger.example",
        "http://ledger.example:443, http://ledger.example:443, http://ledger.example:443",
        "HTTPS://ledger.example:8443/queries//, https://ledger.example:8443, https://ledger.example:8443/queries"
    })
    void a_configured_one_has_the_origin_that_a_browser_writes(String value, String origin, String base) {
        ServiceUrl url = ServiceUrl.of("ISSUE_LEDGER_QUERY_URL", value, 8081);
        assertThat(url.origin(asked("http", "localhost"))).isEqualTo(origin);
        assertThat(url.base(asked("http", "localhost"))).isEqualTo(base);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ledger.example",
                "//ledger.example",
                "ftp://ledger.example",
                "http:///issues",
                "http://a b",
                "https://user@ledger.example",
                "https://ledger.example?x=1",
                "https://ledger.example#x"
            })
    void another_one_is_refused_at_the_start(String value) {
        assertThatThrownBy(() -> ServiceUrl.of("ISSUE_LEDGER_COMMAND_URL", value, 8080))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("ISSUE_LEDGER_COMMAND_URL=" + value);
    }
}
