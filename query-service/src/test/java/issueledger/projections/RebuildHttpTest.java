package issueledger.projections;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.EventLog;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.query.Query;
import issueledger.query.Query.Answer;
import issueledger.query.QueryService;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventMultiUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Rebuilds, and retries of parked events, over HTTP. */
@SpringBootTest(
        classes = {QueryService.class, RebuildHttpTest.Learning.class},
        webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class RebuildHttpTest {
    private static final Path DIRECTORY = QueryServiceTest.directory();
    private static final EventLog LOG = SqliteEventLog.open(DIRECTORY.resolve("events.db"), Clock.systemUTC());
    private static final Recorder RECORDER = new Recorder(LOG);
    private static final AtomicBoolean LEARNED = new AtomicBoolean();

    @LocalServerPort
    private int port;

    private Query query;

    @DynamicPropertySource
    static void readThatLog(DynamicPropertyRegistry properties) {
        properties.add("issue-ledger.data-dir", DIRECTORY::toString);
    }

    @AfterAll
    static void closeTheLog() {
        LOG.close();
    }

    @BeforeEach
    void ask() {
        query = new Query(port);
    }

    /** Reads an event of a later version once it has learned to. */
    @TestConfiguration
    static class Learning {
        @Bean
        EventUpcaster later() {
            return new EventMultiUpcaster() {
                @Override
                protected boolean canUpcast(IntermediateEventRepresentation event) {
                    return LEARNED.get() && event.getType().getName().equals("PersonInCharge");
                }

                @Override
                protected Stream<IntermediateEventRepresentation> doUpcast(IntermediateEventRepresentation event) {
                    return Stream.of(event.upcast(
                            new SimpleSerializedType("IssueAssigned", "1"),
                            String.class,
                            payload -> "{\"assignee\":\"grace\"}",
                            metadata -> metadata));
                }
            };
        }
    }

    private void seen(long position) {
        assertThat(query.get("/projections", "Ledger-Min-Position", Long.toString(position))
                        .status())
                .isEqualTo(200);
    }

    private JsonNode rebuilt() throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        JsonNode rebuild = query.get("/projections/issues/rebuild").json();
        while (rebuild.get("state").asString().equals("RUNNING") && System.nanoTime() < end) {
            Thread.sleep(10);
            rebuild = query.get("/projections/issues/rebuild").json();
        }
        return rebuild;
    }

    @Test
    void answers_never_go_back_in_time_while_a_rebuild_goes_on_under_writes() throws InterruptedException {
        seen(RECORDER.record("r-1", OPENED).last());
        AtomicBoolean rebuilding = new AtomicBoolean(true);
        CompletableFuture<Long> writing = CompletableFuture.supplyAsync(
                () -> {
                    long last = 0;
                    for (int number = 1; rebuilding.get(); number++) {
                        last = RECORDER.record("r-1", note(number, "Note " + number))
                                .last();
                    }
                    return last;
                },
                Thread::startVirtualThread);
        CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(
                () -> {
                    long position = 0;
                    int version = 0;
                    int reads = 0;
                    while (rebuilding.get()) {
                        Answer answer = query.get("/issues/r-1");
                        assertThat(answer.status()).describedAs(answer.body()).isEqualTo(200);
                        assertThat(answer.json().get("version").asInt()).isGreaterThanOrEqualTo(version);
                        assertThat(Long.parseLong(answer.header("Ledger-Position")))
                                .isGreaterThanOrEqualTo(position);
                        version = answer.json().get("version").asInt();
                        position = Long.parseLong(answer.header("Ledger-Position"));
                        assertThat(query.get("/issues?q=slow").items("id")).contains("r-1");
                        reads++;
                    }
                    return reads;
                },
                Thread::startVirtualThread);

        try {
            for (int round = 0; round < 3; round++) {
                Answer ordered =
                        query.send("POST", "/projections/issues/rebuild").join();
                Answer again = query.send("POST", "/projections/issues/rebuild").join();

                assertThat(ordered.status()).isEqualTo(202);
                assertThat(ordered.json().get("name").asString()).isEqualTo("issues");
                assertThat(ordered.json().get("state").asString()).isEqualTo("RUNNING");
                assertThat(ordered.json().get("finishedAt").isNull()).isTrue();
                assertThat(again.status()).isEqualTo(202);
                assertThat(again.json().get("startedAt"))
                        .isEqualTo(ordered.json().get("startedAt"));
                JsonNode done = rebuilt();
                assertThat(done.get("state").asString())
                        .describedAs(done.toString())
                        .isEqualTo("DONE");
                assertThat(done.get("startedAt")).isEqualTo(ordered.json().get("startedAt"));
                assertThat(done.get("finishedAt").asString()).matches(".*\\.\\d{3}Z");
                assertThat(done.get("error").isNull()).isTrue();
                assertThat(done.get("position").asLong())
                        .isGreaterThanOrEqualTo(ordered.json().get("target").asLong());
            }
        } finally {
            rebuilding.set(false);
        }
        assertThat(reading.join()).isPositive();
        long last = writing.join();
        seen(last);
        JsonNode live = query.get("/issues/r-1").json();
        assertThat(live.get("position").asLong()).isEqualTo(last);
        assertThat(query.get("/issues/r-1?version=" + live.get("version")).json())
                .isEqualTo(live);
    }

    @Test
    void parked_events_are_listed_in_pages_and_retried_and_degrade_the_service_until_they_are_applied() {
        RECORDER.record("p-1", OPENED);
        long first = RECORDER.recordText("p-1", "PersonInCharge", "1", "{}", Recorder.metadata("ada", null, null))
                .last();
        RECORDER.record("p-1", note(1, "After it"));
        long last = RECORDER.record("p-2", OPENED).last();
        seen(last);

        assertThat(query.get("/issues").header("Ledger-Parked")).isEqualTo(Long.toString(first));
        assertThat(query.get("/issues/p-1").header("Ledger-Parked")).isEqualTo(Long.toString(first));
        assertThat(query.get("/issues/p-1").json().get("version").asInt()).isEqualTo(1);
        query.get("/issues/p-1", "Ledger-Min-Position", Long.toString(first)).isProblem(503, "parked");
        assertThat(query.get("/issues/p-2").header("Ledger-Parked")).isEmpty();
        Answer ready = query.get("/actuator/health/readiness");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.json().get("status").asString()).isEqualTo("DEGRADED");

        Answer page = query.get("/projections/issues/parked?limit=1");
        assertThat(page.items("position")).containsExactly(Long.toString(first));
        assertThat(page.items("issueId")).containsExactly("p-1");
        assertThat(page.items("type")).containsExactly("PersonInCharge");
        assertThat(page.items("error").getFirst()).contains("cannot be read").doesNotContain("issueledger.", "java.");
        assertThat(page.items("at").getFirst()).matches(".*\\.\\d{3}Z");
        Answer rest = query.get("/projections/issues/parked?limit=1&cursor=" + page.nextCursor());
        assertThat(rest.items("error")).containsExactly("event " + first + " of this issue is parked");
        assertThat(rest.json().get("nextCursor").isNull()).isTrue();

        assertThat(query.send("POST", "/projections/issues/parked/retry").join().body())
                .isEqualTo("{\"retried\":0,\"parked\":2}");
        LEARNED.set(true);
        assertThat(query.send("POST", "/projections/issues/parked/retry").join().body())
                .isEqualTo("{\"retried\":2,\"parked\":0}");

        assertThat(query.get("/projections/issues/parked").items()).isEmpty();
        assertThat(query.get("/analytics/summary").header("Ledger-Parked")).isEqualTo(Long.toString(first));
        assertThat(query.send("POST", "/projections/analytics/parked/retry")
                        .join()
                        .body())
                .isEqualTo("{\"retried\":2,\"parked\":0}");
        assertThat(query.get("/analytics/summary").header("Ledger-Parked")).isEmpty();
        Answer applied = query.get("/issues/p-1", "Ledger-Min-Position", Long.toString(last));
        assertThat(applied.header("Ledger-Parked")).isEmpty();
        assertThat(applied.json().get("version").asInt()).isEqualTo(3);
        assertThat(applied.json().get("assignee").asString()).isEqualTo("grace");
        assertThat(query.get("/issues").header("Ledger-Parked")).isEmpty();
        assertThat(query.get("/issues?assignee=grace").items("id")).containsExactly("p-1");
        assertThat(query.get("/actuator/health/readiness").json().get("status").asString())
                .isEqualTo("UP");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /projections/nothing/parked",
        "POST, /projections/nothing/parked/retry",
        "GET, /projections/nothing/rebuild",
        "POST, /projections/nothing/rebuild"
    })
    void an_unknown_projection_is_not_found(String method, String path) {
        query.send(method, path).join().isProblem(404, "not-found");
    }

    @Test
    void bad_parameters_of_the_parked_events_are_refused() {
        query.get("/projections/issues/parked?limit=0").isMalformed("limit");
        query.get("/projections/issues/parked?limit=1001").isMalformed("limit");
        query.get("/projections/issues/parked?cursor=x").isMalformed("cursor");
        query.get("/projections/issues/parked?after=1").isMalformed("after");
    }

    @Test
    void a_projection_that_was_never_rebuilt_is_idle_and_a_method_that_does_not_exist_is_refused() {
        assertThat(List.of("IDLE", "DONE"))
                .contains(query.get("/projections/issues/rebuild")
                        .json()
                        .get("state")
                        .asString());
        query.send("DELETE", "/projections/issues/rebuild").join().isProblem(405, "method-not-allowed");
        query.get("/projections/issues/parked/retry").isProblem(405, "method-not-allowed");
    }
}
