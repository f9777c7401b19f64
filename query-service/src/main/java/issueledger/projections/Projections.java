package issueledger.projections;

import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Runs each projection as an Axon streaming processor, and knows how far each of them is. */
@Component
public class Projections implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Projections.class);
    private static final int BATCH = 500;
    private static final int PROGRESS = 50_000;

    private final EventLog log;
    private final List<Runner> runners = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile boolean caughtUp;
    private volatile long target;
    private volatile boolean running;

    Projections(EventLog log, List<Projection> projections) {
        this.log = log;
        projections.forEach(projection -> runners.add(new Runner(projection)));
    }

    /** How far a projection is. */
    public record Progress(String name, long position, long head, long lag, long parked) {}

    public List<Progress> progress() {
        return runners.stream()
                .map(runner -> {
                    // Read before the head, so that a lag is never negative.
                    long position = runner.position;
                    long head = Math.max(position, log.head().position());
                    return new Progress(
                            runner.projection.name(), position, head, head - position, runner.projection.parked());
                })
                .toList();
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

    /** One projection and the processor that feeds it. */
    private final class Runner implements EventHandlerInvoker {
        private final Projection projection;
        private final ScheduledExecutorService executor;
        private final PooledStreamingEventProcessor processor;
        private volatile long position;

        Runner(Projection projection) {
            this.projection = projection;
            this.executor = Executors.newScheduledThreadPool(
                    2,
                    Thread.ofPlatform()
                            .name(projection.name() + "-projection-", 1)
                            .daemon()
                            .factory());
            StreamableMessageSource<TrackedEventMessage<?>> source = token ->
                    new LogStream(log, token == null ? 0 : token.position().orElse(0));
            this.processor = PooledStreamingEventProcessor.builder()
                    .name(projection.name())
                    .eventHandlerInvoker(this)
                    .messageSource(source)
                    .tokenStore(new InMemoryTokenStore())
                    .initialToken(s -> new GlobalSequenceTrackingToken(0))
                    .transactionManager(NoTransactionManager.INSTANCE)
                    .coordinatorExecutor(executor)
                    .workerExecutor(executor)
                    .initialSegmentCount(1)
                    .batchSize(BATCH)
                    .build();
        }

        void start() {
            processor.start();
        }

        void stop() {
            processor.shutDown();
            executor.shutdown();
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

        private void apply(List<RecordedEvent> batch) {
            projection.apply(batch);
            long before = position;
            position = batch.get(batch.size() - 1).position();
            if (!caughtUp && before / PROGRESS != position / PROGRESS) {
                LOG.info("the view {} holds {} of {} events", projection.name(), position, target);
            }
            arrived();
        }
    }
}
