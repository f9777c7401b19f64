package issueledger.log;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tracks the head: appends of this process at once, those of others by a cheap poll. Wakes waiters and listeners. */
public final class HeadWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeadWatcher.class);

    /** How long the log counts as busy after a move of its head. */
    private static final Duration BUSY = Duration.ofSeconds(1);

    private final Duration poll;
    private final Duration busyPoll;
    private final LongSupplier position;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final BackgroundThread thread;
    private long head;
    private long announced;
    private long announcedAt = System.nanoTime() - BUSY.toNanos();
    private boolean failedOnce;
    private volatile @Nullable String failure;
    private boolean closed;

    /** Asks {@code position}, which may throw while the store is away, for the last position in the log, each {@code poll}. */
    public HeadWatcher(String name, Duration poll, LongSupplier position) {
        this(name, poll, poll, position);
    }

    /** @param busyPoll in place of {@code poll} while the head moves, so that a view follows its command sooner */
    public HeadWatcher(String name, Duration poll, Duration busyPoll, LongSupplier position) {
        this.poll = poll;
        this.busyPoll = busyPoll;
        this.position = position;
        this.thread = new BackgroundThread(name, this::run);
    }

    /** An append of this process reached a position. */
    public void advanced(long to) {
        lock.lock();
        try {
            if (to > head) {
                head = to;
                moved.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    public long awaitBeyond(long from, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (head <= from && left > 0 && !closed) {
                left = moved.awaitNanos(left);
            }
            return head;
        } finally {
            lock.unlock();
        }
    }

    /** The position of the head as last seen. */
    public long seen() {
        lock.lock();
        try {
            return head;
        } finally {
            lock.unlock();
        }
    }

    /** Asks for the position now: another process may have appended. */
    public void hint() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The error of reading the head, after two failures in a row: a single one may be a broken connection. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    public EventLog.Subscription onAdvance(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void run() {
        while (true) {
            poll();
            lock.lock();
            try {
                if (head == announced && !closed) {
                    boolean busy = System.nanoTime() - announcedAt < BUSY.toNanos();
                    moved.await((busy ? busyPoll : poll).toNanos(), TimeUnit.NANOSECONDS);
                }
                if (closed) {
                    return;
                }
                if (head == announced) {
                    continue;
                }
                announced = head;
                announcedAt = System.nanoTime();
            } catch (InterruptedException e) {
                continue; // Only close() ends this thread.
            } finally {
                lock.unlock();
            }
            listeners.forEach(HeadWatcher::call);
        }
    }

    private static void call(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.error("a listener of the log failed; the others are called on", e);
        }
    }

    private void poll() {
        try {
            advanced(position.getAsLong());
            failedOnce = false;
            failure = null;
        } catch (RuntimeException e) {
            if (!failedOnce) {
                failedOnce = true;
                return;
            }
            if (failure == null) {
                LOG.warn("the end of the log cannot be read, trying on: {}", e.getMessage());
            }
            failure = String.valueOf(e.getMessage());
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
        thread.awaitEnd(Duration.ofSeconds(5));
    }
}
