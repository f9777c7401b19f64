package issueledger.web.bulk;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Does pieces of work side by side, but one after the other where they share a name, and hands their results on in the order in which the
 * pieces were given. Of one thread that gives them.
 */
final class KeyedExecutor implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, CompletableFuture<byte[]>> last = new ConcurrentHashMap<>();
    private final Queue<CompletableFuture<byte[]>> waiting = new ArrayDeque<>();
    private final Semaphore room;
    private final int most;
    private final Consumer<byte[]> results;

    /**
     * @param most how many pieces may be given whose results were not handed on
     * @param results takes them, of one thread at a time; where it waits, all wait
     */
    KeyedExecutor(int most, Consumer<byte[]> results) {
        this.most = most;
        this.room = new Semaphore(most);
        this.results = results;
    }

    /**
     * Gives one, and waits for room.
     *
     * @param names keys of this work; it starts after all earlier work with any of these keys
     */
    void give(Collection<String> names, Supplier<byte[]> work) throws InterruptedException {
        room.acquire();
        CompletableFuture<?>[] before =
                names.stream().map(last::get).filter(Objects::nonNull).toArray(CompletableFuture<?>[]::new);
        CompletableFuture<byte[]> result =
                CompletableFuture.allOf(before).handleAsync((done, failure) -> work.get(), threads);
        names.forEach(name -> last.put(name, result));
        synchronized (waiting) {
            waiting.add(result);
        }
        // The work itself tells of its failures.
        var unused = result.whenComplete((done, failure) -> {
            names.forEach(name -> last.remove(name, result));
            handOn();
        });
    }

    private void handOn() {
        synchronized (waiting) {
            while (!waiting.isEmpty() && waiting.element().isDone()) {
                try {
                    results.accept(waiting.remove().join());
                } finally {
                    room.release();
                }
            }
        }
    }

    /** Waits until all that was given is done and handed on. */
    void finish() throws InterruptedException {
        room.acquire(most);
        room.release(most);
    }

    @Override
    public void close() {
        threads.close();
    }
}
