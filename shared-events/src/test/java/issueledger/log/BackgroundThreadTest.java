package issueledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class BackgroundThreadTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void the_work_runs_on_a_daemon_thread_of_the_name_and_its_end_is_waited_for() {
        AtomicReference<Thread> ran = new AtomicReference<>();

        new BackgroundThread("worker", () -> ran.set(Thread.currentThread())).awaitEnd(LONG);

        assertThat(ran.get().getName()).isEqualTo("worker");
        assertThat(ran.get().isDaemon()).isTrue();
    }

    @Test
    void work_that_fails_is_logged() {
        Logger log = (Logger) LoggerFactory.getLogger(BackgroundThread.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try {
            BackgroundThread thread = new BackgroundThread("worker", () -> {
                throw new IllegalStateException("a defect of the test's work");
            });
            thread.awaitEnd(LONG);
        } finally {
            log.detachAppender(lines);
        }

        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getFormattedMessage()).contains("worker");
        assertThat(lines.list.get(0).getThrowableProxy().getMessage()).isEqualTo("a defect of the test's work");
    }

    @Test
    void work_that_waits_is_interrupted() {
        AtomicBoolean interrupted = new AtomicBoolean();
        BackgroundThread thread = new BackgroundThread("worker", () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });

        thread.interrupt();
        thread.awaitEnd(LONG);

        assertThat(interrupted).isTrue();
    }

    @Test
    void work_that_does_not_end_is_given_up_and_so_is_the_wait_of_an_interrupted_caller() {
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        BackgroundThread thread = new BackgroundThread("worker", () -> {
            try {
                end.await();
                ended.set(true);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        thread.awaitEnd(Duration.ofMillis(10));
        Thread.currentThread().interrupt();
        thread.awaitEnd(LONG);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(ended).isFalse();
        end.countDown();
        thread.awaitEnd(LONG);
        assertThat(ended).isTrue();
    }
}
