package issueledger.evolution;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventMultiUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The three changes of docs/evolution.md, an upcaster each. */
public final class OldShapes {
    private OldShapes() {}

    /** In the order in which the shapes changed. */
    public static List<EventUpcaster> upcasters() {
        return List.of(new NotesWithoutAKind(), new IssuesRaised(), new WorkBegunWithAPhase());
    }

    private static SerializedType type(String name, String revision) {
        return new SimpleSerializedType(name, revision);
    }

    /** A field was added: notes of revision 0 have no kind, and are read as observations of progress. */
    static final class NotesWithoutAKind extends SingleEventUpcaster {
        @Override
        protected boolean canUpcast(IntermediateEventRepresentation event) {
            return event.getType().equals(type("NoteRecorded", "0"));
        }

        @Override
        protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
            return event.upcastPayload(
                    type("NoteRecorded", "1"), JsonNode.class, note -> ((ObjectNode) note).put("kind", "PROGRESS"));
        }
    }

    /** A type was renamed: {@code IssueRaised} is {@code IssueOpened}. */
    static final class IssuesRaised extends SingleEventUpcaster {
        @Override
        protected boolean canUpcast(IntermediateEventRepresentation event) {
            return event.getType().equals(type("IssueRaised", "1"));
        }

        @Override
        protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
            return event.upcastPayload(type("IssueOpened", "1"), JsonNode.class, payload -> payload);
        }
    }

    /** An event was split in two: {@code WorkBegun} is {@code WorkStarted} and {@code PhaseStarted}. */
    static final class WorkBegunWithAPhase extends EventMultiUpcaster {
        private static final Map<String, String> PARTS = Map.of("WorkStarted", "startedOn", "PhaseStarted", "phase");

        @Override
        protected boolean canUpcast(IntermediateEventRepresentation event) {
            return event.getType().equals(type("WorkBegun", "1"));
        }

        @Override
        protected Stream<IntermediateEventRepresentation> doUpcast(IntermediateEventRepresentation event) {
            return Stream.of("WorkStarted", "PhaseStarted").map(part -> part(event, part));
        }

        /** Each part has a copy of the payload of its own. */
        private static IntermediateEventRepresentation part(IntermediateEventRepresentation event, String part) {
            return event.upcastPayload(
                    type(part, "1"),
                    JsonNode.class,
                    payload -> ((ObjectNode) payload.deepCopy()).retain(PARTS.get(part)));
        }
    }
}
