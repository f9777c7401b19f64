package issueledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LedgerCliTest {
    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new LedgerCli()).setErr(new PrintWriter(errors)).execute(arguments);
    }

    @Test
    void a_missing_argument_is_named_and_exits_with_2() {
        assertThat(run("copy-log", "data/events.db")).isEqualTo(2);
        assertThat(errors.toString())
                .contains("Missing required parameter: 'TO'")
                .contains("Usage: ./ledger copy-log");
    }

    @Test
    void a_missing_log_prints_one_sentence_and_exits_with_1(@TempDir Path folder) {
        String missing = folder.resolve("none.db").toString();
        assertThat(run("copy-log", missing, folder.resolve("copy.db").toString()))
                .isEqualTo(1);
        assertThat(errors.toString())
                .isEqualTo("The log cannot be copied: " + missing + " is not there" + System.lineSeparator());
    }

    @Test
    void each_command_has_a_help_that_exits_with_0() {
        for (String command : new String[] {"copy-log", "erase", "backup", "restore", "evidence"}) {
            StringWriter output = new StringWriter();
            int code = new CommandLine(new LedgerCli())
                    .setOut(new PrintWriter(output))
                    .execute(command, "--help");
            assertThat(code).isZero();
            assertThat(output.toString()).contains("Usage: ./ledger " + command);
        }
    }

    @Test
    void an_erasure_without_a_reason_is_named_and_exits_with_2() {
        assertThat(run("erase", "--issue", "slow", "--version", "2", "--reason", " "))
                .isEqualTo(2);
        assertThat(errors.toString()).startsWith("--reason ");
    }

    @Test
    void a_back_up_and_a_restore_that_cannot_be_print_one_sentence_and_exit_with_1(@TempDir Path folder) {
        String missing = folder.resolve("none.db").toString();
        assertThat(run("backup", folder.resolve("backup.db").toString(), "--log", missing))
                .isEqualTo(1);
        assertThat(run("restore", missing, "--log", folder.resolve("events.db").toString()))
                .isEqualTo(1);
        assertThat(errors.toString().lines())
                .containsExactly(
                        "The log cannot be backed up: " + missing + " is not there",
                        "The log cannot be restored: " + missing + " is not there");
    }

    @Test
    void a_database_is_no_file_to_back_up_to_and_exits_with_2() {
        assertThat(run("backup", "mongodb://localhost/ledger")).isEqualTo(2);
        assertThat(errors.toString())
                .isEqualTo("FILE must be a file; ./ledger copy-log copies between databases" + System.lineSeparator());
    }
}
