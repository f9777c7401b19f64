package issueledger.projections;

import com.mongodb.MongoException;
import issueledger.log.EventLog;
import issueledger.log.LogUnavailable;
import issueledger.log.RecordedEvent;
import issueledger.log.mongo.MongoErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Runs each projection as an Axon streaming processor and tracks its position. */
@Component
public class Projections implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Projections.class);
    private static final int BATCH = 500;
    private static final int PROGRESS = 50_000;

    /** Events of one read, and of one fold, while the views catch up. */
    private static final int PAGE = 10_000;

    private static final int BULK = 50_000;
    private static final long BULK_CHARACTERS = Runtime.getRuntime().maxMemory() / 64;

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Interval at which a process without the lease reads the token, and at which the holder shows that it is alive. */
    private static final Duration LOOK = Duration.ofMillis(25);

    private static final Duration BEAT = Duration.ofMillis(500);

    /** Maximum time that a view may be behind without moving. */
    private static final Duration STANDSTILL = Duration.ofSeconds(10);

    private final EventLog log;
    private final boolean inBulk;
    private final Supplier<Optional<String>> shortage;
    private final List<Runner> runners = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile boolean caughtUp;
    private volatile long target;
    private volatile boolean running;

    @Autowired
    Projections(
            EventLog log,
            List<Projection> projections,
            Views views,
            @Value("${issue-ledger.bulk-rebuild:true}") boolean inBulk) {
        this(log, projections, views, inBulk, new HeapGuard()::shortage);
    }

    /**
     * @param inBulk whether events up to the log's end at the start are folded in large batches, before Axon's processor starts
     * @param shortage the reason why the views must not grow now; empty if they may
     */
    Projections(
            EventLog log,
            List<Projection> projections,
            Views views,
            boolean inBulk,
            Supplier<Optional<String>> shortage) {
        this.log = log;
        this.inBulk = inBulk;
        this.shortage = shortage;
        projections.forEach(projection -> runners.add(new Runner(
                projection, views.isShared() ? new ProjectionLease(views.database(), projection.storedAs()) : null)));
    }

    public record Progress(String name, long position, long head, long lag, long parked) {}

    public List<Progress> progress() {
        long head = head();
        return runners.stream()
                .map(runner -> {
                    long position = runner.position;
                    long end = Math.max(position, head);
                    return new Progress(runner.projection.name(), position, end, end - position, runner.parked());
                })
                .toList();
    }

    /** One sentence for each view that fails or stands still behind the log. */
    public List<String> troubles() {
        long head = head();
        return runners.stream().flatMap(runner -> runner.trouble(head).stream()).toList();
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
        return runners.stream().mapToLong(runner -> runner.position).min().orElse(0);
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

    @Override
    public void start() {
        running = true;
        target = log.head().position();
        LOG.info("folding {} events into views", target);
        arrived();
        runners.forEach(Runner::start);
    }

    @Override
    public void stop() {
        running = false;
        runners.forEach(Runner::stop);
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
        if (!caughtUp && position() >= target) {
            caughtUp = true;
            LOG.info("the views hold all {} events of the log", position());
        }
    }

    /**
     * Feeds one projection: first in bulk up to the log's end at the start, then by an Axon processor. Shared views are fed by the process
     * that holds the lease; the others read its position.
     */
    private final class Runner implements EventHandlerInvoker {
        private final Projection projection;
        private final @Nullable ProjectionLease lease;
        private final ScheduledExecutorService executor;
        private @Nullable PooledStreamingEventProcessor processor;
        private volatile boolean feeding;
        private int term;
        private volatile long position;
        private volatile long parked;
        private long behindAt = -1;
        private long behindSince;
        private volatile @Nullable String failure;

        Runner(Projection projection, @Nullable ProjectionLease lease) {
            this.projection = projection;
            this.lease = lease;
            this.executor = Executors.newScheduledThreadPool(
                    2,
                    Thread.ofPlatform()
                            .name(projection.name() + "-projection-", 1)
                            .daemon()
                            .factory());
        }

        private PooledStreamingEventProcessor processor() {
            StreamableMessageSource<TrackedEventMessage<?>> source = token ->
                    new LogStream(log, token == null ? 0 : token.position().orElse(0), this::failed);
            return PooledStreamingEventProcessor.builder()
                    .name(projection.name())
                    .eventHandlerInvoker(this)
                    .messageSource(source)
                    .tokenStore(new InMemoryTokenStore())
                    .initialToken(s -> new GlobalSequenceTrackingToken(position))
                    .transactionManager(NoTransactionManager.INSTANCE)
                    .coordinatorExecutor(executor)
                    .workerExecutor(executor)
                    .initialSegmentCount(1)
                    .batchSize(BATCH)
                    .build();
        }

        void start() {
            if (lease == null) {
                feed();
            } else {
                Thread.ofPlatform().name(projection.name() + "-lease").daemon().start(() -> compete(lease));
            }
        }

        /** Starts feeding from {@link #position}; {@link #rest} stops it. */
        private synchronized void feed() {
            feeding = true;
            int mine = ++term;
            executor.execute(() -> {
                if (inBulk) {
                    catchUp();
                }
                begin(mine);
            });
        }

        private synchronized void begin(int itsTerm) {
            if (feeding && term == itsTerm) {
                processor = processor();
                processor.start();
            }
        }

        private synchronized boolean isFeeding() {
            return feeding || processor != null;
        }

        private void rest() {
            PooledStreamingEventProcessor ending;
            synchronized (this) {
                feeding = false;
                term++;
                ending = processor;
                processor = null;
            }
            if (ending != null) {
                ending.shutDown();
            }
        }

        void stop() {
            rest();
            executor.shutdown();
            if (lease != null) {
                try {
                    lease.release();
                } catch (MongoException e) {
                    LOG.warn(
                            "the lease on {} could not be released and expires: {}", projection.name(), e.getMessage());
                }
            }
        }

        /** The last known count for shared views: a progress report must not wait for an unreachable store. */
        long parked() {
            return lease == null ? projection.parked() : parked;
        }

        private void compete(ProjectionLease lease) {
            long counted = System.nanoTime() - BEAT.toNanos();
            while (running) {
                try {
                    if (System.nanoTime() - counted >= BEAT.toNanos()) {
                        parked = projection.parked();
                        counted = System.nanoTime();
                    }
                    if (!lease.isHeld()) {
                        if (isFeeding()) {
                            LOG.warn("another process feeds the view {} now", projection.name());
                            rest();
                        }
                        lease.look();
                        position = lease.position();
                        failure = null;
                        arrived();
                        if (lease.isHeld()) {
                            LOG.info("this process feeds the view {} from position {} on", projection.name(), position);
                            feed();
                        }
                        sleep(LOOK);
                    } else if (lease.beat()) {
                        sleep(BEAT);
                    }
                } catch (MongoException e) {
                    failed(e);
                    sleep(RETRY);
                }
            }
        }

        /** Reads the next batch while one is folded. */
        private void catchUp() {
            long from = position;
            CompletableFuture<List<RecordedEvent>> next = CompletableFuture.supplyAsync(() -> bulk(from), executor);
            while (feeding) {
                List<RecordedEvent> batch = next.join();
                if (batch.isEmpty()) {
                    return;
                }
                long end = batch.get(batch.size() - 1).position();
                next = CompletableFuture.supplyAsync(() -> bulk(end), executor);
                if (!apply(batch)) {
                    return;
                }
            }
        }

        /** The next batch; empty at the log's end as of the start. */
        private List<RecordedEvent> bulk(long after) {
            List<RecordedEvent> batch = new ArrayList<>();
            long size = 0;
            while (feeding && after + batch.size() < target && size < BULK_CHARACTERS && batch.size() < BULK) {
                try {
                    List<RecordedEvent> page = log.read(after + batch.size(), PAGE);
                    batch.addAll(page);
                    size += page.stream()
                            .mapToLong(e -> e.payload().length() + e.metadata().length())
                            .sum();
                } catch (LogUnavailable e) {
                    failed(e);
                    sleep(RETRY);
                }
            }
            return batch;
        }

        @Override
        public boolean canHandle(EventMessage<?> message, Segment segment) {
            return true;
        }

        /** Collects the unit of work's events; they are applied together when it commits. */
        @Override
        public void handle(EventMessage<?> message, Segment segment) {
            List<RecordedEvent> batch = CurrentUnitOfWork.get().getOrComputeResource(projection.name(), name -> {
                List<RecordedEvent> events = new ArrayList<>(BATCH);
                CurrentUnitOfWork.get().onPrepareCommit(uow -> apply(events));
                return events;
            });
            batch.add((RecordedEvent) message.getPayload());
        }

        /**
         * Applies a batch, retrying once a second: a failure here is never an event's fault. False if this process no longer feeds the
         * view; the next feeder continues from the token's position.
         */
        private boolean apply(List<RecordedEvent> batch) {
            while (!isApplied(batch)) {
                if (!feeding) {
                    return false;
                }
                sleep(RETRY);
            }
            long before = position;
            position = Math.max(before, batch.get(batch.size() - 1).position());
            failure = null;
            if (!caughtUp && before / PROGRESS != position / PROGRESS) {
                LOG.info("the view {} holds {} of {} events", projection.name(), position, target);
            }
            arrived();
            return true;
        }

        private boolean isApplied(List<RecordedEvent> batch) {
            Optional<String> full = shortage.get();
            if (full.isPresent()) {
                failed(full.get(), null);
                return false;
            }
            if (lease != null && !lease.isHeld()) {
                feeding = false;
                return false;
            }
            try {
                projection.apply(batch);
                // If the lease is lost, another process folds the same events.
                if (lease != null && !lease.advance(batch.get(batch.size() - 1).position())) {
                    feeding = false;
                    return false;
                }
                return true;
            } catch (RuntimeException e) {
                failed(e);
                return false;
            }
        }

        /** Logs an outage as a sentence and any other failure with its stack trace. */
        private void failed(RuntimeException e) {
            switch (e) {
                case LogUnavailable away -> failed(String.valueOf(away.getMessage()), null);
                case MongoException away
                when MongoErrors.isOutage(away) ->
                    failed("the views cannot be reached: MongoDB " + MongoErrors.sentence(away), null);
                default -> failed(String.valueOf(e.getMessage()), e);
            }
        }

        private void failed(String why, @Nullable RuntimeException e) {
            if (!why.equals(failure)) {
                LOG.error("the view {} stands at position {}: {}", projection.name(), position, why, e);
            }
            failure = why;
        }

        /** A standstill is measured from the first call that finds the view behind at its current position. */
        synchronized Optional<String> trouble(long head) {
            String why = failure;
            long at = position;
            if (why != null) {
                return Optional.of(projection.name() + " stands at position " + at + " of " + head + ": " + why);
            }
            if (head <= at || behindAt != at) {
                behindAt = head <= at ? -1 : at;
                behindSince = System.nanoTime();
            }
            Duration still = Duration.ofNanos(System.nanoTime() - behindSince);
            return behindAt == at && still.compareTo(STANDSTILL) > 0
                    ? Optional.of(projection.name() + " has stood at position " + at + " of " + head + " for "
                            + still.toSeconds() + " s")
                    : Optional.empty();
        }

        private static void sleep(Duration time) {
            try {
                Thread.sleep(time);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
