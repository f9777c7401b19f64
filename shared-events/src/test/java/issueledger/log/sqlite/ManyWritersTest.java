package issueledger.log.sqlite;

import static issueledger.log.LogExamples.appended;
import static issueledger.log.LogExamples.commit;
import static issueledger.log.LogExamples.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.log.Verifier;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several services on one file, writing at once. */
@Timeout(120)
class ManyWritersTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration FAST = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private final List<EventLog> opened = new ArrayList<>();

    private EventLog open(Clock clock) {
        EventLog log = SqliteEventLog.open(folder.resolve("events.db"), clock);
        opened.add(log);
        return log;
    }

    @AfterEach
    void closeLogs() {
        opened.forEach(EventLog::close);
    }

    @Test
    void every_instance_is_woken_up_to_the_end_and_time_never_goes_back_though_one_clock_is_fast() throws Exception {
        int instances = 4;
        int commits = 60;
        long end = (long) instances * commits;
        Instant begun = Instant.now();
        List<EventLog> logs = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            logs.add(open(i == 1 ? Clock.offset(Clock.systemUTC(), FAST) : Clock.systemUTC()));
        }
        List<CountDownLatch> heard = new ArrayList<>();
        for (EventLog log : logs) {
            CountDownLatch latch = new CountDownLatch(1);
            heard.add(latch);
            log.onAdvance(() -> {
                if (log.head().position() == end) {
                    latch.countDown();
                }
            });
        }

        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<Long>> waiting = new ArrayList<>();
            List<Future<?>> writing = new ArrayList<>();
            for (int i = 0; i < instances; i++) {
                EventLog log = logs.get(i);
                String stream = "writer-" + i;
                waiting.add(threads.submit(() -> {
                    long seen = 0;
                    while (seen < end) {
                        long now = log.awaitBeyond(seen, LONG);
                        assertThat(now).as("woken beyond %s", seen).isGreaterThan(seen);
                        seen = now;
                    }
                    return seen;
                }));
                writing.add(threads.submit(() -> {
                    for (int n = 0; n < commits; n++) {
                        appended(log, commit(note(stream, n)));
                    }
                }));
            }
            for (Future<?> each : writing) {
                each.get();
            }
            for (Future<Long> each : waiting) {
                assertThat(each.get()).isEqualTo(end);
            }
        }
        for (CountDownLatch latch : heard) {
            assertThat(latch.await(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        }

        List<RecordedEvent> events = logs.get(0).read(0, 1_000);
        assertThat(events).extracting(RecordedEvent::position).isEqualTo(positions(end));
        assertThat(events).extracting(RecordedEvent::recordedAt).isSorted();
        assertThat(events.getLast().recordedAt()).isAfter(begun.plus(FAST).minusMillis(1));
        assertThat(Verifier.verify(folder.resolve("events.db")).sentence()).startsWith(end + " events in " + end);
    }

    @Test
    void what_another_instance_wrote_between_two_appends_is_never_overlooked() {
        EventLog one = open(Clock.systemUTC());
        EventLog other = open(Clock.systemUTC());

        for (int i = 0; i < 30; i++) {
            EventLog log = i % 3 == 0 ? other : one;
            assertThat(appended(log, commit(note("a", i))).first()).isEqualTo(i + 1);
        }
        assertThat(one.readStream("a", 0, 100)).hasSize(30);
    }

    @Test
    @Tag("full")
    void processes_that_write_at_once_make_one_dense_log_and_wake_each_other() throws Exception {
        int processes = 3;
        int events = 150;
        long end = (long) processes * events;
        Path file = folder.resolve("events.db");
        EventLog reading = open(Clock.systemUTC());
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            running.add(AnotherProcess.start(file, "process-" + i, events, i == 0 ? FAST.toSeconds() : 0));
        }

        long seen = 0;
        while (seen < end) {
            long now = reading.awaitBeyond(seen, LONG);
            assertThat(now).as("woken beyond %s", seen).isGreaterThan(seen);
            seen = now;
        }
        for (Process process : running) {
            assertThat(process.waitFor()).isZero();
        }

        assertThat(reading.read(0, 1_000)).extracting(RecordedEvent::position).isEqualTo(positions(end));
        for (int i = 0; i < processes; i++) {
            assertThat(reading.readStream("process-" + i, 0, 1_000)).hasSize(events);
        }
        assertThat(Verifier.verify(file).sentence()).startsWith(end + " events in " + end + " commits");
    }

    private static List<Long> positions(long end) {
        return LongStream.rangeClosed(1, end).boxed().toList();
    }
}
