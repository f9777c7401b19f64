package issueledger.log.sqlite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.log.ErasureContract;
import issueledger.log.ErasureOrder;
import issueledger.log.ErasureRefused;
import issueledger.log.EventLog;
import issueledger.log.Verifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteErasingTest extends ErasureContract {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("events.db");
    }

    @Override
    protected EventLog open(Clock clock) {
        return SqliteEventLog.open(file(), clock);
    }

    @Override
    protected void erase(ErasureOrder order) {
        SqliteErasing.erase(file(), order);
    }

    /** Every file beside the log, and a back-up that is made now. */
    @Override
    protected String stored() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute("VACUUM INTO '" + folder.resolve("back-up-" + System.nanoTime()) + "'");
        }
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                all.append(Files.readString(each, ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Test
    void a_file_that_a_service_has_open_is_refused_and_stays_as_it_is() {
        try (EventLog service = open(Clock.systemUTC())) {
            ErasureOrder order = new ErasureOrder("slow-orders", 2, false, "ada", "asked", Instant.EPOCH);
            assertThatThrownBy(() -> erase(order))
                    .isInstanceOf(ErasureRefused.class)
                    .hasMessageContaining("stop all services first");
            assertThat(service.read(1, 1).get(0).payload()).contains("Zacharias");
        }
    }

    @Test
    void the_verifier_says_where_a_text_was_erased() {
        erase(new ErasureOrder("slow-orders", 2, false, "ada", "asked", Instant.EPOCH));
        assertThat(Verifier.verify(file()).accepted()).isTrue();
        assertThat(Verifier.verify(file()).sentence())
                .startsWith("position 2: ERASED payload, what stands there is unproven\n"
                        + "3 events in 2 commits, 1 of them erased;");
    }

    @Test
    void the_file_refuses_updates_again_afterwards() throws Exception {
        erase(new ErasureOrder("slow-orders", 2, false, "ada", "asked", Instant.EPOCH));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("UPDATE events SET payload = '{}' WHERE position = 2"))
                    .hasMessageContaining("events are never updated");
        }
    }
}
