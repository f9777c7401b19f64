package issueledger.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.Verifier;
import issueledger.system.Ledger.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code ./ledger erase}, and the answers of a ledger that was erased from. */
@Tag("full")
class EraseTest {
    private static final String OPENING = "{\"id\":\"slow\",\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}";
    private static final List<String> WORDS = List.of("Zacharias", "Wilhelmina", "asked by Ottokar");

    @Test
    void an_erased_text_is_in_no_file_and_in_no_answer(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        String assigning = "{\"assignee\":\"Zacharias\",\"reason\":\"asked by Ottokar\"}";
        try (Ledger ledger = Ledger.start(data)) {
            assertThat(Ledger.post(ledger.commandPort(), "/issues", OPENING).status())
                    .isEqualTo(201);
            assertThat(assign(ledger, assigning).status()).isEqualTo(200);
            assertThat(erase(data, "2")).startsWith("1 Nothing was erased:").contains("stop all services first");
        }
        assertThat(erase(data, "9")).isEqualTo("1 Nothing was erased: there is no version 9 of the issue slow\n");
        assertThat(erase(data, "2"))
                .isEqualTo("0 The texts of version 2 of slow, position 2, are erased, actor and reason too.\n");
        assertThat(contents(data)).doesNotContain(WORDS);
        assertThat(Verifier.verify(data.resolve("events.db")).sentence())
                .startsWith("position 2: ERASED")
                .contains("2 events in 2 commits, 1 of them erased");

        try (Ledger ledger = Ledger.start(data)) {
            assertThat(ledger.get("/issues/slow").json().at("/assignee").asString())
                    .isEqualTo("[erased]");
            assertErased(ledger.get("/issues/slow/events").json().at("/items/1"));
            assertErased(ledger.get("/issues/slow/timeline").json().at("/items/1"));
            assertThat(exported(ledger, folder)).doesNotContain(WORDS);
            assertThat(verified(folder))
                    .contains("position 2: ERASED payload and metadata")
                    .contains("2 events in 2 commits, 1 of them erased, from position 1 to 2; the last hash is ");
            JsonNode verdict = ledger.get("/audit/verify").json();
            assertThat(verdict.at("/ok").booleanValue()).as(verdict.toString()).isTrue();
            assertThat(verdict.at("/erased").longValue()).isEqualTo(1);
            assertThat(ledger.get("/issues/slow/events").text()).doesNotContain(WORDS);
            assertThat(ledger.get("/issues/slow/events")
                            .json()
                            .at("/items/0/erased")
                            .isMissingNode())
                    .isTrue();
            assertThat(ledger.get("/events?actor=%5Berased%5D")
                            .json()
                            .at("/items/0/version")
                            .asInt())
                    .isEqualTo(2);
            assertThat(ledger.get("/events?actor=Wilhelmina").json().at("/items"))
                    .isEmpty();
            Answer repeated = assign(ledger, "{\"assignee\":\"somebody else\"}");
            assertThat(repeated.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(repeated.json().at("/version").longValue()).isEqualTo(2);
            String other = OPENING.replace("\"slow\"", "\"other\"");
            Answer elsewhere = Ledger.post(
                    ledger.commandPort(), "/issues", other, "X-Actor", "Wilhelmina", "Idempotency-Key", "k-1");
            assertThat(elsewhere.status()).isEqualTo(422);
            assertThat(Ledger.post(ledger.commandPort(), "/issues/slow/start-work", "{}")
                            .status())
                    .isEqualTo(200);
        }
        assertThat(contents(data)).doesNotContain("Zacharias", "asked by Ottokar"); // The refusal names its sender.
    }

    private static String exported(Ledger ledger, Path folder) throws IOException {
        String export = ledger.get("/audit/export").text();
        Files.writeString(folder.resolve("export.ndjson"), export);
        return export;
    }

    /** The exit code and the output of docs/verify_export.py. */
    private static String verified(Path folder) throws IOException, InterruptedException {
        Process python = new ProcessBuilder(
                        "python3",
                        Ledger.home().resolve("docs/verify_export.py").toString(),
                        folder.resolve("export.ndjson").toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(python.getInputStream().readAllBytes(), UTF_8);
        return python.waitFor() + " " + output;
    }

    private static Answer assign(Ledger ledger, String body) {
        return Ledger.post(
                ledger.commandPort(),
                "/issues/slow/assign-issue",
                body,
                "X-Actor",
                "Wilhelmina",
                "Idempotency-Key",
                "k-1");
    }

    private static void assertErased(JsonNode item) {
        assertThat(item.at("/erased/by").asString()).isEqualTo("ada");
        assertThat(item.at("/erased/reason").asString()).isEqualTo("a person left");
        assertThat(item.at("/erased/at").asString()).endsWith("Z");
    }

    /** The exit code and the output. */
    private static String erase(Path data, String version) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        "./ledger",
                        "erase",
                        "--issue",
                        "slow",
                        "--version",
                        version,
                        "--reason",
                        "a person left",
                        "--by",
                        "ada",
                        "--metadata")
                .directory(Ledger.home().toFile())
                .redirectErrorStream(true);
        builder.environment().put("ISSUE_LEDGER_DATA_DIR", data.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return process.waitFor() + " " + output;
    }

    private static String contents(Path data) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, ISO_8859_1));
            }
        }
        return all.toString();
    }
}
