package issueledger.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import issueledger.proof.KeyFile;
import issueledger.proof.SignatureType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The auditor's commands as they are typed; what they verify, issueledger.auditing's tests tell. */
class VerifyCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new LedgerCli())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "verify",
                "verify proof",
                "verify bundle",
                "verify checkpoint",
                "consistency",
                "watch",
                "witness",
                "new-key",
            })
    void each_command_teaches_with_its_exit_codes(String command) {
        String[] arguments = (command + " --help").split(" ");
        assertThat(run(arguments)).isZero();
        assertThat(out.toString()).contains("Usage: ./ledger " + command).contains("Exit codes: ");
    }

    @Test
    void a_missing_argument_is_named_and_exits_with_2() {
        assertThat(run("verify")).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required parameter: 'FILE'");
        assertThat(run("consistency")).isEqualTo(2);
        assertThat(run("watch")).isEqualTo(2);
        assertThat(run("witness", "--name", "a.example")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "verify proof", "verify bundle", "verify checkpoint", "consistency"})
    void a_file_that_is_not_there_is_named_and_exits_with_2(String command, @TempDir Path folder) {
        Path missing = folder.resolve("none");
        assertThat(run((command + " " + missing).split(" "))).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("CANNOT TELL: " + missing + " is not there" + System.lineSeparator());
    }

    @Test
    void a_key_that_is_none_exits_with_2_and_in_json_too(@TempDir Path folder) {
        String file = folder.resolve("none").toString();
        assertThat(run("verify", "proof", file, "--json", "--key", "nonsense")).isEqualTo(2);
        assertThat(out.toString())
                .isEqualTo(
                        "{\"answer\":\"CANNOT_TELL\",\"position\":null,\"detail\":\"the key nonsense is neither a file"
                                + " nor a key: a verifier key is name+id+base64\"}\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void a_new_key_is_its_owners_and_no_file_is_overwritten(@TempDir Path folder) throws IOException {
        for (String kind : new String[] {"", "--ml-dsa"}) {
            assumeTrue(kind.isEmpty() || SignatureType.ML_DSA_44_COSIGNATURE.isAvailable());
            Path file = folder.resolve("key" + kind + ".pem");
            String[] arguments = ("new-key " + file + " " + kind).strip().split(" ");
            assertThat(run(arguments)).isZero();
            assertThat(KeyFile.read(file).isEd25519()).isEqualTo(kind.isEmpty());
            if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
            byte[] before = Files.readAllBytes(file);
            assertThat(run(arguments)).isEqualTo(2);
            assertThat(Files.readAllBytes(file)).isEqualTo(before);
        }
    }

    @Test
    void a_service_that_is_away_cannot_be_told_of(@TempDir Path folder) {
        assertThat(run(
                        "watch",
                        "http://localhost:1",
                        "--once",
                        "--state",
                        folder.resolve("state").toString()))
                .isEqualTo(2);
        assertThat(out.toString()).contains("CANNOT TELL: http://localhost:1/tlog cannot be reached");
        assertThat(run("watch", "ftp://localhost", "--once")).isEqualTo(2);
        assertThat(run("watch", "http://localhost:1", "--interval", "0")).isEqualTo(2);
    }
}
