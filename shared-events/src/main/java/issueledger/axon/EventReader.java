package issueledger.axon;

import issueledger.events.EventJson;
import issueledger.events.EventMetadata;
import issueledger.events.InvalidValue;
import issueledger.events.IssueEvent;
import issueledger.log.RecordedEvent;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.serialization.upcasting.event.InitialEventRepresentation;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;

/**
 * Reads what is recorded one event at a time, through the same upcasters that Axon's aggregates read through, so that one unreadable
 * event is only its own problem.
 */
public final class EventReader {
    private final @Nullable EventUpcaster upcasters;
    private final EventSerializer serializer = EventSerializer.create();

    public EventReader(List<? extends EventUpcaster> upcasters) {
        this.upcasters = upcasters.isEmpty() ? null : new EventUpcasterChain(List.copyOf(upcasters));
    }

    /** A recorded event as this version of the program understands it. */
    public record ReadEvent(RecordedEvent recorded, EventMetadata metadata, List<IssueEvent> events) {}

    /** A recorded event that this version of the program cannot read. */
    public static final class UnreadableEvent extends RuntimeException {
        private final RecordedEvent event;

        /** @param why for a person, without names of classes */
        public UnreadableEvent(RecordedEvent event, String why, Exception cause) {
            super(
                    "event " + event.position() + " (" + event.type() + " " + event.revision() + " of " + event.stream()
                            + ") cannot be read: " + why,
                    cause);
            this.event = event;
        }

        public RecordedEvent event() {
            return event;
        }

        /** Not what Jackson says of the whole: that names classes. */
        private static String why(Throwable cause) {
            for (Throwable e = cause; e != null; e = e.getCause()) {
                if (e instanceof InvalidValue invalid) {
                    return invalid.offences().stream()
                            .map(offence -> (offence.pointer() + " " + offence.detail()).strip())
                            .collect(Collectors.joining("; "));
                }
                if (e instanceof StreamReadException unparsable) {
                    return unparsable.getOriginalMessage();
                }
                if (e instanceof JacksonException unlike && !(e.getCause() instanceof InvalidValue)) {
                    return "its JSON is not that of such an event" + at(unlike);
                }
            }
            return String.valueOf(cause.getMessage());
        }

        private static String at(JacksonException e) {
            String pointer = e.getPath().stream()
                    .map(step -> "/" + (step.getPropertyName() == null ? step.getIndex() : step.getPropertyName()))
                    .collect(Collectors.joining());
            return pointer.isEmpty() ? "" : ", see " + pointer;
        }
    }

    /** True if there are no upcasters: an event is of the type that is stored. */
    public boolean readsWhatIsStored() {
        return upcasters == null;
    }

    /** All events that upcasting makes of the recorded one, usually one. */
    public ReadEvent read(RecordedEvent recorded) {
        try {
            EventMetadata metadata = EventJson.readMetadata(recorded.metadata());
            if (metadata == null) {
                throw new SerializationException("its metadata is null");
            }
            return new ReadEvent(
                    recorded, metadata, upcasters == null ? List.of(event(recorded)) : upcast(recorded, upcasters));
        } catch (SerializationException | JacksonException | IllegalArgumentException e) {
            throw new UnreadableEvent(recorded, UnreadableEvent.why(e), e);
        }
    }

    private List<IssueEvent> upcast(RecordedEvent recorded, EventUpcaster by) {
        Stream<IntermediateEventRepresentation> upcast =
                by.upcast(Stream.of(new InitialEventRepresentation(new LogEntry(recorded), serializer)));
        return upcast.map(this::event).toList();
    }

    private IssueEvent event(IntermediateEventRepresentation upcast) {
        return some(serializer.deserialize(upcast.getData()));
    }

    private static IssueEvent event(RecordedEvent recorded) {
        return some(EventJson.read(recorded.type(), recorded.revision(), recorded.payload()));
    }

    private static IssueEvent some(@Nullable IssueEvent event) {
        if (event == null) {
            throw new SerializationException("its payload is null");
        }
        return event;
    }
}
