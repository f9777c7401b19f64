package issueledger.projections;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import issueledger.log.ErasureOrder;
import issueledger.log.EventLog;
import issueledger.log.sqlite.SqliteErasing;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.projections.Generation.Parked;
import issueledger.projections.Projections.Progress;
import issueledger.projections.Rebuild.State;
import issueledger.query.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** Projections of a log on disk, with views on disk. A process of a test is a store with its projections. */
@Timeout(60)
class ProjectionsTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String METADATA = Recorder.metadata("ada", null, null);

    @TempDir
    private Path directory;

    private EventLog log;
    private Recorder recorder;
    private final Positions good = new Positions("good");
    private final Positions bad = new Positions("bad");
    private final List<Process> processes = new ArrayList<>();

    /** A query service without its web server. */
    private final class Process {
        private final SqliteViewStore store;
        private final Projections projections;
        private boolean running = true;

        Process(EventLog of, Path folder, Projection... all) {
            store = new SqliteViewStore(folder, Clock.systemUTC());
            projections = new Projections(of, List.of(all), store, Clock.systemUTC());
            projections.start();
            processes.add(this);
        }

        Process caughtUp() throws InterruptedException, IOException {
            await(projections::caughtUp);
            return this;
        }

        void end() {
            if (running) {
                running = false;
                projections.stop();
                store.close();
            }
        }

        Feeder feeder(String name) {
            return projections.feeder(name);
        }

        Rebuild rebuilt(String name) throws InterruptedException, IOException {
            await(() -> !feeder(name).rebuild().isRunning());
            return feeder(name).rebuild();
        }
    }

    @BeforeEach
    void open() throws IOException {
        Files.createDirectory(directory.resolve("views"));
        log = log("events.db");
        recorder = new Recorder(log);
    }

    @AfterEach
    void close() {
        good.before = event -> {};
        bad.before = event -> {};
        processes.forEach(Process::end);
        log.close();
    }

    private EventLog log(String name) {
        return SqliteEventLog.open(directory.resolve(name), Clock.systemUTC());
    }

    private Path views() {
        return directory.resolve("views");
    }

    private Process started(Projection... all) {
        return new Process(log, views(), all);
    }

    private static Health health(Process process) {
        return new ProjectionsHealthIndicator(process.projections).health();
    }

    private List<String> generationFiles() throws IOException {
        try (Stream<Path> files = Files.list(views())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("views-.*\\.db"))
                    .toList();
        }
    }

    @Test
    void a_failing_view_is_shown_and_retried_while_the_others_go_on() throws InterruptedException, IOException {
        bad.before = event -> {
            throw new IllegalStateException("the store does not answer");
        };
        recorder.record("i-1", OPENED);
        Process process = started(good, bad);
        recorder.record("i-1", STARTED);
        await(() -> List.of(1L, 2L).equals(good.stored())
                && !process.projections.troubles().isEmpty());

        assertThat(process.projections.troubles())
                .containsExactly("bad stands at position 0 of 2: the store does not answer");
        assertThat(process.projections.progress())
                .containsExactly(new Progress("good", 2, 2, 0, 0), new Progress("bad", 0, 2, 2, 0));
        assertThat(health(process).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health(process).getDetails()).containsEntry("troubles", process.projections.troubles());

        bad.before = event -> {};

        assertThat(process.projections.await(2, SOON)).isEqualTo(2);
        assertThat(bad.stored()).containsExactly(1L, 2L);
        assertThat(process.projections.troubles()).isEmpty();
        await(() -> health(process).getStatus().equals(Status.UP));
    }

    @Test
    void a_restart_goes_on_from_the_stored_position() throws InterruptedException, IOException {
        recorder.record("i-1", OPENED, STARTED);
        started(good).caughtUp().end();
        recorder.record("i-1", note(1, "Later"));
        Positions restarted = new Positions("good");

        started(restarted).caughtUp();

        assertThat(restarted.folded).containsExactly(3L);
        assertThat(restarted.stored()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void a_first_fill_that_is_killed_in_the_middle_goes_on() throws InterruptedException, IOException {
        String long1 = "x".repeat(900_000);
        for (int i = 0; i < 6; i++) {
            recorder.recordText("i-" + i, "NoteRecorded", "1", "{\"text\":\"" + long1 + "\"}", METADATA);
        }
        CountDownLatch killed = new CountDownLatch(1);
        good.before = event -> {
            if (event.position() == 6) {
                wait(killed);
            }
        };
        Process first = started(good);
        await(() -> first.feeder("good").progress() > 0);
        long reached = first.feeder("good").progress();
        assertThat(first.projections.position()).isZero();
        Path left = copyOfTheViews();
        killed.countDown();
        Positions restarted = new Positions("good");

        Process next = new Process(log, left, restarted).caughtUp();

        assertThat(restarted.folded)
                .doesNotHaveDuplicates()
                .startsWith(reached + 1)
                .endsWith(6L);
        assertThat(restarted.stored()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(next.feeder("good").parked()).isZero();
    }

    /** The views as a kill at this moment would leave them. */
    private Path copyOfTheViews() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        try (Stream<Path> files = Files.list(views())) {
            for (Path file : files.filter(f -> !f.toString().endsWith("-shm")).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return copy;
    }

    @Test
    void views_of_a_longer_log_are_filled_anew() throws InterruptedException, IOException {
        recorder.record("i-1", OPENED);
        log.close();
        Files.copy(directory.resolve("events.db"), directory.resolve("back-up.db"));
        log = log("events.db");
        recorder = new Recorder(log);
        recorder.record("i-2", OPENED, STARTED);
        started(good).caughtUp().end();
        Positions restarted = new Positions("good");

        try (EventLog restored = log("back-up.db")) {
            Process process = new Process(restored, views(), restarted).caughtUp();

            assertThat(restarted.stored()).containsExactly(1L);
            assertThat(process.projections.position()).isEqualTo(1);
            assertThat(generationFiles()).hasSize(1);
            process.end();
        }
    }

    @Test
    void views_of_another_log_are_filled_anew() throws InterruptedException, IOException {
        recorder.record("i-1", OPENED);
        started(good).caughtUp().end();
        Positions restarted = new Positions("good");

        try (EventLog other = log("other.db")) {
            Recorder otherwise = new Recorder(other);
            otherwise.record("j-1", OPENED);
            otherwise.record("j-1", STARTED);
            Process process = new Process(other, views(), restarted).caughtUp();

            assertThat(restarted.folded).containsExactly(1L, 2L);
            assertThat(restarted.stored()).containsExactly(1L, 2L);
            assertThat(generationFiles()).hasSize(1);
            process.end();
        }
    }

    @Test
    void views_of_another_version_are_filled_anew_and_removed() throws InterruptedException, IOException {
        recorder.record("i-1", OPENED, STARTED);
        started(good).caughtUp().end();
        Positions next = new Positions("good", 2);

        started(next).caughtUp();

        assertThat(next.stored()).containsExactly(1L, 2L);
        assertThat(generationFiles()).hasSize(1).first().asString().startsWith("views-good-2-");
    }

    @Test
    void views_that_hold_a_text_that_was_erased_since_are_filled_anew() throws InterruptedException, IOException {
        recorder.record("i-1", OPENED, note(1, "A name"));
        started(good).caughtUp().end();
        log.close();
        SqliteErasing.erase(
                directory.resolve("events.db"), new ErasureOrder("i-1", 2, false, "ada", "asked", Instant.EPOCH));
        log = log("events.db");
        Positions restarted = new Positions("good");

        started(restarted).caughtUp().end();

        assertThat(restarted.folded).containsExactly(1L, 2L);
        Positions again = new Positions("good");
        started(again).caughtUp();
        assertThat(again.folded).isEmpty();
    }

    private void recordUnreadable(String issue) {
        recorder.recordText(issue, "NoteRecorded", "1", "\"" + Positions.UNREADABLE + "\"", METADATA);
    }

    @Test
    void an_event_that_cannot_be_applied_is_parked_with_the_later_ones_of_its_issue_and_the_others_go_on()
            throws InterruptedException, IOException {
        recorder.record("i-1", OPENED);
        recordUnreadable("i-1");
        recorder.record("i-2", OPENED);
        Process process = started(good, bad).caughtUp();
        recorder.record("i-1", STARTED);
        recorder.record("i-2", STARTED);
        bad.learned = true; // Each projection has parked events of its own, and those that are parked stay.

        assertThat(process.projections.await(5, SOON)).isEqualTo(5);

        assertThat(good.stored()).containsExactly(1L, 3L, 5L);
        assertThat(process.feeder("good").parked(0, 10))
                .extracting(Parked::position, Parked::issueId, Parked::type, Parked::error)
                .containsExactly(
                        tuple(2L, "i-1", "NoteRecorded", "not understood"),
                        tuple(4L, "i-1", "WorkStarted", "event 2 of this issue is parked"));
        assertThat(process.projections.parkedAt("good", "i-1")).isEqualTo(2);
        assertThat(process.projections.parkedAt("good", "i-2")).isNull();
        assertThat(process.projections.firstParked("good")).isEqualTo(2);
        assertThat(process.projections.progress()).contains(new Progress("good", 5, 5, 0, 2));
        assertThat(health(process).getStatus()).isEqualTo(new Status("DEGRADED"));
    }

    @Test
    void parked_events_survive_a_restart_and_are_applied_in_order_once_they_can_be_read()
            throws InterruptedException, IOException {
        recorder.record("i-1", OPENED);
        recordUnreadable("i-1");
        recorder.record("i-1", STARTED);
        recordUnreadable("i-2");
        started(good).caughtUp().end();
        Positions restarted = new Positions("good");
        Process process = started(restarted).caughtUp();
        assertThat(restarted.folded).isEmpty();
        assertThat(process.feeder("good").parked()).isEqualTo(3);
        assertThat(process.projections.parkedAt("good", "i-1")).isEqualTo(2);

        Orders.Retry nothing = process.feeder("good").orderRetry();
        assertThat(List.of(nothing.retried(), nothing.parked())).containsExactly(0L, 3L);
        assertThat(restarted.stored()).containsExactly(1L);

        restarted.learned = true;
        Orders.Retry all = process.feeder("good").orderRetry();

        assertThat(List.of(all.retried(), all.parked())).containsExactly(3L, 0L);
        assertThat(restarted.stored()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(process.feeder("good").parked(0, 10)).isEmpty();
        assertThat(process.projections.firstParked("good")).isNull();
        assertThat(health(process).getStatus()).isEqualTo(Status.UP);
        recorder.record("i-1", note(1, "Goes on"));
        assertThat(process.projections.await(5, SOON)).isEqualTo(5);
        assertThat(restarted.stored()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void retries_at_once_are_all_answered() throws InterruptedException, IOException {
        recordUnreadable("i-1");
        Process process = started(good).caughtUp();
        List<CompletableFuture<Orders.Retry>> retries = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            retries.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return process.feeder("good").orderRetry();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    Thread::startVirtualThread));
        }

        retries.forEach(retry -> assertThat(retry.join().parked()).isEqualTo(1));
    }

    @Test
    void one_of_two_services_feeds_and_the_other_follows_and_takes_over() throws InterruptedException, IOException {
        recorder.record("i-1", OPENED);
        Process first = started(good).caughtUp();
        Positions followed = new Positions("good");
        Process second = started(followed).caughtUp();
        assertThat(followed.stored()).containsExactly(1L);

        recorder.record("i-1", STARTED);
        recordUnreadable("i-2");
        assertThat(second.projections.await(3, Duration.ofSeconds(2))).isEqualTo(3);

        assertThat(followed.stored()).containsExactly(1L, 2L);
        assertThat(second.projections.parkedAt("good", "i-2")).isEqualTo(3);
        assertThat(health(second).getStatus()).isEqualTo(new Status("DEGRADED"));
        assertThat(followed.folded).isEmpty();

        first.end();
        recorder.record("i-1", note(1, "Goes on"));
        assertThat(second.projections.await(4, Duration.ofSeconds(2))).isEqualTo(4);

        assertThat(followed.folded).containsExactly(4L);
        assertThat(followed.stored()).containsExactly(1L, 2L, 4L);
    }

    @Test
    void an_order_that_is_given_to_a_follower_is_carried_out() throws InterruptedException, IOException {
        recorder.record("i-1", OPENED);
        recordUnreadable("i-1");
        started(good).caughtUp();
        Positions followed = new Positions("good");
        Process second = started(followed).caughtUp();
        good.learned = true;

        Orders.Retry retry = second.feeder("good").orderRetry();

        assertThat(List.of(retry.retried(), retry.parked())).containsExactly(1L, 0L);
        await(() -> second.feeder("good").parked() == 0);
        assertThat(followed.stored()).containsExactly(1L, 2L);

        assertThat(second.feeder("good").orderRebuild().isRunning()).isTrue();
        assertThat(second.rebuilt("good").state()).isEqualTo(State.DONE);
        assertThat(good.folded).endsWith(1L, 2L);
        assertThat(followed.folded).isEmpty();
        assertThat(second.projections.await(2, SOON)).isEqualTo(2);
        assertThat(followed.stored()).containsExactly(1L, 2L);
    }

    @Test
    void a_rebuild_that_is_ordered_twice_is_made_once_beside_the_views_that_are_served()
            throws InterruptedException, IOException {
        recorder.record("i-1", OPENED);
        recorder.record("i-1", STARTED);
        Process process = started(good).caughtUp();
        CountDownLatch go = new CountDownLatch(1);
        good.before = event -> {
            if (event.position() == 1) {
                wait(go);
            }
        };

        Rebuild ordered = process.feeder("good").orderRebuild();
        await(() -> generationFiles().size() == 2);
        Rebuild again = process.feeder("good").orderRebuild();
        assertThat(again.startedAt()).isEqualTo(ordered.startedAt());
        assertThat(again.isRunning()).isTrue();
        recorder.record("i-1", note(1, "Meanwhile"));
        assertThat(process.projections.await(3, SOON)).isEqualTo(3);
        assertThat(good.stored()).containsExactly(1L, 2L, 3L);
        go.countDown();

        Rebuild done = process.rebuilt("good");
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.position()).isEqualTo(3);
        assertThat(done.target()).isEqualTo(3);
        assertThat(done.finishedAt()).isNotNull();
        assertThat(good.folded).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
        assertThat(good.stored()).containsExactly(1L, 2L, 3L);
        assertThat(process.projections.position()).isEqualTo(3);
    }

    @Test
    void a_rebuild_that_fails_says_why_and_the_views_from_before_are_served_on()
            throws InterruptedException, IOException {
        recorder.record("i-1", OPENED);
        Process process = started(good).caughtUp();
        good.before = event -> {
            if (event.position() == 1) {
                throw new IllegalStateException("not this one");
            }
        };

        process.feeder("good").orderRebuild();

        Rebuild failed = process.rebuilt("good");
        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.error()).isEqualTo("not this one");
        recorder.record("i-1", STARTED);
        assertThat(process.projections.await(2, SOON)).isEqualTo(2);
        assertThat(good.stored()).containsExactly(1L, 2L);
        assertThat(generationFiles()).hasSize(1);
        assertThat(process.projections.troubles()).isEmpty();
    }

    @Test
    void a_rebuild_that_is_killed_has_failed_and_is_cleaned_up_at_the_next_start()
            throws InterruptedException, IOException {
        recorder.record("i-1", OPENED);
        Process process = started(good).caughtUp();
        CountDownLatch killed = new CountDownLatch(1);
        good.before = event -> wait(killed);
        process.feeder("good").orderRebuild();
        await(() -> generationFiles().size() == 2);
        assertThat(generationFiles()).hasSize(2);
        Path left = copyOfTheViews();
        killed.countDown();
        process.end();
        Positions restarted = new Positions("good");

        Process next = new Process(log, left, restarted).caughtUp();

        assertThat(next.feeder("good").rebuild().state()).isEqualTo(State.FAILED);
        assertThat(restarted.folded).isEmpty();
        assertThat(restarted.stored()).containsExactly(1L);
        try (Stream<Path> files = Files.list(left)) {
            assertThat(files.filter(file -> file.toString().matches(".*views-good.*\\.db")))
                    .hasSize(1);
        }
    }

    @Test
    void an_order_for_a_rebuild_survives_a_restart() throws InterruptedException, IOException {
        recorder.record("i-1", OPENED);
        Process process = started(good).caughtUp();
        process.end();
        SqliteViewStore store = new SqliteViewStore(views(), Clock.systemUTC());
        store.feed("good-1")
                .note(
                        "rebuild",
                        "{\"name\":\"good\",\"state\":\"RUNNING\",\"position\":0,\"target\":1,"
                                + "\"startedAt\":\"2026-03-01T08:00:00Z\",\"finishedAt\":null,\"error\":null}");
        store.close();

        Process next = started(good).caughtUp();

        assertThat(next.rebuilt("good").state()).isEqualTo(State.DONE);
        assertThat(good.folded).containsExactly(1L, 1L);
    }

    @Test
    void views_that_are_removed_under_a_running_service_are_filled_again_while_it_goes_on()
            throws InterruptedException, IOException {
        recorder.record("i-1", OPENED);
        Process process = started(good).caughtUp();
        try (Stream<Path> files = Files.list(views())) {
            for (Path file : files.filter(f -> f.toString().contains(".db")).toList()) {
                Files.delete(file);
            }
        }

        recorder.record("i-1", STARTED);

        await(() -> process.feeder("good").rebuild().state() == State.DONE);
        assertThat(process.projections.await(2, SOON)).isEqualTo(2);
        assertThat(good.stored()).containsExactly(1L, 2L);
        assertThat(generationFiles()).hasSize(1);
        process.end();
        Positions restarted = new Positions("good");
        started(restarted).caughtUp();
        assertThat(restarted.folded).isEmpty();
        assertThat(restarted.stored()).containsExactly(1L, 2L);
    }

    @Test
    void views_whose_file_is_missing_at_the_start_are_filled_anew() throws InterruptedException, IOException {
        recorder.record("i-1", OPENED);
        started(good).caughtUp().end();
        for (String file : generationFiles()) {
            Files.delete(views().resolve(file));
        }
        Positions restarted = new Positions("good");

        started(restarted).caughtUp();

        assertThat(restarted.stored()).containsExactly(1L);
        assertThat(generationFiles()).hasSize(1);
    }

    private static void wait(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws InterruptedException, IOException {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(10);
        }
    }
}
