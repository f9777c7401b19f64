package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.admission.Admission;
import issueledger.admission.Traffic.Lane;
import issueledger.admission.Turns;
import issueledger.admission.Turns.Turn;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The edge of a service whose places are all taken. */
class OverloadTest extends OverHttp {
    private static final Duration LONG = Duration.ofSeconds(10);

    @Autowired
    private Admission admission;

    private final List<Turn> taken = new ArrayList<>();

    private Turns singles() {
        return admission.turns(Lane.SINGLE);
    }

    private void takeAllPlaces(Lane lane) {
        Turns turns = admission.turns(lane);
        long left = 100_000;
        while (turns.hasPlace() && left-- > 0) {
            taken.add(turns.take("someone", Duration.ZERO, true, false));
        }
    }

    @AfterEach
    void giveBack() {
        taken.forEach(Turn::close);
        await(() -> singles().waiting() == 0 && singles().paused() == 0);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void a_command_that_gets_no_turn_in_time_is_not_carried_out() {
        String issue = opened();
        long head = head();
        takeAllPlaces(Lane.SINGLE);
        long start = System.nanoTime();
        Answer refused = post("/issues/" + issue + "/record-note", NOTE, "Prefer", "wait=1")
                .isProblem(503, "overloaded");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(900), Duration.ofMillis(1_900));
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 30);
        assertThat(head()).isEqualTo(head);
    }

    @Test
    void a_command_that_may_not_wait_is_refused_at_once() {
        takeAllPlaces(Lane.SINGLE);
        long start = System.nanoTime();
        post("/issues", OPENING.formatted(newId()), "Prefer", "respond-async, wait=0")
                .isProblem(503, "overloaded");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
    }

    @Test
    void the_page_can_read_that_the_service_is_overloaded() {
        takeAllPlaces(Lane.SINGLE);
        Answer refused = post("/issues", OPENING.formatted(newId()), "Prefer", "wait=0", "Origin", PageOriginTest.PAGE)
                .isProblem(503, "overloaded");
        assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo(PageOriginTest.PAGE);
        assertThat(refused.header("Access-Control-Expose-Headers")).contains("Retry-After");
    }

    @Test
    void a_command_whose_turn_comes_is_carried_out() throws Exception {
        String issue = opened();
        takeAllPlaces(Lane.SINGLE);
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(
                () -> post("/issues/" + issue + "/record-note", NOTE, "Prefer", "wait=oo"));
        await(() -> singles().waiting() == 1);
        assertThat(answer).isNotDone();
        taken.remove(0).close();
        answer.get(10, TimeUnit.SECONDS).is(200);
    }

    @Test
    void a_command_whose_client_has_left_is_not_carried_out() throws Exception {
        String issue = opened();
        takeAllPlaces(Lane.SINGLE);
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.getOutputStream().write(request(issue, NOTE.length(), NOTE));
            await(() -> singles().waiting() == 1);
        }
        TimeUnit.MILLISECONDS.sleep(100);
        taken.remove(0).close();
        await(() -> singles().waiting() == 0);
        takeAllPlaces(Lane.SINGLE); // The one that left has given its place back.
        assertThat(recorded(issue)).hasSize(1);
    }

    @Test
    void a_body_that_does_not_arrive_takes_no_place() throws Exception {
        String issue = opened();
        int before = singles().inFlight();
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = new Socket("127.0.0.1", port());
                socket.getOutputStream().write(request(issue, NOTE.length(), NOTE.substring(0, 5)));
                slow.add(socket);
            }
            // The last one is counted as paused a moment before it gives its place back.
            await(() -> singles().paused() == 200 && singles().inFlight() == before);
            post("/issues/" + issue + "/record-note", NOTE).is(200);
            slow.get(0).getOutputStream().write(NOTE.substring(5).getBytes(StandardCharsets.US_ASCII));
            await(() -> recorded(issue).size() == 3);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void health_is_answered_when_nothing_else_is() {
        takeAllPlaces(Lane.SINGLE);
        takeAllPlaces(Lane.LONG);
        get("/actuator/health/liveness").is(200);
        get("/actuator/health/readiness").is(200);
        assertThat(get("/actuator/prometheus").is(200).text())
                .contains("ledger_requests_inflight{lane=\"single\"} "
                        + (double) singles().inFlight());
    }

    @Test
    void bulk_requests_have_places_of_their_own() {
        String issue = opened();
        takeAllPlaces(Lane.LONG);
        post("/issues/" + issue + "/record-note", NOTE).is(200);
        String line = "{\"command\":\"record-note\",\"issueId\":\"" + issue + "\",\"body\":" + NOTE + "}\n";
        bulk(line, "wait=0").isProblem(503, "overloaded");
        taken.remove(0).close();
        assertThat(bulk(line, "wait=5").is(200).text()).contains("\"status\":200");
    }

    private Answer bulk(String line, String prefer) {
        return send(
                "POST",
                "/commands",
                java.net.http.HttpRequest.BodyPublishers.ofString(line),
                "Content-Type",
                "application/x-ndjson",
                "Prefer",
                prefer);
    }

    private static byte[] request(String issue, int length, String body) throws IOException {
        return ("POST /issues/" + issue
                        + "/record-note HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + length + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
