package issueledger.log;

import issueledger.log.AppendResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that takes all waiting commits and writes them as one batch, so that many commands share one fsync or one round trip.
 * A caller waits at most {@link #PATIENCE}; then it is told whether its commits were ever sent.
 */
public final class GroupedAppender implements AutoCloseable {
    /** How long a command may wait for its place in the log. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(GroupedAppender.class);
    private static final int QUEUE = 4_096;
    private static final int BATCH = 1_000;

    /** Writes a batch of commits, each all or nothing, and answers one outcome for each. */
    public interface BatchWriter {
        List<Outcome> write(List<Commit> batch);
    }

    private final BatchWriter writer;
    private final Duration patience;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread;
    private volatile boolean closed;

    public GroupedAppender(String name, BatchWriter writer) {
        this(name, writer, PATIENCE);
    }

    GroupedAppender(String name, BatchWriter writer, Duration patience) {
        this.writer = writer;
        this.patience = patience;
        this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    public AppendResult append(List<Commit> commits) {
        if (commits.isEmpty()) {
            return new AppendResult(List.of());
        }
        Waiting waiting = new Waiting(commits);
        if (closed || !queue.offer(waiting)) {
            throw new LogUnavailable(
                    LogUnavailable.Outcome.NOT_APPENDED,
                    closed ? "the log is closed" : "more than " + QUEUE + " commands wait for the log",
                    null);
        }
        try {
            return new AppendResult(waiting.outcomes.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LogUnavailable failure) {
                throw new LogUnavailable(failure.outcome(), String.valueOf(failure.getMessage()), failure);
            }
            throw new IllegalStateException("the log's writer failed", e.getCause());
        } catch (TimeoutException e) {
            throw gaveUp(waiting, "the log did not answer within " + patience.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw gaveUp(waiting, "interrupted while waiting for the log", e);
        }
    }

    private static LogUnavailable gaveUp(Waiting waiting, String why, Exception cause) {
        // Whoever sets the flag first decides: a commit given up before it was taken is never sent.
        boolean neverSent = waiting.taken.compareAndSet(false, true);
        return new LogUnavailable(
                neverSent ? LogUnavailable.Outcome.NOT_APPENDED : LogUnavailable.Outcome.UNKNOWN, why, cause);
    }

    private void run() {
        List<Waiting> batch = new ArrayList<>();
        while (!closed || !queue.isEmpty()) {
            batch.clear();
            try {
                take(batch);
            } catch (InterruptedException e) {
                continue; // close() wakes the thread so; the loop's condition tells.
            }
            if (!batch.isEmpty()) {
                write(batch);
            }
        }
    }

    private void take(List<Waiting> batch) throws InterruptedException {
        int size = 0;
        for (Waiting next = queue.take(); next != null; next = size < BATCH ? queue.poll() : null) {
            if (next.taken.compareAndSet(false, true)) {
                batch.add(next);
                size += next.commits.size();
            }
        }
    }

    private void write(List<Waiting> batch) {
        try {
            List<Outcome> outcomes =
                    writer.write(batch.stream().flatMap(w -> w.commits.stream()).toList());
            int from = 0;
            for (Waiting waiting : batch) {
                int to = from + waiting.commits.size();
                waiting.outcomes.complete(outcomes.subList(from, to));
                from = to;
            }
        } catch (RuntimeException | Error e) {
            LOG.error("{} commits could not be appended: {}", batch.size(), e.getMessage());
            batch.forEach(waiting -> waiting.outcomes.completeExceptionally(e));
        }
    }

    /** Writes what is waiting, then ends. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Waiting {
        private final List<Commit> commits;
        private final CompletableFuture<List<Outcome>> outcomes = new CompletableFuture<>();
        private final AtomicBoolean taken = new AtomicBoolean();

        Waiting(List<Commit> commits) {
            this.commits = List.copyOf(commits);
        }
    }
}
