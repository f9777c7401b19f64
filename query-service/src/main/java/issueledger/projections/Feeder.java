package issueledger.projections;

import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.projections.Generation.Checkpoint;
import issueledger.projections.Rebuild.State;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the log with one projection. The process that holds the right to feed reads a batch, folds it, writes it with its position and
 * waits for the head; every other process reads the position that it wrote.
 */
final class Feeder {
    private static final Logger LOG = LoggerFactory.getLogger(Feeder.class);

    /** Events between two lines of progress. */
    private static final int PROGRESS = 50_000;

    /** Events of one batch of a rebuild. */
    private static final int PAGE = BatchReader.PAGE;

    private static final int BULK = BatchReader.BULK;

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Interval at which a process without the right to feed reads the position. */
    private static final Duration LOOK = Duration.ofMillis(25);

    /** Interval at which the feeder shows that it is alive, and looks for orders. */
    private static final Duration BEAT = Duration.ofMillis(500);

    /** Replaced views are kept for answers that are being read from them. */
    private static final Duration RETIREMENT = Duration.ofSeconds(10);

    /** Maximum time that a stopping process waits for the end of its rebuild. */
    private static final Duration REBUILD_PATIENCE = Duration.ofSeconds(5);

    private final Projection projection;
    private final Feed feed;
    private final EventLog log;
    private final Clock clock;
    private final Orders orders;
    private final FeederHealth health;
    private final Runnable moved;
    private final Thread thread;
    private final BatchReader reader;

    /** Held while the views that are served, or their generation, change. */
    private final ReentrantLock feeding = new ReentrantLock();

    private final Queue<Retired> retired = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Filling filling;
    private volatile boolean served;
    private volatile boolean leading;
    private volatile boolean running = true;
    private volatile long target;
    private volatile int erasures;
    private final AtomicLong rebuilds = new AtomicLong();
    private long lastBeat;

    private record Retired(Generation generation, long nanoTime) {}

    Feeder(Projection projection, Feed feed, EventLog log, Clock clock, Runnable moved) {
        this.projection = projection;
        this.feed = feed;
        this.log = log;
        this.reader = new BatchReader(log);
        this.clock = clock;
        this.orders = new Orders(projection.name(), feed, clock);
        this.health = new FeederHealth(projection.name());
        this.moved = moved;
        this.thread = Thread.ofPlatform()
                .name(projection.name() + "-projection")
                .daemon()
                .unstarted(this::run);
    }

    String name() {
        return projection.name();
    }

    void start(long head) {
        target = head;
        thread.start();
    }

    void stop() {
        running = false;
        reader.stop();
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The position that answers hold; 0 while there are no views to read. */
    long position() {
        Filling current = filling;
        return served && current != null ? current.position() : 0;
    }

    /** The position of the views that are filled, served or not. */
    long progress() {
        Filling current = filling;
        return current == null ? 0 : current.position();
    }

    boolean isServed() {
        return served;
    }

    /** How many rebuilds this process has finished. */
    long rebuilds() {
        return rebuilds.get();
    }

    long parked() {
        Filling current = filling;
        return current == null ? 0 : current.parked();
    }

    @Nullable
    Long parkedAt(String issue) {
        Filling current = filling;
        return current == null ? null : current.parkedAt(issue);
    }

    @Nullable
    Long firstParked() {
        Filling current = filling;
        return current == null ? null : current.firstParked();
    }

    List<Generation.Parked> parked(long after, int limit) {
        Filling current = filling;
        return current == null ? List.of() : current.generation().parked(after, limit);
    }

    /**
     * Compares the served views with the log.
     *
     * @return false if they are not served, or others took their place meanwhile
     */
    boolean verify(ViewAudit audit) {
        Filling current = filling;
        if (!served || current == null) {
            return false;
        }
        try {
            current.model().verify(current.generation(), log, audit);
        } catch (ViewsDamaged e) {
            audit.differs(current.position(), null, String.valueOf(e.getMessage()));
        } catch (ViewsUnavailable e) {
            if (isServing(current)) {
                throw e;
            }
        }
        return isServing(current);
    }

    private boolean isServing(Filling one) {
        Filling current = filling;
        return served
                && current != null
                && current.generation().number() == one.generation().number();
    }

    private void run() {
        while (running) {
            try {
                if (leading) {
                    step();
                } else {
                    follow();
                }
            } catch (ViewsDamaged e) {
                mend(e);
            } catch (InterruptedException e) {
                break;
            } catch (RuntimeException e) {
                health.failed(e, progress());
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
        awaitRebuild();
        try {
            feed.release();
        } catch (RuntimeException e) {
            LOG.warn("the right to feed {} could not be released and expires: {}", name(), e.getMessage());
        }
    }

    /** The thread of a rebuild ends once this process does not feed any more. */
    private void awaitRebuild() {
        long until = System.nanoTime() + REBUILD_PATIENCE.toNanos();
        while (orders.isRebuilding() && System.nanoTime() < until) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private void follow() {
        if (orders.isRebuilding()) { // It may still write to views that would be opened here.
            LockSupport.parkNanos(LOOK.toNanos());
            return;
        }
        if (feed.acquire()) {
            lead();
            return;
        }
        Generation stored = feed.served();
        Filling current = filling;
        if (stored == null) {
            show(null, false);
        } else if (current == null || current.generation().number() != stored.number()) {
            show(new Filling(projection, stored, clock), true);
        } else {
            current.refresh();
        }
        health.works();
        moved.run();
        retire();
        LockSupport.parkNanos(LOOK.toNanos());
    }

    /** Shows other views to readers; those shown before are dropped later. */
    private void show(@Nullable Filling next, boolean toReaders) {
        Filling before = filling;
        if (before != null
                && (next == null
                        || next.generation().number() != before.generation().number())) {
            retired.add(new Retired(before.generation(), System.nanoTime()));
        }
        projection.serve(next != null && toReaders ? next.model() : null);
        filling = next;
        served = toReaders;
    }

    private void retire() {
        while (!retired.isEmpty() && System.nanoTime() - retired.element().nanoTime() > RETIREMENT.toNanos()) {
            feed.drop(retired.remove().generation());
        }
    }

    /** Takes over: serves the stored views if they are of this log and of this version, else fills new ones. */
    private void lead() {
        erasures = log.erasures().size();
        target = Math.max(target, log.head().position());
        Generation stored = feed.served();
        Filling known = stored == null ? null : opened(stored);
        if (stored != null && known == null) {
            feed.serve(null);
            drop(stored);
        }
        boolean ready = known != null;
        for (Generation other : feed.others()) {
            Filling begun = known == null ? opened(other) : null;
            if (begun == null) {
                drop(other);
            } else {
                known = begun;
            }
        }
        Filling next = known == null ? new Filling(projection, feed.begin(), clock) : known;
        retired.clear(); // They are among the others, or another process serves them no more.
        show(next, ready);
        orders.abandonRebuild();
        leading = true;
        health.works();
        LOG.info(
                "this process feeds the view {} from position {} of {} on",
                name(),
                next.position(),
                log.head().position());
        moved.run();
    }

    /** Null if it cannot be used. */
    private @Nullable Filling opened(Generation generation) {
        try {
            Filling opened = new Filling(projection, generation, clock);
            Checkpoint at = opened.checkpoint();
            if (at.erasures() < erasures) {
                LOG.info("the views of {} hold texts that were erased since: they are filled anew", name());
            } else if (at.erasures() > erasures
                    || at.position() > log.head().position()
                    || !at.hash().equals(hashAt(at.position()))) {
                LOG.warn("the views of {} are of another log: they are filled anew", name());
            } else {
                return opened;
            }
        } catch (ViewsDamaged e) {
            LOG.warn("the views of {} are damaged and filled anew: {}", name(), e.getMessage());
        }
        return null;
    }

    private String hashAt(long position) {
        return position == 0
                ? ""
                : log.read(position - 1, 1).stream()
                        .map(RecordedEvent::hash)
                        .findFirst()
                        .orElse("");
    }

    private void drop(Generation generation) {
        try {
            feed.drop(generation);
        } catch (ViewsUnavailable e) {
            LOG.warn("old views of {} could not be dropped: {}", name(), e.getMessage());
        }
    }

    /** Views that are served stay, as far as they can be read, until others are filled beside them. */
    private void mend(ViewsDamaged e) {
        if (leading && served && !orders.hasRebuildFailed()) {
            damaged(e);
            LockSupport.parkNanos(LOOK.toNanos());
        } else {
            health.failed(e, progress());
            replace();
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** After damage: the next {@link #lead} finds nothing to serve. */
    private void replace() {
        Filling damaged = filling;
        show(null, false);
        retired.clear();
        leading = false;
        moved.run();
        try {
            if (feed.isHeld()) {
                feed.serve(null);
                if (damaged != null) {
                    feed.drop(damaged.generation());
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("damaged views of {} could not be dropped: {}", name(), e.getMessage());
            LockSupport.parkNanos(RETRY.toNanos());
        }
    }

    private void step() throws InterruptedException {
        Filling current = filling;
        if (current == null) {
            leading = false;
            return;
        }
        if (!served && current.position() >= target) {
            current.model().prepareForReaders();
            feed.serve(current.generation());
            show(current, true);
            LOG.info("the view {} holds {} events and is served", name(), current.position());
            moved.run();
        }
        beat();
        if (!leading) {
            return;
        }
        List<RecordedEvent> batch = reader.next(current.position(), BEAT.dividedBy(2));
        if (batch.isEmpty()) {
            health.works(); // The log can be read again.
            return;
        }
        feeding.lock();
        try {
            current = filling; // A rebuild may have replaced it, which then holds the batch too.
            if (current == null || current.position() != batch.getFirst().position() - 1) {
                return;
            }
            long before = current.position();
            if (!current.apply(batch, erasures)) {
                lost();
                return;
            }
            if (!served && before / PROGRESS != current.position() / PROGRESS) {
                LOG.info("the view {} holds {} of {} events", name(), current.position(), target);
            }
        } finally {
            feeding.unlock();
        }
        health.works();
        moved.run();
    }

    private void lost() {
        LOG.warn("this process feeds the view {} no more", name());
        leading = false;
    }

    private void beat() {
        if (System.nanoTime() - lastBeat < BEAT.toNanos()) {
            return;
        }
        lastBeat = System.nanoTime();
        if (!feed.keep()) {
            lost();
            return;
        }
        retire();
        requireIndexed();
        carryOutOrders();
    }

    /** The store's index, or the views' file, may have been lost under views that are open: others are filled and these serve on. */
    private void requireIndexed() {
        feeding.lock();
        try {
            Filling current = filling;
            if (!served || current == null || orders.isRebuilding()) {
                return;
            }
            Generation stored = feed.served();
            if (stored == null || stored.number() != current.generation().number()) {
                damaged(new ViewsDamaged("the index of the views does not have them"));
            }
        } catch (ViewsDamaged e) {
            damaged(e);
        } finally {
            feeding.unlock();
        }
    }

    /** Why the projection does not move; empty if it does. */
    Optional<String> trouble(long head) {
        return health.trouble(progress(), head);
    }

    /** The last rebuild, with its present position. */
    Rebuild rebuild() {
        return orders.rebuild();
    }

    Rebuild orderRebuild() {
        return orders.orderRebuild(Math.max(log.head().position(), position()));
    }

    /** @throws ViewsUnavailable if there is no outcome in time */
    Orders.Retry orderRetry() throws InterruptedException {
        return orders.orderRetry();
    }

    private void carryOutOrders() {
        Filling current = filling;
        if (!served || current == null) {
            return;
        }
        Orders.Retry retry = orders.retry();
        if (retry != null && retry.isOpen()) {
            feeding.lock();
            try {
                long before = current.retry(log);
                orders.note(new Orders.Retry(retry.id(), before - current.parked(), current.parked()));
            } finally {
                feeding.unlock();
            }
        }
        Rebuild ordered = orders.rebuild();
        if (ordered.isRunning() && !orders.isRebuilding()) {
            orders.begin(ordered);
            Thread.ofPlatform().name(name() + "-rebuild").daemon().start(() -> rebuild(ordered));
        }
    }

    /** Fills new views beside those that are served, and serves them once they hold as much. */
    private void rebuild(Rebuild ordered) {
        Generation generation = null;
        Rebuild reached = ordered;
        String error = null;
        try {
            LOG.info("the view {} is rebuilt", name());
            orders.note(ordered.at(1));
            generation = feed.begin();
            Filling fresh = new Filling(projection, generation, clock);
            fill(fresh, ordered, position() - BULK);
            fresh.model().prepareForReaders();
            fill(fresh, ordered, position()); // So that the live views wait for few events only.
            feeding.lock();
            try {
                fill(fresh, ordered, position());
                feed.serve(generation);
                show(fresh, true);
            } finally {
                feeding.unlock();
            }
            reached = ordered.at(fresh.position());
            rebuilds.incrementAndGet();
            LOG.info("the view {} is rebuilt and holds {} events", name(), fresh.position());
            moved.run();
        } catch (RuntimeException e) {
            error = String.valueOf(e.getMessage());
            LOG.error("the rebuild of the view {} failed, and the views from before are served on", name(), e);
            if (generation != null && leading) {
                drop(generation);
            }
        }
        orders.end(reached, error == null ? State.DONE : State.FAILED, error);
    }

    private void fill(Filling fresh, Rebuild ordered, long upTo) {
        while (fresh.position() < upTo) {
            if (!running || !leading) {
                throw new ViewsUnavailable("this service feeds the view no more", null);
            }
            long before = fresh.position();
            List<RecordedEvent> batch = log.read(before, (int) Math.min(PAGE, upTo - before));
            if (batch.isEmpty() || !fresh.apply(batch, erasures)) {
                throw new ViewsUnavailable("this service feeds the view no more", null);
            }
            orders.reached(ordered, fresh.position());
            if (before / PROGRESS != fresh.position() / PROGRESS) {
                LOG.info("the rebuilt view {} holds {} of {} events", name(), fresh.position(), ordered.target());
                orders.note(ordered.at(fresh.position())); // For the answers of other processes.
            }
        }
    }

    /** Readers found views that are not as they were written: they are rebuilt. */
    void damaged(ViewsDamaged e) {
        try {
            if (!orders.rebuild().isRunning() && !orders.hasRebuildFailed()) {
                LOG.warn("the views of {} are damaged and rebuilt: {}", name(), e.getMessage());
                orderRebuild();
            }
        } catch (RuntimeException away) {
            LOG.warn("the rebuild of {} could not be ordered: {}", name(), away.getMessage());
        }
    }
}
