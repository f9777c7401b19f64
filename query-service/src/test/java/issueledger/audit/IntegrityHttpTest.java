package issueledger.audit;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.EventLog;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.query.Query;
import issueledger.query.Query.Answer;
import issueledger.query.QueryService;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** A service on a log that was changed while none ran, and with too little room on its disk. */
class IntegrityHttpTest {

    @Test
    void a_changed_event_and_a_full_disk_are_degraded_health_from_the_start_and_the_service_is_ready()
            throws Exception {
        Path directory = QueryServiceTest.directory();
        Files.createDirectories(directory);
        try (EventLog log = SqliteEventLog.open(directory.resolve("events.db"), Clock.systemUTC())) {
            Recorder recorder = new Recorder(log);
            recorder.record("one", OPENED);
            recorder.record("one", note(1, "unmistakable"));
            recorder.record("one", note(2, "later"));
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("events.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TRIGGER events_are_never_updated");
            statement.execute(
                    "UPDATE events SET payload = replace(payload, 'unmistakable', 'mistakable') WHERE position = 2");
        }
        try (ConfigurableApplicationContext service = SpringApplication.run(
                QueryService.class,
                "--server.port=0",
                "--issue-ledger.data-dir=" + directory,
                "--issue-ledger.disk-mb=999999999",
                "--management.defaults.metrics.export.enabled=true",
                "--spring.jmx.enabled=false")) {
            Query query = new Query(service.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
            Answer answer = query.get("/actuator/health");
            assertThat(answer.status()).isEqualTo(200);
            JsonNode health = answer.json();
            assertThat(health.at("/status").asString()).isEqualTo("DEGRADED");
            assertThat(health.at("/components/integrity/status").asString()).isEqualTo("DEGRADED");
            assertThat(health.at("/components/integrity/details/position").asLong())
                    .isEqualTo(2);
            assertThat(health.at("/components/integrity/details/what").asString())
                    .isEqualTo("HASH");
            assertThat(health.at("/components/disk/status").asString()).isEqualTo("DEGRADED");
            assertThat(health.at("/components/disk/details/free").asLong()).isPositive();
            assertThat(query.get("/actuator/health/readiness").status()).isEqualTo(200);
            assertThat(query.get("/actuator/prometheus").body())
                    .containsPattern("ledger_verification_fault_position 2\\.0");
        }
    }
}
