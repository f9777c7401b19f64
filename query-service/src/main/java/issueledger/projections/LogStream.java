package issueledger.projections;

import issueledger.log.EventLog;
import issueledger.log.LogUnavailable;
import issueledger.log.RecordedEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;

/**
 * The log as a stream for Axon's processors. The messages carry recorded events; the projection reads their JSON, so that an unreadable
 * event does not end the stream.
 */
final class LogStream implements TrackingEventStream {
    private static final int PAGE = 1_000;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final EventLog log;
    private final Consumer<RuntimeException> onFailure;
    private final Queue<RecordedEvent> page = new ArrayDeque<>();
    private long position;
    private EventLog.@Nullable Subscription subscription;

    /** @param onFailure called if the log cannot be read or has a gap; the stream retries and goes no further */
    LogStream(EventLog log, long after, Consumer<RuntimeException> onFailure) {
        this.log = log;
        this.onFailure = onFailure;
        this.position = after;
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
        fill(Duration.ZERO);
        return Optional.ofNullable(page.peek()).map(LogStream::message);
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) {
        fill(Duration.of(timeout, unit.toChronoUnit()));
        return !page.isEmpty();
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() {
        while (page.isEmpty()) {
            fill(Duration.ofSeconds(1));
        }
        return message(page.remove());
    }

    private void fill(Duration atMost) {
        if (!page.isEmpty()) {
            return;
        }
        try {
            if (log.awaitBeyond(position, atMost) > position) {
                page.addAll(log.read(position, PAGE));
                position += page.size();
            }
        } catch (LogUnavailable e) {
            onFailure.accept(e);
            pause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static TrackedEventMessage<?> message(RecordedEvent event) {
        return new GenericTrackedEventMessage<>(
                new GlobalSequenceTrackingToken(event.position()),
                new GenericEventMessage<>(event.id(), event, MetaData.emptyInstance(), event.recordedAt()));
    }

    @Override
    public boolean setOnAvailableCallback(Runnable callback) {
        close();
        subscription = log.onAdvance(callback);
        return true;
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.close();
            subscription = null;
        }
    }
}
