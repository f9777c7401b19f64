package issueledger.log;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A daemon thread that does its owner's work until its owner is closed. */
public final class BackgroundThread {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThread.class);

    private final Thread thread;

    /** @param work returns soon after its owner is closed */
    public BackgroundThread(String name, Runnable work) {
        this.thread = Thread.ofPlatform().name(name).daemon().start(() -> run(name, work));
    }

    private static void run(String name, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.error("the thread {} failed and does not go on", name, e);
        }
    }

    public void interrupt() {
        thread.interrupt();
    }

    /** Waits for the end of the work; gives up after a time, or when the caller is interrupted. */
    public void awaitEnd(Duration atMost) {
        try {
            thread.join(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
