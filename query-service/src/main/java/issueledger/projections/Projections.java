package issueledger.projections;

import issueledger.http.Problem;
import issueledger.log.EventLog;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** All projections: starts and stops them, and knows the position that all of them hold. */
@Component
public class Projections implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Projections.class);

    private final EventLog log;
    private final List<Feeder> feeders;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile boolean caughtUp;
    private volatile long target;
    private volatile boolean running;

    Projections(EventLog log, List<Projection> projections, ViewStore store, Clock clock) {
        this.log = log;
        this.feeders = projections.stream()
                .map(projection -> new Feeder(projection, store.feed(projection.storedAs()), log, clock, this::arrived))
                .toList();
    }

    public record Progress(String name, long position, long head, long lag, long parked) {}

    public List<Progress> progress() {
        long head = head();
        return feeders.stream()
                .map(feeder -> {
                    long position = feeder.progress();
                    long end = Math.max(position, head);
                    return new Progress(feeder.name(), position, end, end - position, feeder.parked());
                })
                .toList();
    }

    /** The progress of one projection. */
    Progress progress(String name) {
        return progress().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** One sentence for each view that fails or stands still behind the log. */
    public List<String> troubles() {
        long head = head();
        return feeders.stream().flatMap(feeder -> feeder.trouble(head).stream()).toList();
    }

    /** The head as last seen. Does not query the store, which may be down. */
    private long head() {
        try {
            return log.awaitBeyond(0, Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return position();
        }
    }

    /** The position that all views hold. */
    public long position() {
        return feeders.stream().mapToLong(Feeder::position).min().orElse(0);
    }

    /** The position that a projection's views hold; 0 while there are none to read. */
    public long position(String projection) {
        return feeder(projection).position();
    }

    /** Waits until the views hold a position; returns the position that they hold then. */
    public long await(long position, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (position() < position && left > 0) {
                left = moved.awaitNanos(left);
            }
            return position();
        } finally {
            lock.unlock();
        }
    }

    /** True once the views have held every event that was in the log at the start. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** The first position of an issue that a projection has parked; null if it has none. */
    public @Nullable Long parkedAt(String projection, String issue) {
        return feeder(projection).parkedAt(issue);
    }

    /** The first position that a projection has parked; null if it has none. */
    public @Nullable Long firstParked(String projection) {
        return feeder(projection).firstParked();
    }

    /** Reports stored views that cannot be read as they were written: they are rebuilt. */
    public void damaged(String projection, ViewsDamaged e) {
        feeder(projection).damaged(e);
    }

    /** True if every projection has views to read. */
    public boolean areServed() {
        return feeders.stream().allMatch(Feeder::isServed);
    }

    /** The names of all projections. */
    public List<String> names() {
        return feeders.stream().map(Feeder::name).toList();
    }

    /**
     * Compares the views of a projection with the log.
     *
     * @return false if they are not served, or others took their place meanwhile
     */
    public boolean verify(String projection, ViewAudit audit) {
        return feeder(projection).verify(audit);
    }

    /** 404 if there is no such projection. */
    Feeder feeder(String name) {
        return find(name).orElseThrow(() -> Problem.notFound("There is no projection " + name + "."));
    }

    private Optional<Feeder> find(String name) {
        return feeders.stream().filter(feeder -> feeder.name().equals(name)).findFirst();
    }

    @Override
    public void start() {
        running = true;
        target = log.head().position();
        LOG.info("the log holds {} events", target);
        feeders.forEach(feeder -> feeder.start(target));
        arrived();
    }

    @Override
    public void stop() {
        running = false;
        feeders.forEach(Feeder::stop);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts before the web server and stops after it, so that requests in flight are answered. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void arrived() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
        if (!caughtUp && position() >= target && feeders.stream().allMatch(Feeder::isServed)) {
            caughtUp = true;
            LOG.info("the views hold all {} events of the log", position());
        }
    }
}
