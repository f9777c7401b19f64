package issueledger.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @Test
    void an_unset_variable_has_its_default() {
        Settings settings = Settings.of(Map.of());
        assertThat(settings.dataDirectory()).isEqualTo(Path.of("./data"));
        assertThat(settings.commandPort()).isEqualTo(8080);
        assertThat(settings.queryPort()).isEqualTo(8081);
        assertThat(settings.bind()).isEqualTo("127.0.0.1");
        assertThat(settings.refusalsDays()).isEqualTo(90);
        assertThat(settings.diskMegabytes()).isEqualTo(1024);
        assertThat(settings.rolesClaim()).isEqualTo("roles");
        assertThat(settings.hasTokens()).isFalse();
        assertThat(settings.isOnMongo()).isFalse();
    }

    @Test
    void an_empty_variable_counts_as_unset() {
        Settings settings = Settings.of(Map.of("ISSUE_LEDGER_BIND", "", "ISSUE_LEDGER_COMMAND_PORT", " "));
        assertThat(settings.bind()).isEqualTo("127.0.0.1");
        assertThat(settings.commandPort()).isEqualTo(8080);
    }

    @ParameterizedTest
    @CsvSource({
        "ISSUE_LEDGER_DATADIR, ISSUE_LEDGER_DATA_DIR",
        "ISSUE_LEDGER_COMMANDPORT, ISSUE_LEDGER_COMMAND_PORT",
        "ISSUE_LEDGER_MONGO_URI, ISSUE_LEDGER_MONGODB_URI",
        "ISSUE_LEDGER_HEAP, ISSUE_LEDGER_HEAP_MB",
        "ISSUE_LEDGER_JWT_ISUER, ISSUE_LEDGER_JWT_ISSUER",
        "ISSUE_LEDGER_DEMOS, ISSUE_LEDGER_BIND",
        "ISSUE_LEDGER_data_dir, ISSUE_LEDGER_DATA_DIR"
    })
    void an_unknown_variable_is_refused_with_the_nearest_known_one(String unknown, String nearest) {
        assertRefused(unknown, "x", unknown + " is no variable of Issue Ledger; the nearest one is ");
        if (!unknown.equals("ISSUE_LEDGER_DEMOS")) { // DEMO itself is for ./run alone.
            assertRefused(unknown, "x", "the nearest one is " + nearest + ".");
        } else {
            assertThatThrownBy(() -> Settings.of(Map.of(unknown, "x")))
                    .message()
                    .doesNotContain("ISSUE_LEDGER_DEMO.");
        }
    }

    @Test
    void variables_of_tests_and_of_others_pass() {
        assertThat(Settings.of(Map.of("ISSUE_LEDGER_TEST_MONGODB_URI", "x", "ISSUELEDGER", "x", "PATH", "x")))
                .isEqualTo(Settings.of(Map.of()));
    }

    @Test
    void a_service_link_of_kubernetes_is_refused_with_the_remedy() {
        assertRefused("ISSUE_LEDGER_QUERY_SERVICE_HOST", "10.0.0.1", "enableServiceLinks: false");
        assertRefused("ISSUE_LEDGER_PORT_8080_TCP_ADDR", "10.0.0.1", "enableServiceLinks: false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "99999", "65536", "abc", "-1", "8080.5", "+80", "00000000008080"})
    void a_port_is_one(String bad) {
        assertRefused(
                "ISSUE_LEDGER_COMMAND_PORT",
                bad,
                "ISSUE_LEDGER_COMMAND_PORT=" + bad + " is no port from 1 to 65535, such as 8080.");
        assertRefused("ISSUE_LEDGER_QUERY_PORT", bad, "such as 8081.");
    }

    @Test
    void both_services_need_a_port_of_their_own() {
        assertThatThrownBy(() -> Settings.of(Map.of("ISSUE_LEDGER_QUERY_PORT", "8080")))
                .isInstanceOf(StartupFailure.class)
                .hasMessage("ISSUE_LEDGER_COMMAND_PORT and ISSUE_LEDGER_QUERY_PORT are both 8080: each service needs a"
                        + " port of its own.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10", "255", "abc", "1.5g", "9999999999"})
    void the_heap_is_a_number_of_megabytes(String bad) {
        assertRefused(
                "ISSUE_LEDGER_HEAP_MB",
                bad,
                "ISSUE_LEDGER_HEAP_MB=" + bad + " is no number of megabytes from 256 to 1048576, such as 1152.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "1.5", "100000"})
    void the_days_are_a_number(String bad) {
        assertRefused("ISSUE_LEDGER_REFUSALS_DAYS", bad, "ISSUE_LEDGER_REFUSALS_DAYS=" + bad);
    }

    @ParameterizedTest
    @ValueSource(strings = {"300.1.1.1", "1.2.3", "8.8.8.8", "::g", "2001:db8::1"})
    void the_address_is_one_of_this_machine(String bad) {
        assertRefused("ISSUE_LEDGER_BIND", bad, "ISSUE_LEDGER_BIND=" + bad + " is not an address of this machine.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "localhost"})
    void an_address_of_this_machine_passes(String good) {
        assertThat(Settings.of(Map.of("ISSUE_LEDGER_BIND", good)).bind()).isEqualTo(good);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ja", "yes", "1", "TRUE"})
    void a_flag_is_true_or_false(String bad) {
        assertRefused(
                "ISSUE_LEDGER_ALLOW_UNAUTHENTICATED",
                bad,
                "ISSUE_LEDGER_ALLOW_UNAUTHENTICATED=" + bad + " is neither true nor false.");
        assertRefused("ISSUE_LEDGER_COMMAND_LOG", bad, "ISSUE_LEDGER_COMMAND_LOG");
        assertRefused("ISSUE_LEDGER_TLOG_PUBLIC", bad, "ISSUE_LEDGER_TLOG_PUBLIC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "ftp://host", "http://", "http:///path", "http://a b", "http://host:99999"})
    void a_url_is_one(String bad) {
        for (String variable : new String[] {"QUERY_URL", "COMMAND_URL", "JWT_ISSUER", "JWK_SET_URI"}) {
            assertRefused("ISSUE_LEDGER_" + variable, bad, "ISSUE_LEDGER_" + variable + "=" + bad + " ");
        }
    }

    @Test
    void a_password_in_a_url_is_not_told() {
        assertThatThrownBy(() -> Settings.of(Map.of("ISSUE_LEDGER_QUERY_URL", "ftp://mara:secret@host/")))
                .message()
                .contains("ISSUE_LEDGER_QUERY_URL=ftp://…@host/ is not an http or https address without user, query and"
                        + " fragment.")
                .doesNotContain("secret");
    }

    @Test
    void an_audience_needs_somebody_who_signs() {
        assertRefused("ISSUE_LEDGER_JWT_AUDIENCE", "ledger", "ISSUE_LEDGER_JWT_AUDIENCE is set");
        assertThat(Settings.of(Map.of(
                                "ISSUE_LEDGER_JWT_AUDIENCE",
                                "ledger",
                                "ISSUE_LEDGER_JWK_SET_URI",
                                "https://id.example/keys"))
                        .hasTokens())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "10.0.0.7", "10.0.0.7, 2001:db8::/32", "::1"})
    void trusted_proxies_are_addresses_and_networks(String good) {
        assertThat(Settings.of(Map.of("ISSUE_LEDGER_TRUSTED_PROXIES", good)).trustedProxies())
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/x", "10.0.0.0/8 10.1.0.0/16", "*"})
    void other_proxies_are_refused(String bad) {
        assertRefused("ISSUE_LEDGER_TRUSTED_PROXIES", bad, "ISSUE_LEDGER_TRUSTED_PROXIES=" + bad + " names ");
    }

    @Test
    void an_unknown_profile_is_refused() {
        assertThatThrownBy(() -> Settings.of(Map.of("SPRING_PROFILES_ACTIVE", "json-log")))
                .isInstanceOf(StartupFailure.class)
                .hasMessage("SPRING_PROFILES_ACTIVE=json-log is no profile of Issue Ledger; the nearest one is"
                        + " json-logs.");
        assertThat(Settings.of(Map.of("SPRING_PROFILES_ACTIVE", "json-logs"))).isNotNull();
    }

    @Test
    void all_mistakes_are_named_at_once() {
        assertThatThrownBy(() -> Settings.of(Map.of("ISSUE_LEDGER_DATADIR", "x", "ISSUE_LEDGER_QUERY_PORT", "abc")))
                .message()
                .contains("ISSUE_LEDGER_DATADIR")
                .contains("ISSUE_LEDGER_QUERY_PORT=abc");
    }

    private static void assertRefused(String variable, String value, String sentence) {
        assertThatThrownBy(() -> Settings.of(Map.of(variable, value)))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(sentence);
    }
}
