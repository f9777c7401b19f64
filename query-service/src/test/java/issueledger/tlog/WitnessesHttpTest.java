package issueledger.tlog;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.EventLog;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.proof.Checkpoint;
import issueledger.proof.MerkleTree;
import issueledger.proof.Signed;
import issueledger.proof.SignedNote;
import issueledger.query.Query;
import issueledger.query.QueryService;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** A service with three witnesses: one that is there, one that is away, and one that knows another log. */
@SpringBootTest(classes = QueryService.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class WitnessesHttpTest {
    private static final Path DIRECTORY = QueryServiceTest.directory();
    private static final EventLog LOG = SqliteEventLog.open(DIRECTORY.resolve("events.db"), Clock.systemUTC());
    private static final Recorder RECORDER = new Recorder(LOG);
    private static final FakeWitness THERE = witness("witness.example/there");
    private static final FakeWitness OTHER = witness("witness.example/other");

    @LocalServerPort
    private int port;

    private static FakeWitness witness(String name) {
        try {
            return new FakeWitness(name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @DynamicPropertySource
    static void watchThatLog(DynamicPropertyRegistry properties) {
        RECORDER.record("w-1", OPENED);
        OTHER.has(1_000, MerkleTree.EMPTY);
        String away = THERE.line("away").replaceAll("127.0.0.1:\\d+", "127.0.0.1:1");
        properties.add("issue-ledger.data-dir", DIRECTORY::toString);
        properties.add(
                "issue-ledger.witnesses",
                () -> "\n" + THERE.line("there") + "\n  " + away + "\r\n" + OTHER.line("other") + "\n");
    }

    @AfterAll
    static void close() {
        LOG.close();
        THERE.close();
        OTHER.close();
    }

    private static void await(BooleanSupplier condition, String what) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private JsonNode listed(String name) {
        return new Query(port)
                .get("/tlog/witnesses").items().stream()
                        .filter(item -> item.get("name").asString().equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    private SignedNote served() {
        return SignedNote.parse(new Query(port).get("/tlog/checkpoint").body());
    }

    @Test
    void a_witness_cosigns_each_checkpoint_and_one_that_is_away_or_refuses_delays_nothing() throws Exception {
        Query query = new Query(port);
        new Transparency(port).head(1);
        for (int i = 1; i <= 3; i++) {
            long last = RECORDER.record("w-1", note(i, "Note " + i)).last();
            await(() -> THERE.size() == last, "the witness has seen " + last);
            await(() -> served().signatures().size() == 2, "its signature is served");
            List<Signed> signed = served().verify(List.of(THERE.key().verifier()));
            assertThat(signed).hasSize(1);
            assertThat(signed.getFirst().at()).isBetween(Instant.now().minusSeconds(60), Instant.now());
            assertThat(Checkpoint.parse(served().text()).size()).isEqualTo(last);
            await(() -> listed("there").get("size").asLong() == last, "it is listed with " + last);
        }
        assertThat(listed("there").get("error").isNull()).isTrue();
        assertThat(listed("there").get("at").asString()).endsWith("Z");
        assertThat(listed("there").get("url").asString())
                .startsWith("http://127.0.0.1:")
                .endsWith("/prefix");
        assertThat(listed("away").toString())
                .startsWith(
                        "{\"name\":\"away\",\"url\":\"http://127.0.0.1:1/prefix\",\"size\":0,\"at\":null,\"error\":\"");
        assertThat(listed("other").get("error").asString()).contains("size 1000", "older back-up");
        assertThat(query.get("/actuator/health")
                        .json()
                        .at("/components/tlog/details/troubles")
                        .toString())
                .contains("the witness other");
        assertThat(query.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(query.get("/audit/checkpoints?limit=1")
                        .items()
                        .getFirst()
                        .get("note")
                        .asString())
                .isEqualTo(query.get("/tlog/checkpoint").body());

        THERE.refuses(503);
        long last = RECORDER.record("w-1", note(4, "Note 4")).last();
        new Transparency(port).head(last);
        await(() -> !listed("there").get("error").isNull(), "its refusal is listed");
        assertThat(listed("there").get("error").asString()).isEqualTo("it answers 503");
        assertThat(served().signatures()).hasSize(1);
        THERE.refuses(0);
        await(() -> served().signatures().size() == 2, "it is asked again");
        await(() -> listed("there").get("error").isNull(), "it is well again");
    }
}
