package issueledger.projections;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.query.Query.Answer;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Positions, {@code GET /projections}, and what every answer has in common. */
class ProjectionsHttpTest extends QueryServiceTest {

    @Test
    void a_projection_says_how_far_it_is_and_how_much_is_parked() {
        record("progress-1", OPENED);
        long parked = issues().get("parked").asLong();
        recorder().recordText("progress-1", "NoteRecorded", "1", "{", Recorder.metadata("ada", null, null));
        long last = record("progress-1", note(2, "Later")).last();

        assertThat(issues().toString())
                .isEqualTo("{\"name\":\"issues\",\"position\":%1$d,\"head\":%1$d,\"lag\":0,\"parked\":%2$d}"
                        .formatted(last, parked + 2));
    }

    private JsonNode issues() {
        return query.get("/projections").items().stream()
                .filter(item -> item.get("name").asString().equals("issues"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_client_that_names_a_position_waits_until_the_views_hold_it() {
        long next = record("wait-1", OPENED).last() + 1;
        CompletableFuture<Answer> early =
                query.send("GET", "/issues/wait-1", "Ledger-Min-Position", Long.toString(next));
        assertThat(early).isNotDone();

        recorder().record("wait-1", note(1, "Awaited"));

        assertThat(early.join().json().get("version").asInt()).isEqualTo(2);
        assertThat(early.join().header("Ledger-Position")).isEqualTo(Long.toString(next));
    }

    @Test
    @Tag("full")
    void a_client_gets_not_yet_after_five_seconds() {
        long last = record("patience-1", OPENED).last();
        long before = System.nanoTime();

        Answer answer = query.get("/issues/patience-1", "Ledger-Min-Position", Long.toString(last + 1));

        answer.isProblem(503, "not-yet");
        assertThat(System.nanoTime() - before).isBetween(4_900_000_000L, 15_000_000_000L);
        assertThat(answer.json().get("position").asLong()).isEqualTo(last);
        assertThat(answer.header("Retry-After")).matches("\\d+");
        assertThat(answer.header("Ledger-Position")).isEqualTo(Long.toString(last));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-1", "9223372036854775808", "99999999999999999999999", "x", "1.0", "\"7\"", "+7", "0x7", "7, 7"
            })
    void a_malformed_position_is_refused(String position) {
        query.get("/issues", "Ledger-Min-Position", position).isMalformed("Ledger-Min-Position");
    }

    @Test
    void a_position_given_twice_is_refused() {
        query.get("/issues", "Ledger-Min-Position", "0", "Ledger-Min-Position", "0")
                .isMalformed("Ledger-Min-Position");
    }

    @Test
    void every_answer_says_which_position_the_views_hold() {
        String position = Long.toString(record("position-1", OPENED).last());

        for (String path : new String[] {
            "/issues",
            "/issues/position-1",
            "/issues/position-1?version=1",
            "/issues/position-1/events",
            "/issues/position-1/timeline",
            "/issues/position-1/metrics",
            "/events",
            "/audit/head",
            "/projections",
            "/issues?limit=0",
            "/issues/nobody",
            "/nowhere"
        }) {
            assertThat(query.get(path).header("Ledger-Position"))
                    .describedAs(path)
                    .isEqualTo(position);
        }
        assertThat(query.get("/issues/position-1", "If-None-Match", "\"1\"").header("Ledger-Position"))
                .isEqualTo(position);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nowhere, 404, not-found",
        "GET, /issues/a/b/c, 404, not-found",
        "GET, /error, 404, not-found",
        "POST, /issues, 405, method-not-allowed",
        "DELETE, /issues/i-1, 405, method-not-allowed",
        "PUT, /audit/head, 405, method-not-allowed"
    })
    void an_unknown_path_is_a_problem(String method, String path, int status, String name) {
        Answer answer = query.send(method, path).join();

        answer.isProblem(status, name);
        assertThat(answer.json().get("instance").asString()).isEqualTo(path);
        if (status == 405) {
            assertThat(answer.header("Allow")).contains("GET");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/issues", "/issues/i-1", "/events", "/issues/i-1/timeline", "/audit/head", "/projections"})
    void what_cannot_be_answered_as_asked_is_a_problem(String path) {
        query.get(path, "Accept", "image/png").isProblem(406, "not-acceptable");
    }

    @Test
    void a_problem_names_the_trace_that_the_client_gave() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        assertThat(query.get("/nowhere", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                        .json()
                        .get("traceId")
                        .asString())
                .isEqualTo(trace);
    }

    @Test
    void a_service_that_has_caught_up_is_ready_and_says_how_far_it_is() {
        long last = record("ready-1", OPENED).last();

        Answer ready = query.get("/actuator/health/readiness");

        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.json()
                        .at("/components/projections/details/issues/position")
                        .asLong())
                .isEqualTo(last);
        assertThat(query.get("/actuator/health/liveness").status()).isEqualTo(200);
    }
}
