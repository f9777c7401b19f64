package issueledger.projections;

import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Reads the log in batches: few events at the head, many far behind it, and there the next ones while these are folded. */
final class BatchReader {
    /** Events of one read. */
    static final int PAGE = 10_000;

    /** Events of one batch far behind the head, and characters of them. */
    static final int BULK = 50_000;

    private static final long BULK_CHARACTERS = Runtime.getRuntime().maxMemory() / 64;

    /**
     * Pause from one batch to the next for each event of the first: from about 2,500 events a second on batches grow, up to
     * {@link #MAX_PAUSE}, and an issue is written once a batch.
     */
    private static final long PAUSE_NANOS = 400_000;

    private static final long MAX_PAUSE = 25_000_000;

    private final EventLog log;
    private final long end;
    private @Nullable CompletableFuture<List<RecordedEvent>> ahead;
    private long aheadOf;
    private long lastBatch;
    private long pause;
    private volatile boolean stopped;

    BatchReader(EventLog log) {
        this(log, Long.MAX_VALUE);
    }

    /** @param end the last position to read */
    BatchReader(EventLog log, long end) {
        this.log = log;
        this.end = end;
    }

    /** Ends a bulk under way. */
    void stop() {
        stopped = true;
    }

    /** The next events; none if there are none for a while. */
    List<RecordedEvent> next(long position, Duration atMost) throws InterruptedException {
        List<RecordedEvent> batch = read(position, atMost);
        lastBatch = System.nanoTime();
        pause = Math.min(MAX_PAUSE, batch.size() * PAUSE_NANOS);
        return batch;
    }

    private List<RecordedEvent> read(long position, Duration atMost) throws InterruptedException {
        CompletableFuture<List<RecordedEvent>> started = ahead;
        ahead = null;
        if (started != null && aheadOf == position) {
            return continued(started.join());
        }
        long head = Math.min(end, log.awaitBeyond(position, atMost));
        if (head <= position) {
            return List.of();
        }
        long wait = lastBatch + pause - System.nanoTime();
        if (wait > 0) {
            LockSupport.parkNanos(wait);
        }
        return head - position < PAGE
                ? log.read(position, (int) Math.min(PAGE, end - position))
                : continued(bulk(position));
    }

    /** Starts to read what follows a full batch. */
    private List<RecordedEvent> continued(List<RecordedEvent> batch) {
        if (batch.size() >= PAGE) {
            long last = batch.getLast().position();
            aheadOf = last;
            ahead = CompletableFuture.supplyAsync(() -> bulk(last));
        }
        return batch;
    }

    private List<RecordedEvent> bulk(long after) {
        List<RecordedEvent> batch = new ArrayList<>();
        long size = 0;
        while (!stopped && size < BULK_CHARACTERS && batch.size() < BULK && after + batch.size() < end) {
            long from = after + batch.size();
            List<RecordedEvent> page = log.read(from, (int) Math.min(PAGE, end - from));
            if (page.isEmpty()) {
                break;
            }
            batch.addAll(page);
            size += page.stream()
                    .mapToLong(e -> e.payload().length() + e.metadata().length())
                    .sum();
        }
        return batch;
    }
}
