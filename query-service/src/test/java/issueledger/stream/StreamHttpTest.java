package issueledger.stream;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.admission.Admission;
import issueledger.admission.Traffic.Lane;
import issueledger.admission.Turns.Turn;
import issueledger.events.EventJson;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import issueledger.stream.StreamClient.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** {@code GET /events/stream}. */
@Timeout(120)
class StreamHttpTest extends QueryServiceTest {
    private static final String LARGE = "x".repeat(300_000);

    @LocalServerPort
    private int port;

    @Autowired
    private EventStream stream;

    @Autowired
    private Admission admission;

    private StreamClient follow(long after) throws IOException {
        return new StreamClient(port, "?after=" + after);
    }

    @Test
    void events_come_as_the_items_of_the_log_with_their_positions_as_ids() throws IOException {
        record("stream-1", OPENED, STARTED);
        long last = LOG.head().position();
        long first = Math.max(0, last - 50);
        List<String> items = query.get("/events?after=" + first).items().stream()
                .map(EventJson.MAPPER::writeValueAsString)
                .toList();
        List<String> got = new ArrayList<>();
        try (StreamClient client = follow(first)) {
            assertThat(client.status()).endsWith(" 200 ");
            assertThat(client.headers()).anyMatch(header -> header.matches("(?i)content-type: text/event-stream"));
            assertThat(client.headers()).anyMatch(header -> header.matches("Ledger-Position: \\d+"));
            assertThat(client.next()).describedAs("a comment comes at once").isEqualTo(new Message(null, ""));
            for (long position = first + 1; position <= last; position++) {
                Message event = client.event();
                assertThat(event.id()).isEqualTo(Long.toString(position));
                got.add(event.text());
            }
            assertThat(got).isEqualTo(items);

            long next = record("stream-1", note(1, "Live")).last();
            Message live = client.event();
            assertThat(live.id()).isEqualTo(Long.toString(next));
            assertThat(live.text()).contains("\"Live\"");
        }
    }

    @Test
    void the_last_event_id_wins_over_after() throws IOException {
        long last = record("resumed-1", OPENED, STARTED, note(1, "One")).last();
        try (StreamClient resumed = new StreamClient(port, "?after=0", "Last-Event-ID", Long.toString(last - 1));
                StreamClient zero = new StreamClient(port, "?after=" + last, "Last-Event-ID", "0");
                StreamClient ahead = follow(last + 1)) {
            assertThat(resumed.event().position()).isEqualTo(last);
            assertThat(zero.event().position()).isEqualTo(1);
            record("resumed-1", note(2, "Two"), note(3, "Three"));
            assertThat(ahead.event().position())
                    .describedAs("a place beyond the head waits for it")
                    .isEqualTo(last + 2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "?after=x, 1, after",
        "?after=-1, 1, after",
        "?after=9223372036854775808, 1, after",
        "?after=, 1, after",
        "?after=1&after=2, 1, after",
        "?limit=1, 1, limit",
        "?actor=ada, 1, actor",
        "?after=1, x, Last-Event-ID",
        "?after=1, '', Last-Event-ID",
        "'', -1, Last-Event-ID"
    })
    void a_bad_value_is_refused_and_named(String parameters, String last, String named) {
        query.get("/events/stream" + parameters, "Last-Event-ID", last).isMalformed(named);
    }

    @Test
    void other_types_are_not_acceptable_and_a_head_has_no_body() {
        query.get("/events/stream", "Accept", "application/json").isProblem(406, "not-acceptable");
        assertThat(query.send("HEAD", "/events/stream", "Accept", "text/event-stream")
                        .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                        .join()
                        .status())
                .isEqualTo(200);
        query.get(
                        "/events/stream",
                        "Ledger-Min-Position",
                        Long.toString(LOG.head().position() + 1_000))
                .isProblem(503, "not-yet");
    }

    @Test
    void a_stream_has_a_place_of_its_own_until_its_client_leaves() throws Exception {
        until(() -> admission.turns(Lane.STREAM).inFlight() == 0);
        int singles = admission.turns(Lane.SINGLE).inFlight();
        try (StreamClient one = follow(0);
                StreamClient other = follow(0)) {
            assertThat(one.next()).isNotNull();
            assertThat(other.next()).isNotNull();
            assertThat(admission.turns(Lane.STREAM).inFlight()).isEqualTo(2);
            assertThat(admission.turns(Lane.SINGLE).inFlight()).isEqualTo(singles);
        }
        until(() -> admission.turns(Lane.STREAM).inFlight() == 0);
    }

    @Test
    void beyond_the_places_of_streams_a_client_is_refused() {
        List<Turn> taken = new ArrayList<>();
        try {
            while (admission.turns(Lane.STREAM).hasPlace()) {
                taken.add(admission.turns(Lane.STREAM).take("others", Duration.ZERO, false, false));
            }
            assertThat(taken).hasSizeGreaterThanOrEqualTo(300);
            query.get("/events/stream", "Prefer", "wait=0").isProblem(503, "overloaded");
            query.get("/events/%73tream", "Prefer", "wait=0").isProblem(503, "overloaded");
            assertThat(query.get("/events?limit=1").status()).isEqualTo(200);
        } finally {
            taken.forEach(Turn::close);
        }
    }

    @Test
    void while_others_write_each_client_that_comes_and_goes_gets_each_event_once_in_order() throws Exception {
        long first = LOG.head().position();
        int clients = 8;
        long events = 1_500;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Long>>> got = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Random random = new Random(i);
                got.add(threads.submit(() -> comeAndGo(first, first + events, random)));
            }
            Future<?> writer = threads.submit(() -> {
                Recorder recorder = recorder();
                recorder.record("busy-1", OPENED);
                for (int number = 1; number < events; number++) {
                    recorder.record("busy-1", note(number, "Busy"));
                    if (number % 50 == 0) {
                        Thread.sleep(5);
                    }
                }
                return null;
            });
            writer.get();
            for (Future<List<Long>> one : got) {
                assertThat(one.get())
                        .containsExactlyElementsOf(LongStream.rangeClosed(first + 1, first + events)
                                .boxed()
                                .toList());
            }
        }
    }

    private List<Long> comeAndGo(long after, long last, Random random) throws IOException, InterruptedException {
        List<Long> got = new ArrayList<>();
        long position = after;
        while (position < last) {
            try (StreamClient client = random.nextBoolean()
                    ? follow(position)
                    : new StreamClient(port, "", "Last-Event-ID", Long.toString(position))) {
                int take = 1 + random.nextInt(400);
                for (int i = 0; i < take && position < last; i++) {
                    position = client.event().position();
                    got.add(position);
                    if (random.nextInt(200) == 0) {
                        Thread.sleep(random.nextInt(30));
                    }
                }
            }
        }
        return got;
    }

    @Tag("full")
    @Test
    void a_client_that_does_not_read_holds_nobody_back_and_misses_nothing_when_it_reads_on() throws Exception {
        long first = record("slow-1", OPENED).last();
        try (StreamClient slow = new StreamClient(port, 256 * 1024, "?after=" + first);
                StreamClient fast = follow(first)) {
            assertThat(slow.next()).isNotNull();
            long last = first;
            for (int i = 0; i < 60; i++) {
                last = recorder()
                        .recordText("slow-1", "NoteRecorded", "1", "{\"text\":\"" + LARGE + "\"}", "{}")
                        .last();
            }
            for (long position = first + 1; position <= last; position++) {
                assertThat(fast.event().position()).isEqualTo(position);
            }
            for (long position = first + 1; position <= last; position++) {
                Message event = slow.event();
                assertThat(event.position()).isEqualTo(position);
                assertThat(EventJson.MAPPER
                                .readTree(event.text())
                                .get("payload")
                                .get("text")
                                .asString())
                        .isEqualTo(LARGE);
            }
        }
    }

    @Test
    void three_hundred_clients_get_everything() throws Exception {
        long first = record("many-1", OPENED).last();
        List<StreamClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                clients.add(follow(first));
            }
            for (int i = 1; i <= 20; i++) {
                recorder().record("many-1", note(i, "To all"));
            }
            for (StreamClient client : clients) {
                for (long position = first + 1; position <= first + 20; position++) {
                    assertThat(client.event().position()).isEqualTo(position);
                }
            }
        } finally {
            for (StreamClient client : clients) {
                client.close();
            }
        }
        until(() -> stream.subscribers() == 0);
    }

    @Tag("full")
    @Test
    void heartbeats_come_while_there_is_nothing_to_say() throws IOException {
        try (StreamClient client = follow(LOG.head().position())) {
            client.next();
            long then = System.nanoTime();
            assertThat(client.next()).isEqualTo(new Message(null, ""));
            assertThat(Duration.ofNanos(System.nanoTime() - then))
                    .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(16));
        }
    }

    @Tag("full")
    @Test
    void a_service_that_stops_ends_its_streams_at_once() throws Exception {
        long head = LOG.head().position();
        long then = System.nanoTime();
        try (StreamClient client = follow(head);
                StreamClient stalled = new StreamClient(port, 256 * 1024, "?after=" + head)) {
            client.next();
            stalled.next();
            for (int i = 0; i < 30; i++) {
                recorder().recordText("stopped-1", "NoteRecorded", "1", "{\"text\":\"" + LARGE + "\"}", "{}");
            }
            client.event();
            stream.stop();
            while (client.event() != null) {
                // What was written before the end.
            }
            assertThat(Duration.ofNanos(System.nanoTime() - then)).isLessThan(Duration.ofSeconds(30));
            until(() -> stream.subscribers() == 0);
        } finally {
            stream.start();
        }
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).describedAs("the end of the wait").isLessThan(end);
            Thread.sleep(20);
        }
    }
}
