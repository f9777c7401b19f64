package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes of a configuration, in {@code ./run} and in a service that is started by hand. SettingsTest has them all. */
@ExtendWith(SharedLedger.class)
class StartMistakesTest {
    @TempDir
    private Path folder;

    private record Ended(int code, String output) {}

    /** With these variables and no others of the product. */
    private Ended ended(List<String> command, Map<String, String> variables) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Ledger.home().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ISSUE_LEDGER_"));
        builder.environment()
                .put("ISSUE_LEDGER_DATA_DIR", folder.resolve("data").toString());
        builder.environment().putAll(variables);
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("it goes on: " + Files.readString(output));
        }
        return new Ended(process.exitValue(), Files.readString(output));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ISSUE_LEDGER_DATADIR | /tmp | ISSUE_LEDGER_DATADIR is no variable of Issue Ledger; the nearest one is"
                        + " ISSUE_LEDGER_DATA_DIR.",
                "ISSUE_LEDGER_COMMAND_PORT | 0 | ISSUE_LEDGER_COMMAND_PORT=0 is no port from 1 to 65535, such as 8080.",
                "ISSUE_LEDGER_QUERY_PORT | abc | ISSUE_LEDGER_QUERY_PORT=abc is no port from 1 to 65535, such as 8081.",
                "ISSUE_LEDGER_HEAP_MB | 10 | ISSUE_LEDGER_HEAP_MB=10 is no number of megabytes from 256 to 1048576,"
                        + " such as 1152.",
                "ISSUE_LEDGER_BIND | 300.1.1.1 | ISSUE_LEDGER_BIND=300.1.1.1 is not an address of this machine.",
                "SPRING_PROFILES_ACTIVE | prod | SPRING_PROFILES_ACTIVE=prod is no profile of Issue Ledger; the"
                        + " nearest one is json-logs."
            })
    void run_ends_with_one_sentence_and_nothing_is_made(String variable, String value, String sentence)
            throws Exception {
        Ended ended = ended(List.of("./run"), Map.of(variable, value));
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).isEqualTo("Issue Ledger cannot start: " + sentence + "\n");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void a_service_that_is_started_by_hand_ends_with_the_same_sentence(Ledger running) throws Exception {
        Ended ended = ended(
                byHand(running, Service.Kind.QUERY),
                Map.of("ISSUE_LEDGER_DATADIR", "/tmp", "ISSUE_LEDGER_ALLOW_UNAUTHENTICATED", "ja"));
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output())
                .contains("ISSUE_LEDGER_DATADIR is no variable of Issue Ledger; the nearest one is"
                        + " ISSUE_LEDGER_DATA_DIR.")
                .contains("ISSUE_LEDGER_ALLOW_UNAUTHENTICATED=ja is neither true nor false.")
                .doesNotContain("\tat ");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void the_first_line_of_a_service_says_where_it_stands(Ledger running) {
        assertThat(running.output().lines())
                .anyMatch(line ->
                        line.matches(".* INFO .*\\[query-service\\] .*data: \\S+ \\(SQLite\\); tokens: off; address:"
                                + " 127\\.0\\.0\\.1 port " + running.queryPort() + "; version \\S+, commit \\S+"));
    }

    @Test
    void the_help_lists_every_variable_and_the_version_names_the_commit(Ledger running) throws Exception {
        Ended help = ended(List.of("./run", "--help"), Map.of());
        assertThat(help.code()).isZero();
        assertThat(help.output())
                .contains("\n  ISSUE_LEDGER_DATA_DIR (./data)\n")
                .contains("--demo")
                .contains("ISSUE_LEDGER_DISK_MB");
        Ended version = ended(List.of("./run", "--version"), Map.of());
        assertThat(version.output()).matches("Issue Ledger: version \\S+, commit \\S+\\n");
        String info = running.get("/actuator/info").text();
        assertThat(info).contains("\"commit\":\"" + version.output().strip().replaceFirst(".*commit ", "") + "\"");
        Ended service = ended(byHand(running, Service.Kind.COMMAND, "--version"), Map.of());
        assertThat(service.output()).matches("(?s).*Issue Ledger, command-service: version \\S+, commit \\S+\\n");
    }

    /** The command line that {@code ./run} gave the service, without what makes it watch for that {@code ./run}. */
    private static List<String> byHand(Ledger running, Service.Kind kind, String... arguments) {
        ProcessHandle.Info info = running.process(kind).info();
        List<String> line = new ArrayList<>(List.of(info.command().orElseThrow()));
        line.addAll(List.of(info.arguments().orElseThrow()));
        line.removeIf(argument -> argument.startsWith("-Dissue-ledger.started-by="));
        line.addAll(List.of(arguments));
        return line;
    }
}
