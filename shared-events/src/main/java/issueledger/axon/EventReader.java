package issueledger.axon;

import issueledger.events.EventJson;
import issueledger.events.EventMetadata;
import issueledger.events.IssueEvent;
import issueledger.log.RecordedEvent;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.InitialEventRepresentation;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import tools.jackson.core.JacksonException;

/**
 * Reads what is recorded one event at a time, through the same upcasters that Axon's aggregates read through, so that one unreadable
 * event is only its own problem.
 */
public final class EventReader {
    private final EventUpcaster upcasters;
    private final EventSerializer serializer = EventSerializer.create();

    public EventReader(EventUpcaster upcasters) {
        this.upcasters = upcasters;
    }

    /** What was recorded, as this version of the program understands it. */
    public record ReadEvent(RecordedEvent recorded, EventMetadata metadata, List<IssueEvent> events) {}

    /** A recorded event that this version of the program cannot read. */
    public static final class UnreadableEvent extends RuntimeException {
        private final RecordedEvent event;

        UnreadableEvent(RecordedEvent event, Exception cause) {
            super(
                    "event " + event.position() + " (" + event.type() + " " + event.revision() + " of " + event.stream()
                            + ") cannot be read: " + firstLine(cause),
                    cause);
            this.event = event;
        }

        public RecordedEvent event() {
            return event;
        }

        private static String firstLine(Exception cause) {
            // Axon's own message says only that it failed.
            Throwable telling =
                    cause instanceof SerializationException && cause.getCause() != null ? cause.getCause() : cause;
            String message = String.valueOf(telling.getMessage());
            int end = message.indexOf('\n');
            return end < 0 ? message : message.substring(0, end);
        }
    }

    /** All events that upcasting makes of the recorded one, usually one. */
    public ReadEvent read(RecordedEvent recorded) {
        try {
            EventMetadata metadata = EventJson.readMetadata(recorded.metadata());
            Stream<IntermediateEventRepresentation> upcast =
                    upcasters.upcast(Stream.of(new InitialEventRepresentation(new LogEntry(recorded), serializer)));
            return new ReadEvent(recorded, metadata, upcast.map(this::event).toList());
        } catch (SerializationException | JacksonException | IllegalArgumentException e) {
            throw new UnreadableEvent(recorded, e);
        }
    }

    private IssueEvent event(IntermediateEventRepresentation upcast) {
        return serializer.deserialize(upcast.getData());
    }
}
