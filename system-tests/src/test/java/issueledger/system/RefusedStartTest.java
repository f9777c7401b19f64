package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedLedger.class)
class RefusedStartTest {

    @Test
    void a_taken_port_ends_the_start_and_is_named_though_a_ledger_that_is_ready_answers_there(
            Ledger running, @TempDir Path folder) throws Exception {
        try (Ledger refused = Ledger.launch(folder.resolve("data"), running.commandPort(), running.queryPort())) {
            assertThat(refused.awaitExit()).isNotZero();
            assertThat(refused.output())
                    .contains("Issue Ledger cannot start: ")
                    .contains(Integer.toString(running.commandPort()))
                    .doesNotContain("Issue Ledger is ready");
        }
    }

    @Test
    void a_demo_that_is_refused_ends_the_start_and_says_why(Ledger running) throws Exception {
        running.post("/issues", "{\"id\":\"demo-data-process\",\"title\":\"Mine\",\"description\":{\"text\":\"5 s\"}}");
        try (Ledger refused = Ledger.launch(running.data(), Ledger.freePort(), Ledger.freePort(), "--demo")) {
            assertThat(refused.awaitExit()).isNotZero();
            assertThat(refused.output())
                    .contains("The demo cannot be loaded: its line 1, open-issue of demo-data-process, was refused: "
                            + "An issue with the id demo-data-process exists.")
                    .contains("Issue Ledger cannot start: the command service ended")
                    .doesNotContain("Issue Ledger is ready");
        }
    }

    @Test
    void a_data_directory_that_cannot_be_made_ends_the_start_and_is_named(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("a-file"));
        try (Ledger ledger = Ledger.launch(file, Ledger.freePort(), Ledger.freePort())) {
            assertThat(ledger.awaitExit()).isNotZero();
            assertThat(ledger.output())
                    .isEqualTo("Issue Ledger cannot start: the data directory " + file
                            + " cannot be made or written: set ISSUE_LEDGER_DATA_DIR to one that can\n");
        }
    }
}
