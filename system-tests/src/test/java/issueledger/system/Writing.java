package issueledger.system;

import issueledger.system.Writer.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Writers at work, each on a thread of its own until it gets no answer or is stopped; {@link #close} waits for their ends. */
final class Writing implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Future<?>> ends = new ArrayList<>();
    private final ExecutorService threads;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final long end = System.nanoTime() + PATIENCE.multipliedBy(2).toNanos();
    private final boolean pastUnknown;
    private volatile boolean stopped;

    /** Each until its first unknown outcome. */
    Writing(List<Writer> writers) {
        this(writers, false);
    }

    /** @param pastUnknown whether a writer goes on after an unknown outcome */
    Writing(List<Writer> writers, boolean pastUnknown) {
        this.pastUnknown = pastUnknown;
        threads = Executors.newFixedThreadPool(writers.size());
        for (Writer writer : writers) {
            ends.add(threads.submit(() -> write(writer)));
        }
    }

    private void write(Writer writer) {
        Fate fate = Fate.ACKNOWLEDGED;
        while (!stopped && (pastUnknown || fate != Fate.UNKNOWN) && System.nanoTime() < end) {
            fate = writer.write();
            if (fate == Fate.ACKNOWLEDGED) {
                acknowledged.incrementAndGet();
            }
        }
    }

    int acknowledged() {
        return acknowledged.get();
    }

    /** Waits until so many commands in all are acknowledged. */
    void await(int acknowledgements) {
        Conditions.await(
                acknowledgements + " acknowledgements",
                PATIENCE,
                () -> acknowledged.get() >= acknowledgements || ends.stream().allMatch(Future::isDone));
        if (acknowledged.get() < acknowledgements) {
            throw new AssertionError("all writers ended after " + acknowledged.get() + " acknowledgements");
        }
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void close() throws InterruptedException, ExecutionException {
        threads.shutdown();
        try {
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            stopped = true;
            threads.close();
        }
    }
}
