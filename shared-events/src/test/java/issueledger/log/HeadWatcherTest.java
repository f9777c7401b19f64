package issueledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

@Timeout(30)
class HeadWatcherTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final AtomicLong stored = new AtomicLong();
    private volatile boolean away;

    private HeadWatcher watch() {
        return new HeadWatcher("head", Duration.ofMillis(10), () -> {
            if (away) {
                throw new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, "the store is away", null);
            }
            return stored.get();
        });
    }

    @Test
    void an_append_of_this_process_wakes_without_a_poll() throws Exception {
        away = true;
        try (HeadWatcher watcher = watch()) {
            CompletableFuture<Long> woken = waitBeyond(watcher, 4);
            watcher.advanced(5);

            assertThat(woken.get()).isEqualTo(5);
        }
    }

    @Test
    void an_append_of_another_process_is_polled() throws Exception {
        try (HeadWatcher watcher = watch()) {
            CompletableFuture<Long> woken = waitBeyond(watcher, 0);
            stored.set(3);

            assertThat(woken.get()).isEqualTo(3);
        }
    }

    @Test
    void the_head_never_goes_back() throws Exception {
        stored.set(2);
        try (HeadWatcher watcher = watch()) {
            watcher.advanced(9);
            watcher.advanced(7);

            assertThat(watcher.awaitBeyond(8, LONG)).isEqualTo(9);
            assertThat(watcher.awaitBeyond(9, Duration.ofMillis(30))).isEqualTo(9);
        }
    }

    @Test
    void a_store_that_was_away_is_seen_when_it_is_back() throws Exception {
        away = true;
        try (HeadWatcher watcher = watch()) {
            assertThat(watcher.awaitBeyond(0, Duration.ofMillis(50))).isZero();
            stored.set(1);
            away = false;

            assertThat(watcher.awaitBeyond(0, LONG)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "5, 1"})
    void a_store_that_fails_at_one_look_is_not_told_and_one_that_goes_on_failing_is_told_once(int failures, int told)
            throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger logger = (Logger) LoggerFactory.getLogger(HeadWatcher.class);
        logger.addAppender(lines);
        AtomicInteger left = new AtomicInteger(failures);
        try (HeadWatcher watcher = new HeadWatcher("head", Duration.ofMillis(10), () -> {
            if (left.getAndDecrement() > 0) {
                throw new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, "the store is away", null);
            }
            return 1;
        })) {
            assertThat(watcher.awaitBeyond(0, LONG)).isEqualTo(1);
            assertThat(lines.list).hasSize(told);
        } finally {
            logger.detachAppender(lines);
        }
    }

    @Test
    void a_listener_that_fails_takes_nothing_from_the_others_and_nobody_is_forgotten() throws Exception {
        Semaphore called = new Semaphore(0);
        try (HeadWatcher watcher = watch()) {
            watcher.onAdvance(() -> {
                throw new IllegalStateException("a listener of the test's that fails");
            });
            watcher.onAdvance(called::release);

            for (int position = 1; position <= 3; position++) {
                stored.set(position);
                assertThat(called.tryAcquire(LONG.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
                assertThat(watcher.awaitBeyond(position - 1, LONG)).isEqualTo(position);
            }
        }
    }

    @Test
    void closing_wakes_who_waits() throws Exception {
        HeadWatcher watcher = watch();
        CompletableFuture<Long> woken = waitBeyond(watcher, 0);
        watcher.close();

        assertThat(woken.get(LONG.toMillis(), TimeUnit.MILLISECONDS)).isZero();
    }

    private static CompletableFuture<Long> waitBeyond(HeadWatcher watcher, long position) throws InterruptedException {
        CompletableFuture<Long> woken = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            started.countDown();
            try {
                woken.complete(watcher.awaitBeyond(position, Duration.ofSeconds(25)));
            } catch (InterruptedException e) {
                woken.completeExceptionally(e);
            }
        });
        started.await();
        return woken;
    }
}
