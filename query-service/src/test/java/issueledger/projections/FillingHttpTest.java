package issueledger.projections;

import static issueledger.query.Happenings.OPENED;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.EventLog;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.query.Query;
import issueledger.query.Query.Answer;
import issueledger.query.QueryService;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A query service whose views are not filled yet. */
@SpringBootTest(
        classes = {QueryService.class, FillingHttpTest.SlowViews.class},
        webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class FillingHttpTest {
    private static final CountDownLatch GO = new CountDownLatch(1);

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void readALogOfOneEvent(DynamicPropertyRegistry properties) {
        Path directory = QueryServiceTest.directory();
        try (EventLog log = SqliteEventLog.open(directory.resolve("events.db"), Clock.systemUTC())) {
            new Recorder(log).record("i-1", OPENED);
        }
        properties.add("issue-ledger.data-dir", directory::toString);
    }

    @TestConfiguration
    static class SlowViews {
        @Bean
        Projection slow() {
            return new Projection() {
                @Override
                public String name() {
                    return "slow";
                }

                @Override
                public int version() {
                    return 1;
                }

                @Override
                public ReadModel open(Generation generation) {
                    return events -> {
                        try {
                            GO.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            throw new IllegalStateException(e);
                        }
                        return NOTHING;
                    };
                }

                @Override
                public void serve(ReadModel model) {}
            };
        }
    }

    private static final ReadModel.Changes NOTHING = new ReadModel.Changes() {
        @Override
        public List<ReadModel.Failure> failures() {
            return List.of();
        }

        @Override
        public void write() {}
    };

    @Test
    void a_service_is_out_of_service_until_its_views_hold_what_the_log_held_at_the_start() {
        Query query = new Query(port);

        Answer filling = query.get("/actuator/health/readiness");
        assertThat(filling.status()).isEqualTo(503);
        assertThat(filling.json().get("status").asString()).isEqualTo("OUT_OF_SERVICE");
        assertThat(query.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(query.get("/issues").header("Ledger-Position")).isEqualTo("0");
        assertThat(query.get("/projections").body())
                .contains("{\"name\":\"slow\",\"position\":0,\"head\":1,\"lag\":1,\"parked\":0}");

        Answer missing = query.get("/issues/not-folded-yet");
        assertThat(missing.status()).isEqualTo(503);
        assertThat(missing.json().get("type").asString()).isEqualTo("/problems/not-yet");
        assertThat(missing.header("Retry-After")).isEqualTo("1");

        GO.countDown();

        assertThat(query.get("/issues/i-1", "Ledger-Min-Position", "1").status())
                .isEqualTo(200);
        assertThat(query.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(query.get("/issues/not-folded-yet").status()).isEqualTo(404);
    }
}
