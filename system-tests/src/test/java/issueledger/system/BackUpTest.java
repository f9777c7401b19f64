package issueledger.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code ./ledger backup} while commands run, {@code ./ledger restore}, and the ledger on what was restored. */
@Tag("full")
class BackUpTest {
    /** Of each writer: an issue has at most 500 notes, and a back-up may take long. */
    private static final int ISSUES = 20;

    private static final int WRITERS = 4;

    @TempDir
    Path folder;

    @Test
    void a_back_up_taken_under_load_is_restored_beside_it_and_in_its_place() throws Exception {
        Path data = folder.resolve("data");
        Path file = folder.resolve("backup.db");
        Path killed = folder.resolve("killed.db");
        try (Ledger ledger = Ledger.start(data)) {
            List<Writer> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                List<String> issues = new ArrayList<>();
                for (int j = 0; j < ISSUES; j++) {
                    issues.add("kept-" + i + "-" + j);
                    Writer.open(ledger.commandPort(), issues.getLast());
                }
                writers.add(new Writer("writer " + i, ledger.commandPort(), issues));
            }
            try (Writing writing = new Writing(writers)) {
                writing.await(300);
                assertThat(ledger(data, "backup", file.toString()))
                        .startsWith("0 copying positions 1 to ")
                        .contains("all verified");
                kill(data, killed);
                writing.await(writing.acknowledged() + 100);
                writing.stop();
            }
            assertThat(ledger(data, "backup", file.toString())).startsWith("1 ").contains("is there already");
            assertThat(ledger(data, "restore", file.toString()))
                    .startsWith("1 ")
                    .contains("events.db is there already");
            isTheBeginningOf(ledger, file);
        }
        assertThat(Files.notExists(killed) || Verifier.verify(killed).accepted())
                .isTrue();

        Path fresh = folder.resolve("fresh");
        assertThat(ledger(fresh, "restore", file.toString())).startsWith("0 ");
        try (Ledger ledger = Ledger.start(fresh)) {
            isTheBeginningOf(ledger, file);
            goesOn(ledger);
        }

        Files.move(data.resolve("events.db"), folder.resolve("newer.db"));
        for (String beside : List.of("events.db-wal", "events.db-shm")) {
            Files.deleteIfExists(data.resolve(beside));
        }
        assertThat(ledger(data, "restore", file.toString())).startsWith("0 ");
        try (Ledger ledger = Ledger.start(data)) {
            assertThat(ledger.output())
                    .containsOnlyOnce("the views of issues are of another log: they are filled anew");
            isTheBeginningOf(ledger, file);
            goesOn(ledger);
        }
        try (Ledger ledger = Ledger.launch(data, Ledger.freePort(), Ledger.freePort())) {
            Conditions.await(
                    "it is ready again",
                    Duration.ofSeconds(60),
                    () -> ledger.output().contains("Issue Ledger is ready"));
            assertThat(ledger.output()).doesNotContain("of another log");
        }
    }

    /** The ledger's log begins as the file's, and where it has no later events, ends as it. */
    private static void isTheBeginningOf(Ledger ledger, Path file) {
        Verifier.Verdict verdict = Verifier.verify(file);
        assertThat(verdict.accepted()).as(verdict.sentence()).isTrue();
        long position = Long.parseLong(verdict.sentence().split(" ", 2)[0]);
        JsonNode last =
                ledger.get("/events?limit=1&after=" + (position - 1)).json().at("/items/0");
        assertThat(last.at("/position").longValue()).isEqualTo(position);
        assertThat(verdict.sentence()).endsWith(last.at("/hash").stringValue());
    }

    private static void goesOn(Ledger ledger) {
        JsonNode head = ledger.get("/audit/head").json();
        Writer writer = new Writer("after the restore", ledger.commandPort(), List.of("kept-0-0"));
        assertThat(writer.write()).isEqualTo(Writer.Fate.ACKNOWLEDGED);
        long position = writer.acknowledged().getFirst().position();
        assertThat(position).isEqualTo(head.at("/position").longValue() + 1);
        JsonNode notes = ledger.get("/issues/kept-0-0", "Ledger-Min-Position", Long.toString(position))
                .json()
                .at("/notes");
        assertThat(notes.get(notes.size() - 1).at("/text").stringValue())
                .isEqualTo(writer.acknowledged().getFirst().text());
    }

    private static ProcessBuilder builder(Path data, String... arguments) {
        List<String> command = new ArrayList<>(List.of("./ledger"));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Ledger.home().toFile()).redirectErrorStream(true);
        builder.environment().put("ISSUE_LEDGER_DATA_DIR", data.toString());
        return builder;
    }

    /** The exit code and the output. */
    private static String ledger(Path data, String... arguments) throws IOException, InterruptedException {
        Process process = builder(data, arguments).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return process.waitFor() + " " + output;
    }

    /** Kills a back-up once it writes. */
    private static void kill(Path data, Path file) throws IOException {
        Process process = builder(data, "backup", file.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Conditions.await(
                "the back-up writes", Duration.ofSeconds(60), () -> !process.isAlive() || isWriting(file.getParent()));
        process.destroyForcibly().onExit().join();
    }

    private static boolean isWriting(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(path -> path.toString().endsWith(".partial"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
