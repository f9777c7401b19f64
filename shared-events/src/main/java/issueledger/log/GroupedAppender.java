package issueledger.log;

import issueledger.log.AppendResult.Outcome;
import issueledger.log.AppendResult.Unknown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that takes all waiting commits and writes them as one batch, so that many commands share one fsync or one round trip.
 * A caller waits for a bounded time; then an exception says whether its commits were sent.
 */
public final class GroupedAppender implements AutoCloseable {
    /** Default maximum wait of an append. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(GroupedAppender.class);
    private static final Duration REMEMBERED = Duration.ofSeconds(10);
    private static final int QUEUE = 4_096;
    private static final int QUEUE_MEGABYTES = 32;
    private static final int BATCH = 1_000;

    /** Writes batches of commits; both methods are called in turn, by one thread. */
    public interface BatchWriter {
        /** Returns when a batch can be written. Until then its commits may be given up, and others may join it. */
        void prepare();

        /** Writes each commit whole or not at all, and answers one outcome for each. The batch may be empty. */
        List<Outcome> write(List<HashedCommit> batch);
    }

    private final BatchWriter writer;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Semaphore room = new Semaphore(QUEUE_MEGABYTES * 1024 * 1024);
    private final BackgroundThread thread;
    private volatile boolean closed;
    private volatile @Nullable Failure failure;
    private volatile AppendListener listener = AppendListener.NONE;

    private record Failure(String why, long nanoTime) {}

    public GroupedAppender(String name, BatchWriter writer) {
        this.writer = writer;
        this.thread = new BackgroundThread(name, this::run);
    }

    public AppendResult append(List<Commit> commits, Duration patience) {
        if (commits.isEmpty()) {
            return new AppendResult(List.of());
        }
        Waiting waiting = new Waiting(commits);
        enqueue(waiting);
        try {
            return new AppendResult(waiting.outcomes.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LogDamaged damage) {
                throw new LogDamaged(String.valueOf(damage.getMessage()), damage);
            }
            if (e.getCause() instanceof LogUnavailable failure) {
                throw new LogUnavailable(failure.outcome(), String.valueOf(failure.getMessage()), failure);
            }
            throw new IllegalStateException("the log's writer failed", e.getCause());
        } catch (TimeoutException e) {
            // The last failed append usually has the cause.
            throw gaveUp(waiting, failure().orElse("the log did not answer in time"), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw gaveUp(waiting, "interrupted while waiting for the log", e);
        }
    }

    /** The error of the last append; expires, since only another append shows whether the cause is gone. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure)
                .filter(f -> System.nanoTime() - f.nanoTime() < REMEMBERED.toNanos())
                .map(Failure::why);
    }

    public void listener(AppendListener one) {
        listener = one;
    }

    public AppendQueue queue() {
        return new AppendQueue(queue.size(), QUEUE_MEGABYTES * 1024L * 1024 - room.availablePermits());
    }

    private void enqueue(Waiting waiting) {
        if (closed) {
            throw refused("the log is closed");
        }
        if (!room.tryAcquire(waiting.bytes)) {
            throw refused("commands of more than " + QUEUE_MEGABYTES + " MiB wait for the log");
        }
        if (!queue.offer(waiting)) {
            room.release(waiting.bytes);
            throw refused("more than " + QUEUE + " commands wait for the log");
        }
    }

    private static LogUnavailable refused(String why) {
        return new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, why, null);
    }

    private static LogUnavailable gaveUp(Waiting waiting, String why, Exception cause) {
        // The first to set the flag decides: a commit given up before it was taken is never sent.
        boolean neverSent = waiting.taken.compareAndSet(false, true);
        waiting.commits.forEach(HashedCommit::giveUp);
        return new LogUnavailable(
                neverSent ? LogUnavailable.Outcome.NOT_APPENDED : LogUnavailable.Outcome.UNKNOWN, why, cause);
    }

    private void run() {
        while (!closed || !queue.isEmpty()) {
            try {
                write(queue.take());
            } catch (InterruptedException e) {
                // close() interrupts the thread; the loop's condition ends it.
            }
        }
    }

    private void write(Waiting first) {
        List<Waiting> group = new ArrayList<>();
        try {
            try {
                writer.prepare();
            } finally {
                take(first, group); // A writer that is not ready fails the waiting callers at once.
            }
            long began = System.nanoTime();
            List<Outcome> outcomes = writer.write(
                    group.stream().flatMap(waiting -> waiting.commits.stream()).toList());
            failure = null;
            if (!outcomes.isEmpty()) {
                listener.written(outcomes.size(), Duration.ofNanos(System.nanoTime() - began));
            }
            int from = 0;
            for (Waiting waiting : group) {
                int to = from + waiting.commits.size();
                complete(waiting, outcomes.subList(from, to));
                from = to;
            }
        } catch (RuntimeException | Error e) {
            failure = new Failure(String.valueOf(e.getMessage()), System.nanoTime());
            listener.failed();
            LOG.error("{} commands could not be appended: {}", group.size(), e.getMessage());
            group.forEach(waiting -> waiting.outcomes.completeExceptionally(e));
        } finally {
            group.forEach(waiting -> room.release(waiting.bytes));
        }
    }

    /** Adds the first and those that wait behind it to the group, but for those given up. */
    private void take(Waiting first, List<Waiting> group) {
        int commits = 0;
        for (Waiting next = first; next != null; next = commits < BATCH ? queue.poll() : null) {
            if (next.taken.compareAndSet(false, true)) {
                group.add(next);
                commits += next.commits.size();
            } else {
                room.release(next.bytes);
            }
        }
    }

    private void complete(Waiting waiting, List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Unknown unknown) {
                failure = new Failure(unknown.why(), System.nanoTime());
                listener.failed();
                waiting.outcomes.completeExceptionally(
                        new LogUnavailable(LogUnavailable.Outcome.UNKNOWN, unknown.why(), null));
                return;
            }
        }
        waiting.outcomes.complete(outcomes);
    }

    /** Writes what is waiting, then ends. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        thread.awaitEnd(PATIENCE);
    }

    private static final class Waiting {
        private final List<HashedCommit> commits;
        private final int bytes;
        private final CompletableFuture<List<Outcome>> outcomes = new CompletableFuture<>();
        private final AtomicBoolean taken = new AtomicBoolean();

        Waiting(List<Commit> commits) {
            this.commits = commits.stream().map(HashedCommit::new).toList();
            long all = this.commits.stream().mapToLong(HashedCommit::bytes).sum();
            this.bytes = (int) Math.min(all, QUEUE_MEGABYTES * 1024 * 1024); // A larger append takes all of the room.
        }
    }
}
