package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.mongo.CuttingProxy;
import issueledger.mongo.CuttingProxy.Cut;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Runs the two clients of docs/clients.md against services whose answers are cut off. */
@Tag("full")
class ClientsTest {
    private static final String NOTE = "{\"kind\": \"PROGRESS\", \"text\": \"The index is in place.\"}";

    private static Path folder;
    private static Ledger ledger;
    private static Client curl;
    private static Client python;

    /** One of them, with a way to the command service of its own, and an issue. */
    private record Client(String program, Path script, CuttingProxy proxy, String issue) {

        static Client of(String program, String language, String file) throws IOException {
            CuttingProxy proxy = new CuttingProxy(ledger.commandPort());
            Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                    .matcher(Files.readString(Ledger.home().resolve("docs/clients.md")));
            assertThat(block.find()).isTrue();
            Path script = folder.resolve(file);
            Files.writeString(
                    script,
                    block.group(1)
                            .replace("8080", Integer.toString(proxy.port()))
                            .replace("8081", Integer.toString(ledger.queryPort())));
            String issue = "of-" + program;
            Writer.open(ledger.commandPort(), issue);
            return new Client(program, script, proxy, issue);
        }

        Run run(String command, String... bodyAndKey) {
            List<String> line = new ArrayList<>(List.of(program, script.toString(), issue, command));
            line.addAll(List.of(bodyAndKey));
            return Run.of(line);
        }

        List<JsonNode> events() {
            long head = ledger.get("/audit/head").json().at("/position").asLong();
            JsonNode events = ledger.get("/issues/" + issue + "/events", "Ledger-Min-Position", Long.toString(head))
                    .json();
            return events.at("/items").valueStream().toList();
        }
    }

    /** A client at work. */
    private record Run(Process process, Path out, Path err) {
        static Run of(List<String> line) {
            try {
                Path out = Files.createTempFile(folder, "out", "");
                Path err = Files.createTempFile(folder, "err", "");
                Process process = new ProcessBuilder(line)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
                return new Run(process, out, err);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void awaitComplaint(String about) {
            Conditions.await(about, Duration.ofSeconds(20), () -> complaints().contains(about));
        }

        String complaints() {
            return read(err);
        }

        /** The issue that it printed at its end. */
        JsonNode succeeded() {
            assertThat(exitCode()).as(complaints()).isZero();
            return new tools.jackson.databind.json.JsonMapper().readTree(read(out));
        }

        int exitCode() {
            try {
                assertThat(process.waitFor(60, TimeUnit.SECONDS))
                        .as(complaints())
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return process.exitValue();
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeAll
    static void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        ledger = Ledger.start(folder.resolve("data"));
        curl = Client.of("bash", "bash", "ledger.sh");
        python = Client.of("python3", "python", "ledger.py");
    }

    @AfterAll
    static void stop() {
        curl.proxy().close();
        python.proxy().close();
        ledger.close();
    }

    @ParameterizedTest
    @CsvSource({"REQUEST, 30", "ANSWER, 0", "ANSWER, 150"})
    void a_command_that_lost_its_request_or_its_answer_is_carried_out_once(Cut where, int after) {
        List<Client> clients = List.of(curl, python);
        List<Integer> before =
                clients.stream().map(client -> client.events().size()).toList();
        clients.forEach(client -> client.proxy().cutNext(where, after));

        List<Run> runs =
                clients.stream().map(client -> client.run("record-note", NOTE)).toList();

        for (int i = 0; i < clients.size(); i++) {
            JsonNode issue = runs.get(i).succeeded();
            assertThat(clients.get(i).proxy().hasCut()).isTrue();
            assertThat(runs.get(i).complaints()).contains("again after: no whole answer");
            assertThat(clients.get(i).events()).hasSize(before.get(i) + 1);
            assertThat(issue.at("/version").asInt()).isEqualTo(before.get(i) + 1);
        }
    }

    @Test
    void an_intent_that_outlives_its_process_is_carried_out_once() {
        for (Client client : List.of(curl, python)) {
            int before = client.events().size();
            client.run("record-note", NOTE, "intent-" + client.issue()).succeeded();
            client.run("record-note", NOTE, "intent-" + client.issue()).succeeded();
            assertThat(client.events()).hasSize(before + 1);
        }
    }

    @Test
    void what_a_rule_refuses_is_not_sent_again() {
        for (Client client : List.of(curl, python)) {
            Run run = client.run("start-testing", "{}");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.complaints())
                    .contains("refused:", "/problems/rejected", "WRONG_STATUS")
                    .doesNotContain("again");
        }
    }

    @Test
    void what_cannot_be_had_now_is_asked_for_again() throws Exception {
        Writer.open(ledger.commandPort(), "waited-for");
        long head = ledger.get("/audit/head").json().at("/position").asLong();
        List<Run> runs = new ArrayList<>();
        Run reader = Run.of(List.of(
                "python3",
                "-c",
                "import json, ledger; print(json.dumps(ledger.read('waited-for', " + (head + 2) + ")))"));
        try (Connection other = DriverManager.getConnection(
                        "jdbc:sqlite:" + ledger.data().resolve("events.db"));
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            runs.add(curl.run("record-note", NOTE));
            runs.add(python.run("record-note", NOTE));
            runs.forEach(run -> run.awaitComplaint("again after: 503 /problems/log-unavailable"));
            reader.awaitComplaint("again after: 503 /problems/not-yet");
            statement.execute("ROLLBACK");
        }
        runs.forEach(Run::succeeded);
        assertThat(reader.succeeded().at("/id").asString()).isEqualTo("waited-for");
    }

    @Test
    void a_change_is_decided_anew_when_another_was_faster() {
        int before = python.events().size();
        Run run = Run.of(List.of("python3", "-c", """
            import json, ledger
            seen = []
            def decide(issue):
                if not seen:  # Somebody is faster.
                    ledger.send("of-python3", "change-labels", {"add": ["urgent"]})
                seen.append(issue["version"])
                return None if "database" in issue["labels"] else {"add": ["database"]}
            print(json.dumps(ledger.change("of-python3", "change-labels", decide)))
            """));
        assertThat(run.succeeded().at("/labels").valueStream().map(JsonNode::asString))
                .containsExactly("urgent", "database");
        assertThat(python.events()).hasSize(before + 2);
    }
}
