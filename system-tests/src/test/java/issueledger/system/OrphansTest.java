package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of {@code ./run} alone. */
@Tag("full")
class OrphansTest {

    @Test
    void both_services_stop_once_run_has_gone_and_a_new_start_has_their_ports(@TempDir Path folder) {
        try (Ledger ledger = Ledger.start(folder.resolve("data"))) {
            ledger.post("/issues", "{\"id\":\"kept\",\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}");
            ProcessHandle command = ledger.process(Service.Kind.COMMAND);
            ProcessHandle query = ledger.process(Service.Kind.QUERY);
            ledger.killRun();
            Conditions.await("both stop", Duration.ofSeconds(20), () -> !command.isAlive() && !query.isAlive());
            assertThat(ledger.output()).contains("has gone: this service stops");

            ledger.startAgain();
            assertThat(ledger.get("/issues/kept").status()).isEqualTo(200);
        }
    }
}
