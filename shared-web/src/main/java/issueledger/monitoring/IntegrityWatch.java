package issueledger.monitoring;

import issueledger.log.BackgroundThread;
import issueledger.log.EventLog;
import issueledger.log.LogUnavailable;
import issueledger.log.LogVerifier;
import issueledger.log.LogVerifier.Difference;
import issueledger.log.LogVerifier.Verified;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Verifies the log by itself: its last events at the start, and where it is told to, the whole of it slowly, at once and then each day.
 * The first difference stays until a whole verification finds none.
 */
final class IntegrityWatch implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(IntegrityWatch.class);

    private static final int END = 10_000;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration RETRY = Duration.ofSeconds(5);

    /** Pause, as a multiple of the time worked, so that a whole verification takes a twentieth of a core. */
    private static final int PAUSE = 19;

    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

    private final EventLog log;
    private final Clock clock;
    private final boolean daily;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch endVerified = new CountDownLatch(1);
    private volatile @Nullable BackgroundThread thread;
    private volatile @Nullable Difference difference;
    private volatile @Nullable Instant wholeAt;
    private volatile long reached;
    private long last;

    /** Ends a verification of a service that stops. */
    private static final class Stopped extends RuntimeException {}

    /** @param daily whether the whole log is verified too */
    IntegrityWatch(EventLog log, Clock clock, boolean daily) {
        this.log = log;
        this.clock = clock;
        this.daily = daily;
    }

    @Nullable
    Difference difference() {
        return difference;
    }

    /** The position up to which the running whole verification, or the last one, has come. */
    long reached() {
        return reached;
    }

    /** When the last whole verification ended; null before the first. */
    @Nullable
    Instant wholeAt() {
        return wholeAt;
    }

    /** Waits until the end of the log is verified, so that a service is not ready before; gives up after a time. */
    void awaitEnd(Duration atMost) throws InterruptedException {
        if (!endVerified.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("the last events of the log could not be verified in {} s; it goes on", atMost.toSeconds());
        }
    }

    @Override
    public void start() {
        thread = new BackgroundThread("log-integrity", this::run);
    }

    @Override
    public void stop() {
        stopped.countDown();
        BackgroundThread running = thread;
        if (running != null) {
            running.awaitEnd(Duration.ofSeconds(5));
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null && stopped.getCount() > 0;
    }

    /** Before the web server, as the views. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void run() {
        try {
            persistently(this::verifyEnd);
            endVerified.countDown();
            while (daily) {
                long began = System.nanoTime();
                persistently(this::verifyWhole);
                pause(DAY.minusNanos(System.nanoTime() - began));
            }
        } catch (Stopped e) {
            return;
        } finally {
            endVerified.countDown();
        }
    }

    /** Again where the store was away meanwhile. */
    private void persistently(Runnable verification) {
        while (true) {
            try {
                verification.run();
                return;
            } catch (LogUnavailable e) {
                pause(RETRY);
            }
        }
    }

    private void verifyEnd() {
        Verified verified = new LogVerifier(log).verifyEnd(log.head().position(), END);
        if (verified.difference() == null) {
            LOG.info("the last {} events of the log are verified", verified.events());
        } else {
            found(verified.difference());
        }
    }

    private void verifyWhole() {
        last = System.nanoTime();
        reached = 0;
        Verified verified = new LogVerifier(log).verify(log.head().position(), null, this::advance);
        if (verified.difference() == null) {
            difference = null;
            LOG.info("all {} events of the log are verified, {} of them erased", verified.events(), verified.erased());
        } else {
            found(verified.difference());
        }
        wholeAt = clock.instant();
    }

    private void found(Difference fault) {
        difference = fault;
        LOG.error(
                "the log was changed or damaged at position {}, {}: {}",
                fault.position(),
                fault.what(),
                fault.detail());
    }

    private void advance(long position) {
        reached = position;
        Duration pause = Duration.ofNanos(System.nanoTime() - last).multipliedBy(PAUSE);
        pause(pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause);
        last = System.nanoTime();
    }

    private void pause(Duration atMost) {
        try {
            if (stopped.await(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS)) {
                throw new Stopped();
            }
        } catch (InterruptedException e) {
            throw new Stopped();
        }
    }
}
