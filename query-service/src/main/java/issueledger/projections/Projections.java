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

/** Runs each projection as an Axon streaming processor, and knows how far each of them is. */
@Component
public class Projections implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Projections.class);
    private static final int BATCH = 500;
    private static final int PROGRESS = 50_000;

    /** What is read at once, and folded at once, while the views are filled. */
    private static final int PAGE = 10_000;

    private static final int BULK = 50_000;
    private static final long BULK_CHARACTERS = Runtime.getRuntime().maxMemory() / 64;

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** How often a process looks at the tokens that another one moves, and how often it shows that it is alive itself. */
    private static final Duration LOOK = Duration.ofMillis(25);

    private static final Duration BEAT = Duration.ofMillis(500);

    /** How long a view may be behind without moving. */
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
     * @param inBulk whether what is in the log at the start is folded in large batches, beside Axon's processor
     * @param shortage why the views should not grow now, empty where they may
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

    /** How far a projection is. */
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

    /** Why the views do not follow the log: one sentence for each that fails or stands still behind it. */
    public List<String> troubles() {
        long head = head();
        return runners.stream().flatMap(runner -> runner.trouble(head).stream()).toList();
    }

    /** Where the log ended when it was last seen: told without asking the log, which may be what is in trouble. */
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

    /** Waits until the views hold a position, and answers the one that they hold then. */
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

    /** Whether the views have once held everything that was in the log when the service started. */
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

    /** Before the web server, so that it goes on until the requests under way are answered. */
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
     * One projection and what feeds it: first what is in the log at the start, in bulk, then a processor of Axon's. Views that are
     * shared with other processes are fed by the one that has the claim; the others look how far they are.
     */
    private final class Runner implements EventHandlerInvoker {
        private final Projection projection;
        private final @Nullable ProjectionLease claim;
        private final ScheduledExecutorService executor;
        private @Nullable PooledStreamingEventProcessor processor;
        private volatile boolean feeding;
        private int term;
        private volatile long position;
        private volatile long parked;
        private long behindAt = -1;
        private long behindSince;
        private volatile @Nullable String failure;

        Runner(Projection projection, @Nullable ProjectionLease claim) {
            this.projection = projection;
            this.claim = claim;
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
            if (claim == null) {
                feed();
            } else {
                Thread.ofPlatform().name(projection.name() + "-claim").daemon().start(() -> compete(claim));
            }
        }

        /** From the position on, until {@link #rest}. */
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
            if (claim != null) {
                try {
                    claim.release();
                } catch (MongoException e) {
                    LOG.warn(
                            "the claim on {} could not be released and expires: {}", projection.name(), e.getMessage());
                }
            }
        }

        /** As last asked for: whoever asks how far a view is must not wait for a store that is away. */
        long parked() {
            return claim == null ? projection.parked() : parked;
        }

        private void compete(ProjectionLease claim) {
            long counted = System.nanoTime() - BEAT.toNanos();
            while (running) {
                try {
                    if (System.nanoTime() - counted >= BEAT.toNanos()) {
                        parked = projection.parked();
                        counted = System.nanoTime();
                    }
                    if (!claim.isHeld()) {
                        if (isFeeding()) {
                            LOG.warn("another process feeds the view {} now", projection.name());
                            rest();
                        }
                        claim.look();
                        position = claim.position();
                        failure = null;
                        arrived();
                        if (claim.isHeld()) {
                            LOG.info("this process feeds the view {} from position {} on", projection.name(), position);
                            feed();
                        }
                        sleep(LOOK);
                    } else if (claim.beat()) {
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

        /** As much as is folded at once; empty once the log's end at the start is reached. */
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

        /** Collects the batch of the unit of work, which is applied as a whole when it is committed. */
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
         * Until it is done: whatever fails here is not the events' fault, so it is tried again, once a second. Answers false where this
         * process no longer feeds the view: whoever feeds it next begins at the position that it has then.
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
            if (claim != null && !claim.isHeld()) {
                feeding = false;
                return false;
            }
            try {
                projection.apply(batch);
                // Where the claim is lost, another process has folded the same, or will.
                if (claim != null && !claim.advance(batch.get(batch.size() - 1).position())) {
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

        /** Who asks again and finds the view behind at the same position learns how long it has stood there. */
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
