package issueledger.projections;

import com.mongodb.MongoException;
import issueledger.events.EventJson;
import issueledger.log.EventLog;
import issueledger.log.LogUnavailable;
import issueledger.log.RecordedEvent;
import issueledger.log.mongo.MongoErrors;
import issueledger.projections.Generation.Checkpoint;
import issueledger.projections.Rebuild.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
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

    /** Maximum time that a view may be behind without moving. */
    private static final Duration STANDSTILL = Duration.ofSeconds(10);

    /** Replaced views are kept for answers that are being read from them. */
    private static final Duration RETIREMENT = Duration.ofSeconds(10);

    private static final Duration RETRY_PATIENCE = Duration.ofSeconds(5);

    /** Time after a failed rebuild in which damage does not order another one. */
    private static final Duration REBUILD_PAUSE = Duration.ofSeconds(10);

    private final Projection projection;
    private final Feed feed;
    private final EventLog log;
    private final Clock clock;
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
    private volatile @Nullable String failure;
    private volatile @Nullable Rebuild rebuilding;
    private long lastBeat;
    private long behindAt = -1;
    private long behindSince;

    private record Retired(Generation generation, long nanoTime) {}

    /** An order to apply parked events again, and its outcome. */
    record Retry(
            String id, @Nullable Long retried, @Nullable Long parked) {}

    Feeder(Projection projection, Feed feed, EventLog log, Clock clock, Runnable moved) {
        this.projection = projection;
        this.feed = feed;
        this.log = log;
        this.reader = new BatchReader(log);
        this.clock = clock;
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
            current.model().verify(current.generation(), audit);
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
                failed(e);
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
        long until = System.nanoTime() + RETRY_PATIENCE.toNanos();
        while (rebuilding != null && System.nanoTime() < until) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private void follow() {
        if (rebuilding != null) { // It may still write to views that would be opened here.
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
        failure = null;
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
        Rebuild last = rebuild();
        if (last.isRunning() && last.position() > 0) {
            note(last.ended(State.FAILED, "the service that made it has ended", now()));
        }
        leading = true;
        failure = null;
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
        if (leading && served && !hasRebuildFailed()) {
            damaged(e);
            LockSupport.parkNanos(LOOK.toNanos());
        } else {
            failed(e);
            replace();
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private boolean hasRebuildFailed() {
        try {
            Rebuild last = rebuild();
            return last.state() == State.FAILED
                    && last.finishedAt() != null
                    && clock.instant().isBefore(last.finishedAt().plus(REBUILD_PAUSE));
        } catch (RuntimeException e) {
            LOG.warn("the last rebuild of {} cannot be read: {}", name(), e.getMessage());
            return false;
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
            failure = null; // The log can be read again.
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
        failure = null;
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
        orders();
    }

    /** The store's index, or the views' file, may have been lost under views that are open: others are filled and these serve on. */
    private void requireIndexed() {
        feeding.lock();
        try {
            Filling current = filling;
            if (!served || current == null || rebuilding != null) {
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

    /** Logs an outage as a sentence and any other failure with its stack trace. */
    private void failed(RuntimeException e) {
        Throwable cause =
                e instanceof java.util.concurrent.CompletionException && e.getCause() != null ? e.getCause() : e;
        switch (cause) {
            case LogUnavailable away -> failed(String.valueOf(away.getMessage()), null);
            case ViewsUnavailable away -> failed(String.valueOf(away.getMessage()), null);
            case ViewsDamaged damage -> failed(String.valueOf(damage.getMessage()), null);
            case MongoException away
            when MongoErrors.isOutage(away) ->
                failed("the views cannot be reached: MongoDB " + MongoErrors.sentence(away), null);
            default -> failed(String.valueOf(cause.getMessage()), cause);
        }
    }

    private void failed(String why, @Nullable Throwable e) {
        if (!why.equals(failure)) {
            LOG.error("the view {} stands at position {}: {}", name(), progress(), why, e);
        }
        failure = why;
    }

    /** A standstill is measured from the first call that finds the view behind at its current position. */
    synchronized Optional<String> trouble(long head) {
        String why = failure;
        long at = progress();
        if (why != null) {
            return Optional.of(name() + " stands at position " + at + " of " + head + ": " + why);
        }
        if (head <= at || behindAt != at) {
            behindAt = head <= at ? -1 : at;
            behindSince = System.nanoTime();
        }
        Duration still = Duration.ofNanos(System.nanoTime() - behindSince);
        return behindAt == at && still.compareTo(STANDSTILL) > 0
                ? Optional.of(
                        name() + " has stood at position " + at + " of " + head + " for " + still.toSeconds() + " s")
                : Optional.empty();
    }

    // Orders, which any process may give and the feeding one carries out.

    /** The last rebuild, with its present position. */
    Rebuild rebuild() {
        Rebuild running = rebuilding;
        return running != null
                ? running
                : feed.note("rebuild")
                        .map(json -> EventJson.MAPPER.readValue(json, Rebuild.class))
                        .orElse(Rebuild.none(name()));
    }

    /** As exact as it is stored. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private void note(Rebuild rebuild) {
        feed.note("rebuild", EventJson.MAPPER.writeValueAsString(rebuild));
    }

    /** Orders a rebuild; one that is ordered or running already is not ordered again. */
    Rebuild orderRebuild() {
        Rebuild last = rebuild();
        if (last.isRunning()) {
            return last;
        }
        long end = Math.max(log.head().position(), position());
        Rebuild ordered = new Rebuild(name(), State.RUNNING, 0, end, now(), null, null);
        note(ordered);
        return ordered;
    }

    /**
     * Orders the parked events to be applied again, and waits for the outcome.
     *
     * @throws ViewsUnavailable if there is none in time
     */
    Retry orderRetry() throws InterruptedException {
        Retry last = retryOrder();
        if (last == null || last.retried() != null) { // Else the one that waits is for this caller too.
            Retry order = new Retry(UUID.randomUUID().toString(), null, null);
            feed.note("retry", EventJson.MAPPER.writeValueAsString(order));
        }
        long deadline = System.nanoTime() + RETRY_PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Retry stored = retryOrder();
            if (stored != null && stored.retried() != null) { // It is later than the order, whichever it answers.
                return stored;
            }
            Thread.sleep(LOOK);
        }
        throw new ViewsUnavailable("the parked events are not applied yet: look at /projections", null);
    }

    private @Nullable Retry retryOrder() {
        return feed.note("retry")
                .map(json -> EventJson.MAPPER.readValue(json, Retry.class))
                .orElse(null);
    }

    private void orders() {
        Filling current = filling;
        if (!served || current == null) {
            return;
        }
        Retry retry = retryOrder();
        if (retry != null && retry.retried() == null) {
            feeding.lock();
            try {
                long before = current.retry(log);
                feed.note(
                        "retry",
                        EventJson.MAPPER.writeValueAsString(
                                new Retry(retry.id(), before - current.parked(), current.parked())));
            } finally {
                feeding.unlock();
            }
        }
        if (rebuilding == null) {
            Rebuild ordered = rebuild();
            if (ordered.isRunning()) {
                rebuilding = ordered;
                Thread.ofPlatform().name(name() + "-rebuild").daemon().start(() -> rebuild(ordered));
            }
        }
    }

    /** Fills new views beside those that are served, and serves them once they hold as much. */
    private void rebuild(Rebuild ordered) {
        Generation generation = null;
        Rebuild result;
        try {
            LOG.info("the view {} is rebuilt", name());
            note(ordered.at(1));
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
            result = ordered.at(fresh.position()).ended(State.DONE, null, now());
            LOG.info("the view {} is rebuilt and holds {} events", name(), fresh.position());
            moved.run();
        } catch (RuntimeException e) {
            result = ordered.ended(State.FAILED, String.valueOf(e.getMessage()), now());
            LOG.error("the rebuild of the view {} failed, and the views from before are served on", name(), e);
            if (generation != null && leading) {
                drop(generation);
            }
        }
        try {
            note(result);
        } catch (RuntimeException e) {
            LOG.warn("the end of the rebuild of {} could not be noted: {}", name(), e.getMessage());
        } finally {
            rebuilding = null;
        }
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
            rebuilding = ordered.at(fresh.position());
            if (before / PROGRESS != fresh.position() / PROGRESS) {
                LOG.info("the rebuilt view {} holds {} of {} events", name(), fresh.position(), ordered.target());
                note(ordered.at(fresh.position())); // For the answers of other processes.
            }
        }
    }

    /** Readers found views that are not as they were written: they are rebuilt. */
    void damaged(ViewsDamaged e) {
        try {
            if (!rebuild().isRunning() && !hasRebuildFailed()) {
                LOG.warn("the views of {} are damaged and rebuilt: {}", name(), e.getMessage());
                orderRebuild();
            }
        } catch (RuntimeException away) {
            LOG.warn("the rebuild of {} could not be ordered: {}", name(), away.getMessage());
        }
    }
}
