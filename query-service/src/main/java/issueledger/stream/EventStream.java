package issueledger.stream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import issueledger.log.EventLog;
import issueledger.log.LogDamaged;
import issueledger.log.LogUnavailable;
import issueledger.log.RecordedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Reads the end of the log for all subscribers while there are some, and wakes them. Ends them before the web server stops. */
@Component
class EventStream implements SmartLifecycle, MeterBinder {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** Events of one read at the end of the log. */
    private static final int PAGE = 200;

    /** Events of one read by a subscriber: about what fits a part. */
    private static final int BEHIND = 32;

    /** Subscribers that read the log at a time. */
    private static final int READERS = 4;

    /** Pause between two rounds of waking for each subscriber: what it costs to write to one. */
    private static final long PAUSE_NANOS = 50_000;

    private static final long MAX_PAUSE_NANOS = Duration.ofMillis(100).toNanos();
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(200);

    /** Time that a stopping service gives its subscribers to end by themselves. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final EventLog log;
    private final Window window = new Window();
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    private final Semaphore readers = new Semaphore(READERS, true);
    private volatile boolean closed;
    private volatile @Nullable LogDamaged damage;
    private volatile @Nullable Thread thread;
    private long lastRound;

    EventStream(EventLog log) {
        this.log = log;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("ledger.stream.subscribers", this, EventStream::subscribers)
                .description("Clients that follow the events")
                .register(registry);
    }

    int subscribers() {
        return subscribers.size();
    }

    boolean isClosed() {
        return closed;
    }

    void enter(Subscriber subscriber) {
        subscribers.add(subscriber);
        LockSupport.unpark(thread);
    }

    void leave(Subscriber subscriber) {
        subscribers.remove(subscriber);
    }

    /**
     * The next part for a subscriber; null if there is none yet.
     *
     * @throws LogDamaged if the log cannot be read on
     */
    @Nullable
    Part next(Sent sent) throws InterruptedException {
        Part part = window.after(sent);
        return part == null && window.isBeyond(sent) ? behind(sent) : part;
    }

    /** The next part, read from the log. */
    private @Nullable Part behind(Sent sent) throws InterruptedException {
        readers.acquire();
        try {
            List<RecordedEvent> events = log.read(sent.position(), sent.isBetweenEvents() ? BEHIND : 1);
            return events.isEmpty() ? null : Block.of(events).after(sent);
        } finally {
            readers.release();
        }
    }

    /** Reads one event, so that a log that cannot be read is answered with a problem. */
    void requireReadable(long after) throws InterruptedException {
        readers.acquire();
        try {
            log.read(after, 1);
        } finally {
            readers.release();
        }
    }

    /** Waits until there are events beyond a position, or the stream is closed. */
    void await(long position, long nanos) {
        LogDamaged trouble = damage;
        if (trouble != null) {
            throw trouble;
        }
        if (window.end() <= position && !closed) {
            LockSupport.parkNanos(this, nanos);
        }
    }

    private void run() {
        boolean active = false;
        while (!closed) {
            try {
                if (subscribers.isEmpty()) {
                    if (active) {
                        window.startAt(window.end()); // Frees its memory.
                    }
                    active = false;
                    LockSupport.parkNanos(this, LOOK.toNanos());
                } else if (!active) {
                    window.startAt(log.head().position());
                    active = true;
                    wake();
                } else {
                    follow();
                }
                damage = null;
            } catch (InterruptedException e) {
                return;
            } catch (LogUnavailable e) {
                LOG.warn("the stream stands at position {}: {}", window.end(), e.getMessage());
                damage = e instanceof LogDamaged d ? d : null;
                wake();
                LockSupport.parkNanos(this, RETRY.toNanos());
            } catch (RuntimeException e) {
                LOG.error("the stream stands at position {}", window.end(), e);
                LockSupport.parkNanos(this, RETRY.toNanos());
            }
        }
    }

    private void follow() throws InterruptedException {
        long position = window.end();
        if (log.awaitBeyond(position, LOOK) <= position) {
            return;
        }
        long pause = Math.min(MAX_PAUSE_NANOS, subscribers.size() * PAUSE_NANOS);
        long wait = lastRound + pause - System.nanoTime();
        if (wait > 0) {
            LockSupport.parkNanos(this, wait); // More events may come, which are then written together.
        }
        List<RecordedEvent> events = log.read(position, PAGE);
        if (!events.isEmpty()) {
            window.add(blocks(events));
            lastRound = System.nanoTime();
            wake();
        }
    }

    private static List<Block> blocks(List<RecordedEvent> events) {
        List<Block> blocks = new ArrayList<>();
        long first = events.getFirst().position();
        for (int done = 0; done < events.size(); done = (int) (blocks.getLast().end() - first + 1)) {
            blocks.add(Block.of(events.subList(done, events.size())));
        }
        return blocks;
    }

    private void wake() {
        subscribers.forEach(Subscriber::wake);
    }

    @Override
    public synchronized void start() {
        closed = false;
        thread = Thread.ofPlatform().name("event-stream").daemon().start(this::run);
    }

    /** Ends all streams; a client that does not take its stream's end loses its connection. */
    @Override
    public synchronized void stop() {
        closed = true;
        LockSupport.unpark(thread);
        wake();
        long until = System.nanoTime() + FAREWELL.toNanos();
        while (!subscribers.isEmpty() && System.nanoTime() < until) {
            LockSupport.parkNanos(this, Duration.ofMillis(10).toNanos());
        }
        subscribers.forEach(Subscriber::cut);
        thread = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** Stops first: the web server would wait for the streams. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
