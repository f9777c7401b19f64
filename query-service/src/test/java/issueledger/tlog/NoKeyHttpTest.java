package issueledger.tlog;

import static issueledger.query.Happenings.OPENED;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.EventLog;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.query.Query;
import issueledger.query.QueryService;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Without a signing key, as on MongoDB where none is given, there is nothing to prove with. */
@SpringBootTest(
        classes = {QueryService.class, NoKeyHttpTest.NoKey.class},
        webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class NoKeyHttpTest {
    private static final Path DIRECTORY = QueryServiceTest.directory();

    @LocalServerPort
    private int port;

    @TestConfiguration
    static class NoKey {
        @Bean
        @Primary
        LogKeys none() {
            return LogKeys.NONE;
        }
    }

    @DynamicPropertySource
    static void readALog(DynamicPropertyRegistry properties) {
        try (EventLog log = SqliteEventLog.open(DIRECTORY.resolve("events.db"), Clock.systemUTC())) {
            new Recorder(log).record("i-1", OPENED);
        }
        properties.add("issue-ledger.data-dir", DIRECTORY::toString);
    }

    @Test
    void every_path_of_the_transparency_log_says_so() {
        Query query = new Query(port);
        assertThat(query.get("/issues/i-1", "Ledger-Min-Position", "1").status())
                .isEqualTo(200);
        for (String path : List.of(
                "/tlog/checkpoint",
                "/tlog/key",
                "/tlog/tile/0/000.p/1",
                "/tlog/tile/entries/000.p/1",
                "/issues/i-1/events/1/proof",
                "/issues/i-1/proof")) {
            query.get(path).isProblem(404, "not-found");
        }
        query.get("/issues/i-1/events/2/proof").isProblem(404, "unknown-version");
        query.get("/issues/i-2/proof").isProblem(404, "unknown-issue");
        assertThat(query.get("/audit/checkpoints").items()).isEmpty();
        assertThat(query.get("/audit/export").body().lines().findFirst().orElseThrow())
                .endsWith("\"checkpoint\":null}");
        assertThat(query.get("/audit/verify").json().get("ok").asBoolean()).isTrue();
        assertThat(query.get("/actuator/health")
                        .json()
                        .at("/components/tlog/status")
                        .asString())
                .isEqualTo("UP");
        assertThat(DIRECTORY.resolve("checkpoints.db")).doesNotExist();
    }
}
