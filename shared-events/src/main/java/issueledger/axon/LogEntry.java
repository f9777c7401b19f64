package issueledger.axon;

import issueledger.log.RecordedEvent;
import java.time.Instant;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;

/** A recorded event as Axon reads it. */
record LogEntry(RecordedEvent event) implements DomainEventData<String>, TrackedEventData<String> {
    /** The log holds issues and nothing else. */
    static final String AGGREGATE_TYPE = "Issue";

    @Override
    public String getEventIdentifier() {
        return event.id();
    }

    @Override
    public Instant getTimestamp() {
        return event.recordedAt();
    }

    @Override
    public SerializedObject<String> getMetaData() {
        return new SerializedMetaData<>(event.metadata(), String.class);
    }

    @Override
    public SerializedObject<String> getPayload() {
        return new SimpleSerializedObject<>(event.payload(), String.class, event.type(), event.revision());
    }

    @Override
    public String getType() {
        return AGGREGATE_TYPE;
    }

    @Override
    public String getAggregateIdentifier() {
        return event.stream();
    }

    @Override
    public long getSequenceNumber() {
        return event.sequence();
    }

    @Override
    public TrackingToken trackingToken() {
        return new GlobalSequenceTrackingToken(event.position());
    }
}
