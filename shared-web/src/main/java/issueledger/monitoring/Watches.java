package issueledger.monitoring;

import issueledger.log.BackgroundThread;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;

/** One thread that has the watches look: at the store each second, at the disk each tenth one. */
final class Watches implements DisposableBean {
    private static final int SECONDS_BETWEEN_LOOKS_AT_THE_DISK = 10;

    private final OutageWatch outages;
    private final DiskWatch disk;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final BackgroundThread thread;

    Watches(OutageWatch outages, DiskWatch disk) {
        this.outages = outages;
        this.disk = disk;
        this.thread = new BackgroundThread("watches", this::run);
    }

    private void run() {
        int second = 0;
        try {
            do {
                outages.look();
                if (second++ % SECONDS_BETWEEN_LOOKS_AT_THE_DISK == 0) {
                    disk.look();
                }
            } while (!closed.await(1, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void destroy() {
        closed.countDown();
        thread.awaitEnd(Duration.ofSeconds(1));
    }
}
