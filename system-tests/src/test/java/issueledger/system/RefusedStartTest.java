package issueledger.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
    void a_demo_beside_other_issues_is_refused_and_the_issue_is_named(Ledger running) throws Exception {
        running.post("/issues", "{\"id\":\"mine\",\"title\":\"Mine\",\"description\":{\"text\":\"5 s\"}}");
        try (Ledger refused = Ledger.launch(running.data(), Ledger.freePort(), Ledger.freePort(), "--demo")) {
            assertThat(refused.awaitExit()).isNotZero();
            assertThat(refused.output())
                    .contains("The demo cannot be loaded: this ledger holds another issue, ")
                    .contains("Issue Ledger cannot start: the command service ended")
                    .doesNotContain("Issue Ledger is ready");
        }
    }

    /** As one that ends while it is asked does; {@code is_ready} stands in {@code ./run}. */
    @Test
    void a_service_that_resets_the_connection_is_not_ready_and_does_not_end_the_script() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread.startVirtualThread(() -> resetEachConnection(socket));
            Process script = new ProcessBuilder(
                            "bash",
                            "-c",
                            "set -u; . <(sed -n '/^is_ready() /,/^)$/p' run);"
                                    + " for i in {1..50}; do is_ready $0 127.0.0.1 && echo ready; done; echo went on",
                            Integer.toString(socket.getLocalPort()))
                    .directory(Ledger.home().toFile())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(script.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("went on\n");
        }
    }

    private static void resetEachConnection(ServerSocket socket) {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                connection.setSoLinger(true, 0);
            } catch (IOException closed) {
                return;
            }
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
