package issueledger.axon;

import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.UnknownSerializedType;
import org.axonframework.serialization.jackson3.Jackson3Serializer;

/**
 * Axon's Jackson 3 serializer, with issue events under their stable names and revisions in place of class names, so that a package
 * can move. A type that is not known is an error here, where Axon would pass it by in silence.
 */
public final class EventSerializer extends Jackson3Serializer {

    public static EventSerializer create() {
        return new EventSerializer(Jackson3Serializer.builder().jsonMapperBuilderCustomizer(EventJson::configure));
    }

    private EventSerializer(Builder builder) {
        super(builder);
    }

    @Override
    @SuppressWarnings("rawtypes") // Axon's signature.
    public SerializedType typeForClass(Class type) {
        if (type != null && IssueEvent.class.isAssignableFrom(type)) {
            Class<? extends IssueEvent> event = ((Class<?>) type).asSubclass(IssueEvent.class);
            return new SimpleSerializedType(EventJson.typeOf(event), EventJson.revisionOf(event));
        }
        return super.typeForClass(type);
    }

    @Override
    public Class<?> classForType(SerializedType type) {
        if (type.getName().indexOf('.') < 0 && !SimpleSerializedType.emptyType().equals(type)) {
            try {
                return EventJson.classOf(type.getName(), type.getRevision());
            } catch (IllegalArgumentException e) {
                throw new SerializationException(e.getMessage(), e);
            }
        }
        Class<?> found = super.classForType(type);
        if (UnknownSerializedType.class.equals(found)) {
            throw new SerializationException("no class " + type.getName() + " is known");
        }
        return found;
    }
}
