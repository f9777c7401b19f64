package issueledger.axon;

import issueledger.log.AppendResult;
import issueledger.log.AppendResult.Appended;
import issueledger.log.AppendResult.Conflict;
import issueledger.log.AppendResult.KeyTaken;
import issueledger.log.AppendResult.Unknown;
import issueledger.log.Commit;
import issueledger.log.Commit.IdempotencyKey;
import issueledger.log.EventLog;
import issueledger.log.GroupedAppender;
import issueledger.log.LogUnavailable;
import issueledger.log.NewEvent;
import issueledger.log.NotInTime;
import issueledger.log.RecordedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonframework.common.AxonConfigurationException;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngine;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Axon's storage engine over an {@link EventLog}. One unit of work is one commit; a token is a
 * {@link GlobalSequenceTrackingToken} with the position; the loser of a race gets a {@link ConcurrencyException}.
 *
 * <p>Events take the log's time, not the one that Axon gave their messages. Snapshots are a cache of live objects in this process
 * alone: losing one costs a replay. Within an {@link Attempt} the events after a snapshot are not read.
 */
public final class EventLogStorageEngine extends BatchingEventStorageEngine {
    /** Optimistic loading pauses this long after another process wrote to the same stream. */
    private static final Duration CAUTION = Duration.ofSeconds(10);

    private final EventLog log;
    private final Snapshots snapshots = new Snapshots();
    private volatile long cautiousUntil = System.nanoTime();

    public static Builder builder(EventLog log) {
        return new Builder(log);
    }

    private EventLogStorageEngine(Builder builder) {
        super(builder);
        this.log = builder.log;
    }

    /** @throws ConcurrencyException if the stream has an event of that sequence */
    void requireEnd(String stream, long sequence) {
        if (!log.readStream(stream, sequence, 1).isEmpty()) {
            cautiousUntil = System.nanoTime() + CAUTION.toNanos();
            throw new ConcurrencyException("event " + sequence + " of " + stream + " is another writer's");
        }
    }

    @Override
    protected void appendEvents(List<? extends EventMessage<?>> events, Serializer serializer) {
        if (events.isEmpty()) {
            return;
        }
        List<NewEvent> appended = new ArrayList<>(events.size());
        for (EventMessage<?> event : events) {
            appended.add(newEvent(event, serializer));
        }
        Optional<Attempt> attempt = Attempt.current();
        AppendResult result = log.append(
                List.of(new Commit(
                        appended,
                        key(events.get(0).getMetaData()),
                        attempt.map(Attempt::request).orElse(null),
                        attempt.map(Attempt::expected).orElse(Map.of()))),
                attempt.map(Attempt::timeToAppend).orElse(GroupedAppender.PATIENCE));
        switch (result.outcomes().get(0)) {
            case Appended a -> attempt.ifPresent(present -> present.appended(a));
            case Conflict c -> {
                if (c.sequence() > 0) {
                    cautiousUntil = System.nanoTime() + CAUTION.toNanos();
                }
                throw new ConcurrencyException(
                        "event " + c.sequence() + " of " + c.stream() + " was to come where " + c.next() + " is next");
            }
            case KeyTaken k -> throw new ConcurrencyException("the idempotency key is in the log already");
            case Unknown u -> throw new LogUnavailable(LogUnavailable.Outcome.UNKNOWN, u.why(), null);
        }
    }

    private static NewEvent newEvent(EventMessage<?> message, Serializer serializer) {
        if (!(message instanceof DomainEventMessage<?> event)) {
            throw new IllegalArgumentException(
                    "the log holds events of aggregates only, not " + message.getPayloadType());
        }
        SerializedObject<String> payload = event.serializePayload(serializer, String.class);
        SerializedObject<String> metadata = event.serializeMetaData(serializer, String.class);
        String revision = payload.getType().getRevision();
        return new NewEvent(
                event.getIdentifier(),
                event.getAggregateIdentifier(),
                event.getSequenceNumber(),
                payload.getType().getName(),
                revision == null ? "1" : revision,
                payload.getData(),
                metadata.getData());
    }

    private static @Nullable IdempotencyKey key(MetaData metadata) {
        return metadata.get("idempotencyKey") instanceof String key && metadata.get("actor") instanceof String actor
                ? new IdempotencyKey(actor, key)
                : null;
    }

    @Override
    protected List<? extends TrackedEventData<?>> fetchTrackedEvents(@Nullable TrackingToken lastToken, int batchSize) {
        long after = lastToken == null ? 0 : position(lastToken);
        return entries(log.read(after, batchSize));
    }

    @Override
    protected List<? extends DomainEventData<?>> fetchDomainEvents(
            String aggregateIdentifier, long firstSequenceNumber, int batchSize) {
        Optional<Attempt> attempt = Attempt.current();
        if (attempt.isPresent()
                && System.nanoTime() - cautiousUntil >= 0
                && attempt.get().assumesEnd(aggregateIdentifier, firstSequenceNumber)) {
            return List.of();
        }
        if (attempt.isPresent() && !attempt.get().hasTimeToRead()) {
            throw new NotInTime(
                    "those before it on " + aggregateIdentifier + " still wait for the log, or it is slow to read",
                    null);
        }
        return entries(log.readStream(aggregateIdentifier, firstSequenceNumber, batchSize));
    }

    private static List<LogEntry> entries(List<RecordedEvent> events) {
        return events.stream().map(LogEntry::new).toList();
    }

    private static long position(TrackingToken token) {
        return token.position().orElseThrow(() -> new IllegalArgumentException("not a token of this log: " + token));
    }

    /** @throws IllegalArgumentException if the aggregate is no {@link Snapshots.Copyable} */
    @Override
    protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer serializer) {
        snapshots.store(snapshot);
    }

    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String aggregateIdentifier) {
        Optional<DomainEventMessage<?>> snapshot = snapshots.find(aggregateIdentifier);
        snapshot.ifPresent(found -> Attempt.current()
                .ifPresent(attempt -> attempt.foundSnapshot(aggregateIdentifier, found.getSequenceNumber() + 1)));
        return snapshot;
    }

    /** The latest snapshot of an aggregate; no attempt rests on it. */
    public Optional<DomainEventMessage<?>> snapshot(String aggregateIdentifier) {
        return snapshots.find(aggregateIdentifier);
    }

    /** Never asked: what is not in memory is not kept. */
    @Override
    protected Stream<? extends DomainEventData<?>> readSnapshotData(String aggregateIdentifier) {
        return Stream.empty();
    }

    @Override
    public Optional<Long> lastSequenceNumberFor(String aggregateIdentifier) {
        long known = -1;
        List<RecordedEvent> next = log.readStream(aggregateIdentifier, 0, batchSize());
        while (!next.isEmpty()) {
            known = next.get(next.size() - 1).sequence();
            next = log.readStream(aggregateIdentifier, known + 1, batchSize());
        }
        return known < 0 ? Optional.empty() : Optional.of(known);
    }

    /** Before the first event; Axon reads a null token so. */
    @Override
    public @Nullable TrackingToken createTailToken() {
        return null;
    }

    @Override
    public TrackingToken createHeadToken() {
        return new GlobalSequenceTrackingToken(log.head().position());
    }

    @Override
    public TrackingToken createTokenAt(Instant dateTime) {
        // The events at the moment itself are still to come.
        return new GlobalSequenceTrackingToken(log.positionAt(dateTime.minusMillis(1)));
    }

    /** Builds the engine; the serializers default to {@link EventSerializer}. */
    public static final class Builder extends BatchingEventStorageEngine.Builder {
        private final EventLog log;

        private Builder(EventLog log) {
            this.log = log;
            eventSerializer(EventSerializer.create());
            snapshotSerializer(EventSerializer.create());
        }

        public EventLogStorageEngine build() {
            return new EventLogStorageEngine(this);
        }

        @Override
        protected void validate() throws AxonConfigurationException {
            super.validate();
        }
    }
}
