package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import issueledger.log.Verifier;
import issueledger.mongo.SecantusServer;
import issueledger.proof.KeyFile;
import issueledger.proof.KeySeed;
import issueledger.system.Ledger.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product on a MongoDB server that is another process: each of the three is killed under load, and all that was told stands. */
@Tag("full")
class MongoProductTest {
    private static final int WRITERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static SecantusServer server;
    private static Ledger ledger;

    @BeforeAll
    static void start() throws IOException {
        boolean possible = SecantusServer.isPossible();
        if (!possible) {
            System.out.println("MongoProductTest is skipped: there is no python3 with venv and pip");
        }
        assumeTrue(possible);
        server = SecantusServer.start(
                Files.createDirectories(folder.resolve("server")).resolve("storage"));
        Path key = folder.resolve("key.pem");
        KeyFile.write(key, KeySeed.freshEd25519());
        ledger = Ledger.startWith(
                Map.of("ISSUE_LEDGER_MONGODB_URI", uri("ledger"), "ISSUE_LEDGER_SIGNING_KEY", key.toString()),
                folder.resolve("data-that-nobody-makes"));
        ledger.learnServices();
        ledger.kill();
        ledger.startServices();
    }

    private static String uri(String database) {
        return "mongodb://127.0.0.1:" + server.port() + "/" + database;
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            ledger.close();
            server.close();
        }
    }

    private static Service another(Service.Kind kind, int commandPort, int queryPort) {
        return ledger.serviceLikeMine(kind, folder.resolve("none"), commandPort, queryPort);
    }

    @Test
    void each_of_the_three_is_killed_under_load_and_what_was_acknowledged_stands() throws Exception {
        RecordedLog log = new RecordedLog(ledger.queryPort());
        List<Writer> all = new ArrayList<>();
        try (Service second = another(Service.Kind.COMMAND, Ledger.freePort(), Ledger.freePort())
                        .start();
                Service other = another(Service.Kind.QUERY, Ledger.freePort(), Ledger.freePort())
                        .start();
                CheckpointWatch watch = new CheckpointWatch(List.of(ledger.queryPort(), other.port()))) {
            all.addAll(underLoad("command", second, () -> {
                ledger.commandService().kill();
                ledger.commandService().start();
            }));
            all.addAll(underLoad("server", second, () -> {
                server.kill();
                server.startAgain();
            }));
            all.addAll(underLoad("stopped", second, () -> {
                server.suspend();
                sleep(10_000);
                server.resume();
            }));
            all.addAll(underLoad("query", second, () -> {
                boolean mine = tookOver(ledger.queryService()).compareTo(tookOver(other)) > 0;
                Service feeding = mine ? ledger.queryService() : other;
                Service following = mine ? other : ledger.queryService();
                String before = tookOver(following);
                feeding.kill();
                long killed = System.nanoTime();
                Conditions.await(
                        "the other query service feeds the views",
                        PATIENCE,
                        () -> !tookOver(following).equals(before));
                long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed);
                System.out.println("fail-over of the views took " + took + " ms");
                assertThat(took).isLessThan(6_000);
                feeding.start();
            }));
            Conditions.await(
                    "both query services answer the same",
                    PATIENCE,
                    () -> Ledger.get(other.port(), "/issues?limit=200")
                            .text()
                            .equals(ledger.get("/issues?limit=200").text()));
            watch.await(ledger.get("/audit/head").json().at("/position").longValue());
        }
        assertThat(ledger.get("/audit/verify").json().at("/difference").isNull())
                .as("the log is the one of all signed checkpoints")
                .isTrue();
        int landed = log.holdsWhatWasTold(all);
        System.out.printf(
                "%d events; %d acknowledged, %d of unknown outcome, of which %d have landed%n",
                log.position(),
                all.stream().mapToInt(w -> w.acknowledged().size()).sum(),
                all.stream().mapToInt(w -> w.unknown().size()).sum(),
                landed);
        copyIsTheSame(log);
        assertThat(folder.resolve("data-that-nobody-makes")).doesNotExist();
    }

    /** The last line in which it said that it feeds the list, which begins with the time; empty where it never did. */
    private static String tookOver(Service service) {
        return service.output()
                .lines()
                .filter(line -> line.contains("this process feeds the view issues"))
                .reduce("", (earlier, later) -> later);
    }

    /** Records notes while the store comes and goes. */
    private static void openInTheEnd(int port, String id) {
        String body = "{\"id\":\"" + id + "\",\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}";
        Conditions.await(id + " is open", PATIENCE, () -> {
            Answer answer = Ledger.post(port, "/issues", body);
            return answer.status() == 201 || answer.text().contains("ISSUE_EXISTS");
        });
    }

    private interface Mishap {
        void happen() throws Exception;
    }

    private static void sleep(long milliseconds) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(milliseconds);
    }

    private static List<Writer> underLoad(String name, Service second, Mishap mishap) throws Exception {
        List<Writer> writers = IntStream.range(0, WRITERS)
                .mapToObj(i -> {
                    int port = i % 2 == 0 ? ledger.commandPort() : second.port();
                    String issue = name + "-" + i / 2; // Both services write to it.
                    if (i % 2 == 0) {
                        openInTheEnd(port, issue);
                    }
                    return new Writer(name + " writer " + i, port, List.of(issue));
                })
                .toList();
        try (Writing writing = new Writing(writers, true)) {
            writing.await(100);
            mishap.happen();
            int before = writing.acknowledged();
            writing.await(before + 100);
            writing.stop();
        }
        return writers;
    }

    /** To a file, where the program that is given to strangers reads it, and back. */
    private static void copyIsTheSame(RecordedLog log) throws Exception {
        Path file = folder.resolve("copy.db");
        assertThat(copy(uri("ledger"), file.toString())).contains("the last hash is " + log.hash());
        Verifier.Verdict verdict = Verifier.verify(file);
        assertThat(verdict.accepted()).as(verdict.sentence()).isTrue();
        assertThat(verdict.sentence()).startsWith(log.position() + " events").endsWith(log.hash());

        assertThat(copy(file.toString(), uri("back"))).contains("the last hash is " + log.hash());
        assertThat(copy(file.toString(), uri("back"))).contains("which are there already\n");
    }

    private static String copy(String from, String to) throws Exception {
        Process copying = new ProcessBuilder("./run", "copy-log", from, to)
                .directory(Ledger.home().toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(copying.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(copying.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void a_start_that_cannot_be_is_refused_in_one_sentence_without_the_password() throws Exception {
        refuses("mongodb://u:secret@127.0.0.1:1/ledger", "cannot be reached");
        assertThat(copy(uri("ledger"), uri("moved"))).contains("are the same in both");
        Answer head = ledger.get("/audit/head");
        assertThat(head.status()).isEqualTo(200);
    }

    private static void refuses(String uri, String why) throws Exception {
        try (Service refused = another(Service.Kind.COMMAND, Ledger.freePort(), Ledger.freePort())
                .with("ISSUE_LEDGER_MONGODB_URI", uri)) {
            refused.launch();
            Conditions.await("it ends", PATIENCE, () -> !refused.isAlive());
            assertThat(refused.output()).contains(why).doesNotContain("secret").doesNotContain("\tat ");
        }
    }
}
