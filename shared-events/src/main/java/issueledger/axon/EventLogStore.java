package issueledger.axon;

import issueledger.log.EventLog;
import issueledger.log.EventLog.Subscription;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;

/**
 * Axon's event store for event processors. The log wakes its streams, and a failed read reaches the processor, which tries again; Axon's
 * embedded store polls each second and only writes the failure to its log.
 */
public final class EventLogStore extends AbstractEventStore {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final EventLog log;

    public EventLogStore(EventLog log, EventStorageEngine engine) {
        super(new Builder().storageEngine(engine));
        this.log = log;
    }

    /** @throws IllegalStateException if the token is beyond the end of the log */
    @Override
    public TrackingEventStream openStream(@Nullable TrackingToken token) {
        long head = log.head().position();
        if (position(token) > head) {
            throw new IllegalStateException("The token " + position(token) + " is beyond the end of the log, " + head
                    + ": it is of another log. Reset the processor's tokens.");
        }
        return new LogStream(token);
    }

    private static long position(@Nullable TrackingToken token) {
        return token == null ? 0 : token.position().orElse(0);
    }

    private static final class Builder extends AbstractEventStore.Builder {}

    /** Reads to the end of the log, and again from there once the log has grown. */
    private final class LogStream implements TrackingEventStream {
        private @Nullable TrackingToken last;
        private Iterator<? extends TrackedEventMessage<?>> events = Collections.emptyIterator();
        private @Nullable TrackedEventMessage<?> next;
        private @Nullable Subscription subscription;

        LogStream(@Nullable TrackingToken after) {
            this.last = after;
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            return peek(Duration.of(timeout, unit.toChronoUnit())) != null;
        }

        private @Nullable TrackedEventMessage<?> peek(Duration atMost) throws InterruptedException {
            if (next == null && !events.hasNext() && log.awaitBeyond(position(last), atMost) > position(last)) {
                events = storageEngine().readEvents(last, false).iterator();
            }
            if (next == null && events.hasNext()) {
                next = events.next();
                last = next.trackingToken();
            }
            return next;
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            try {
                return Optional.ofNullable(peek(Duration.ZERO));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            TrackedEventMessage<?> event = peek(PATIENCE);
            while (event == null) {
                event = peek(PATIENCE);
            }
            next = null;
            return event;
        }

        @Override
        public boolean setOnAvailableCallback(Runnable callback) {
            subscription = log.onAdvance(callback);
            return true;
        }

        @Override
        public void close() {
            if (subscription != null) {
                subscription.close();
            }
        }
    }
}
