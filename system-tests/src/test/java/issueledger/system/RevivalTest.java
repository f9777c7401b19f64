package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./run} and a service that ends. */
@Tag("full")
class RevivalTest {
    /** Exit status of a JVM that -XX:+ExitOnOutOfMemoryError ends. */
    private static final int OUT_OF_MEMORY = 3;

    /** A java that ends the command service with a code of the test's, once the test asks for it. */
    private static Path java(Path folder, int code) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
        String real = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Files.writeString(bin.resolve("java"), """
            #!/usr/bin/env bash
            case "$*" in
              *AOTCacheOutput*) exec "%1$s" "$@" ;;
              *-jar*command-service*) ;;
              *) exec "%1$s" "$@" ;;
            esac
            "%1$s" "$@" &
            trap 'kill -TERM $!; wait $!; exit' TERM
            while kill -0 $! 2>/dev/null; do
              if [ -e "%2$s/end" ]; then
                rm "%2$s/end"
                kill -KILL $!
                wait $!
                exit %3$d
              fi
              sleep 0.1
            done
            wait $!
            """.formatted(real, folder, code));
        Files.setPosixFilePermissions(bin.resolve("java"), PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin.getParent();
    }

    @Test
    void a_service_that_ran_out_of_memory_is_started_again(@TempDir Path folder) throws Exception {
        Map<String, String> variables =
                Map.of("JAVA_HOME", java(folder, OUT_OF_MEMORY).toString());
        try (Ledger ledger = Ledger.startWith(variables, folder.resolve("data"))) {
            Writer.open(ledger.commandPort(), "before");
            Files.createFile(folder.resolve("end"));
            Conditions.await(
                    "it says so",
                    Duration.ofSeconds(10),
                    () -> ledger.output().contains("The command service ran out of memory; it starts again in 1 s"));
            assertThat(ledger.get("/issues/before", "Ledger-Min-Position", "1").status())
                    .isEqualTo(200);
            Conditions.await("it is back", Duration.ofSeconds(30), () -> takesCommands(ledger));
            ledger.stop();
            assertThat(ledger.output()).endsWith("Issue Ledger has stopped\n");
        }
    }

    @Test
    void a_service_that_ended_otherwise_stops_both(@TempDir Path folder) throws Exception {
        Map<String, String> variables = Map.of("JAVA_HOME", java(folder, 137).toString());
        try (Ledger ledger = Ledger.startWith(variables, folder.resolve("data"))) {
            Files.createFile(folder.resolve("end"));
            assertThat(ledger.awaitExit()).isEqualTo(1);
            assertThat(ledger.output()).contains("Issue Ledger has stopped because the command service ended");
        }
    }

    private static boolean takesCommands(Ledger ledger) {
        try {
            return ledger.post("/issues/before/assign-issue", "{\"assignee\":\"mara\"}")
                            .status()
                    == 200;
        } catch (java.io.UncheckedIOException e) {
            return false; // It is not up yet.
        }
    }
}
