package issueledger.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.Commit;
import issueledger.log.Commit.IdempotencyKey;
import issueledger.log.EventLog;
import issueledger.log.NewEvent;
import issueledger.log.RecordedEvent;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.proof.KeyFile;
import issueledger.proof.KeySeed;
import issueledger.proof.SignatureType;
import issueledger.proof.SigningKey;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A stranger proves the demo's events, and finds a data file that was rewritten with all hashes computed again. */
@Tag("full")
class ProofTest {
    private static final String ISSUE = "demo-data-process";
    private static final String ORIGIN = "ledger.example/proof";
    private static final String WITNESS = "witness.example/mara";
    private static final KeySeed SEED = KeySeed.freshEd25519();
    private static final boolean HAS_ML_DSA = SignatureType.ML_DSA_44_COSIGNATURE.isAvailable();
    private static final SigningKey KEY = SigningKey.of(ORIGIN, SignatureType.ED25519, SEED);

    @TempDir
    Path folder;

    @Test
    void an_event_is_proven_by_this_product_and_by_gos_packages_and_a_rewritten_past_is_named_by_all()
            throws Exception {
        Path data = folder.resolve("data");
        long position;
        Process witness = witness();
        try (Ledger ledger = Ledger.startWith(environment(), data, "--demo")) {
            position = handOut(ledger);
            List<String> keys = Files.readAllLines(folder.resolve("ledger.key"));
            assertThat(keys)
                    .hasSize(HAS_ML_DSA ? 2 : 1)
                    .startsWith(KEY.verifier().toString());
            said(0, "ORIGIN        PROVEN", "verify", "checkpoint", file("old.checkpoint"), "--key", keys.getLast());
            said(0, "TIME          PROVEN", "verify", "bundle", file("bundle.json"), "--policy", file("policy.txt"));
            said(0, "GOOD", "verify", "proof", file("event.tlog-proof"), "--key", file("ledger.key"));
            said(0, "GOOD", "verify", "bundle", file("bundle.json"), "--key", file("ledger.key"));
            said(0, "GOOD", "verify", file("export.ndjson"), "--key", file("ledger.key"));
            said(0, "GOOD", watching(ledger));
            said(0, "GOOD", "consistency", file("old.checkpoint"), url(ledger), "--key", file("ledger.key"));
            verifiesWithGo(ledger);
            ledger.stop();
        } finally {
            witness.destroy();
        }

        rewrite(data.resolve("events.db"), position);
        String first = "position " + position + " is the first that was changed";
        said(
                1,
                first,
                "consistency",
                file("watched"),
                "--log",
                data.resolve("events.db").toString());

        try (Ledger ledger = Ledger.startWith(environment(), data)) {
            awaitTheTree(ledger);
            said(1, first, watching(ledger));
            said(1, first, "consistency", file("watched"), url(ledger), "--key", file("ledger.key"));
            JsonNode verified = ledger.get("/audit/verify").json();
            assertThat(verified.at("/ok").booleanValue()).isFalse();
            assertThat(verified.at("/difference/what").stringValue()).isEqualTo("CHECKPOINT");
            System.out.println("GET /audit/verify: " + verified.at("/difference"));
            assertThat(ledger.get("/actuator/health/readiness").status()).isEqualTo(200);
        }
    }

    /** It is of another log now, and is filled anew. */
    private static void awaitTheTree(Ledger ledger) {
        Conditions.await(
                "the tree is filled anew",
                Duration.ofSeconds(30),
                () -> ledger.get("/tlog/tile/0/000.p/1").status() == 200);
    }

    /** Saves what a client gets, and answers the position of the note that is proven. */
    private long handOut(Ledger ledger) throws IOException {
        long head = ledger.get("/audit/head").json().at("/position").longValue();
        Conditions.await(
                "a cosigned checkpoint covers the head",
                Duration.ofSeconds(30),
                () -> isCosigned(ledger.get("/tlog/checkpoint").text(), head));
        save("ledger.key", ledger.get("/tlog/key").text());
        save("old.checkpoint", ledger.get("/tlog/checkpoint").text());
        JsonNode note = ledger.get("/issues/" + ISSUE + "/events")
                .json()
                .at("/items")
                .valueStream()
                .filter(event -> event.at("/type").stringValue().equals("NoteRecorded"))
                .findFirst()
                .orElseThrow();
        save(
                "event.tlog-proof",
                ledger.get("/issues/" + ISSUE + "/events/" + note.at("/version") + "/proof")
                        .text());
        save("bundle.json", ledger.get("/issues/" + ISSUE + "/proof").text());
        save("export.ndjson", ledger.get("/audit/export").text());
        return note.at("/position").longValue();
    }

    private static boolean isCosigned(String checkpoint, long size) {
        return checkpoint.startsWith(ORIGIN + "\n" + size + "\n") && checkpoint.contains("\n\u2014 " + WITNESS + " ");
    }

    /** Starts {@code ./ledger witness}, and writes a policy that wants its cosignature. */
    private Process witness() throws IOException {
        KeyFile.write(folder.resolve("signing-key.pem"), SEED);
        if (HAS_ML_DSA) {
            KeyFile.write(folder.resolve("ml-dsa.pem"), KeySeed.freshMlDsa44());
        }
        Process process = new ProcessBuilder(
                        "./ledger",
                        "witness",
                        "--name",
                        WITNESS,
                        "--log",
                        KEY.verifier().toString(),
                        "--folder",
                        file("witness"),
                        "--port",
                        "0")
                .directory(Ledger.home().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines = process.inputReader(UTF_8);
        String key = lines.readLine();
        while (key != null && !key.startsWith(WITNESS + "+")) {
            key = lines.readLine(); // ./ledger may build first, and says so.
        }
        String url = String.valueOf(lines.readLine()).replace("The witness listens at ", "");
        save("witnesses.txt", "mara " + key + " " + url + "\n");
        save("policy.txt", "log " + KEY.verifier() + "\nwitness mara " + key + "\nquorum mara\n");
        return process;
    }

    /** Of a ledger with a key of the test's, whose checkpoints the witness cosigns. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "ISSUE_LEDGER_ORIGIN",
                ORIGIN,
                "ISSUE_LEDGER_SIGNING_KEY",
                file("signing-key.pem"),
                "ISSUE_LEDGER_WITNESSES",
                file("witnesses.txt")));
        if (HAS_ML_DSA) {
            environment.put("ISSUE_LEDGER_MLDSA_KEY", file("ml-dsa.pem"));
        }
        return environment;
    }

    private void save(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private static String url(Ledger ledger) {
        return "http://localhost:" + ledger.queryPort();
    }

    private String[] watching(Ledger ledger) {
        return new String[] {"watch", url(ledger), "--once", "--state", file("watched"), "--key", file("ledger.key")};
    }

    private void said(int exitCode, String expected, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("./ledger"));
        command.addAll(Arrays.asList(arguments));
        run(
                exitCode,
                expected,
                new ProcessBuilder(command).directory(Ledger.home().toFile()));
    }

    private static void run(int exitCode, String expected, ProcessBuilder builder)
            throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        System.out.println(String.join(" ", builder.command()) + "\n" + output);
        assertThat(process.waitFor()).as(output).isEqualTo(exitCode);
        assertThat(output).contains(expected);
    }

    private void verifiesWithGo(Ledger ledger) throws IOException, InterruptedException {
        if (!has("go", "version") || !has("go", "mod", "download")) {
            System.out.println("Go's packages verify nothing: there is no go, or no module proxy");
            return;
        }
        String key = Files.readAllLines(folder.resolve("ledger.key")).getFirst();
        run(
                0,
                "tlog and merkle verified the proof of index",
                new ProcessBuilder(
                                "go",
                                "run",
                                ".",
                                url(ledger) + "/tlog",
                                key,
                                file("event.tlog-proof"),
                                file("old.checkpoint"))
                        .directory(stranger()));
    }

    private static File stranger() {
        return Ledger.home().resolve("system-tests/src/test/go/stranger").toFile();
    }

    private static boolean has(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .directory(stranger())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** What an administrator can do: another text, the same ids, times and salts, and each hash from there on computed again. */
    private void rewrite(Path file, long position) throws IOException {
        Path fresh = folder.resolve("rewritten.db");
        try (EventLog old = SqliteEventLog.open(file, Clock.systemUTC());
                EventLog rewritten = SqliteEventLog.open(fresh, Clock.systemUTC())) {
            List<RecordedEvent> commit = new ArrayList<>();
            long end = old.head().position();
            for (RecordedEvent event : old.read(0, (int) end)) {
                if (!commit.isEmpty() && commit.getFirst().commit() != event.commit()) {
                    append(rewritten, commit, position);
                }
                commit.add(event);
            }
            append(rewritten, commit, position);
            assertThat(rewritten.head().position()).isEqualTo(end);
            assertThat(rewritten.head().hash()).isNotEqualTo(old.head().hash());
        }
        for (String beside : List.of("-wal", "-shm")) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + beside));
        }
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void append(EventLog log, List<RecordedEvent> commit, long position) {
        RecordedEvent first = commit.getFirst();
        List<NewEvent> events = commit.stream()
                .map(event -> event.position() == position ? changed(event) : event.asNew())
                .toList();
        log.append(List.of(new Commit(
                events,
                first.key() == null ? null : new IdempotencyKey(first.key()),
                first.request(),
                Map.of(),
                first.recordedAt())));
        commit.clear();
    }

    private static NewEvent changed(RecordedEvent event) {
        NewEvent was = event.asNew();
        String payload = was.payload().replaceFirst("\"text\":\"", "\"text\":\"We never said so. ");
        assertThat(payload).isNotEqualTo(was.payload());
        return new NewEvent(
                was.id(),
                was.stream(),
                was.sequence(),
                was.type(),
                was.revision(),
                payload,
                was.metadata(),
                was.commitments());
    }
}
