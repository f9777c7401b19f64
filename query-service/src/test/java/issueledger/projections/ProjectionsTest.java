package issueledger.projections;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.projections.Projections.Progress;
import issueledger.query.Recorder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class ProjectionsTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private static final Views VIEWS = Views.embedded();

    private EventLog log;
    private Recorder recorder;
    private final Notes good = new Notes("good");
    private final Notes bad = new Notes("bad");
    private volatile Optional<String> shortage = Optional.empty();
    private @Nullable Projections projections;

    /** A view that keeps positions, and can fail. */
    private static final class Notes implements Projection {
        private final String name;
        private final List<Long> positions = Collections.synchronizedList(new ArrayList<>());
        private volatile @Nullable String failure;

        Notes(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String storedAs() {
            return name + "-1";
        }

        @Override
        public void apply(List<RecordedEvent> batch) {
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            batch.forEach(event -> positions.add(event.position()));
        }

        @Override
        public long parked() {
            return 0;
        }
    }

    @BeforeEach
    void open() {
        log = SqliteEventLog.open(directory.resolve("events.db"), Clock.systemUTC());
        recorder = new Recorder(log);
    }

    @AfterEach
    void close() {
        if (projections != null) {
            projections.stop();
        }
        log.close();
    }

    private Projections started(boolean inBulk) {
        Projections started = new Projections(log, List.of(good, bad), VIEWS, inBulk, () -> shortage);
        projections = started;
        started.start();
        return started;
    }

    private static Health health(Projections projections) {
        return new ProjectionsHealthIndicator(projections).health();
    }

    @Test
    void a_failing_view_is_shown_and_retried_while_the_others_go_on() throws InterruptedException {
        bad.failure = "the store does not answer";
        recorder.record("i-1", OPENED);
        Projections running = started(true);
        recorder.record("i-1", STARTED);
        await(() -> good.positions.size() == 2 && !running.troubles().isEmpty());

        assertThat(running.troubles()).containsExactly("bad stands at position 0 of 2: the store does not answer");
        assertThat(running.progress())
                .containsExactly(new Progress("good", 2, 2, 0, 0), new Progress("bad", 0, 2, 2, 0));
        assertThat(health(running).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health(running).getDetails()).containsEntry("troubles", running.troubles());

        bad.failure = null;

        assertThat(running.await(2, SOON)).isEqualTo(2);
        assertThat(bad.positions).containsExactly(1L, 2L);
        assertThat(running.troubles()).isEmpty();
        await(() -> health(running).getStatus().equals(Status.UP));
    }

    @Test
    void views_that_fill_the_heap_stop_growing_and_say_so_and_go_on_when_there_is_room() throws InterruptedException {
        recorder.record("i-1", OPENED);
        Projections running = started(true);
        assertThat(running.await(1, SOON)).isEqualTo(1);
        shortage = Optional.of("set ISSUE_LEDGER_HEAP_MB higher");
        recorder.record("i-1", STARTED);
        await(() -> running.troubles().size() == 2);

        assertThat(running.troubles()).contains("good stands at position 1 of 2: set ISSUE_LEDGER_HEAP_MB higher");
        assertThat(good.positions).containsExactly(1L);
        assertThat(health(running).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

        shortage = Optional.empty();

        assertThat(running.await(2, SOON)).isEqualTo(2);
        assertThat(good.positions).containsExactly(1L, 2L);
    }

    @Test
    void old_and_new_events_are_folded_once_each_in_bulk_or_not() throws InterruptedException {
        for (boolean inBulk : new boolean[] {true, false}) {
            good.positions.clear();
            long before = log.head().position();
            recorder.record("i-" + inBulk, OPENED);
            Projections running = started(inBulk);
            recorder.record("i-" + inBulk, STARTED);
            assertThat(running.await(before + 2, SOON)).isEqualTo(before + 2);
            running.stop();

            assertThat(good.positions)
                    .doesNotHaveDuplicates()
                    .hasSize((int) before + 2)
                    .isSorted();
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) throws InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(10);
        }
    }
}
