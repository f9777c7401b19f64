package issueledger.events;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Events as the log keeps them: a stable type name, a revision and exact JSON text. To change an event's shape, raise its revision
 * in {@link #REVISIONS} and add an upcaster from the one before (README, "add an event").
 */
public final class EventJson {
    private static final Map<Class<? extends IssueEvent>, String> REVISIONS = Map.of();

    /** The JSON format of Issue Ledger: members in declared order, nulls kept, plain decimals, times in UTC with milliseconds. */
    public static final JsonMapper MAPPER = configure(JsonMapper.builder()).build();

    private static final Map<String, Class<? extends IssueEvent>> TYPES = Arrays.stream(
                    IssueEvent.class.getPermittedSubclasses())
            .map(type -> type.<IssueEvent>asSubclass(IssueEvent.class))
            .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Function.identity()));

    private EventJson() {}

    public static JsonMapper.Builder configure(JsonMapper.Builder builder) {
        SimpleModule times = new SimpleModule("times").addSerializer(Instant.class, new InstantText());
        return builder.addModule(times)
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION);
    }

    public static String typeOf(Class<? extends IssueEvent> type) {
        return type.getSimpleName();
    }

    public static String revisionOf(Class<? extends IssueEvent> type) {
        return REVISIONS.getOrDefault(type, "1");
    }

    /**
     * The class that holds events of this type and revision.
     *
     * @throws IllegalArgumentException naming both, if this version of the program has none
     */
    public static Class<? extends IssueEvent> classOf(String type, String revision) {
        Class<? extends IssueEvent> found = TYPES.get(type);
        if (found == null || !revisionOf(found).equals(revision)) {
            throw new IllegalArgumentException("no event " + type + " of revision " + revision + " is known");
        }
        return found;
    }

    public static String write(IssueEvent event) {
        return MAPPER.writeValueAsString(event);
    }

    /**
     * Reads a payload.
     *
     * @throws IllegalArgumentException if the type or revision is unknown or a value is invalid
     * @throws JacksonException if the text is not the JSON of such an event
     */
    public static IssueEvent read(String type, String revision, String payload) {
        return MAPPER.readValue(payload, classOf(type, revision));
    }

    /**
     * Reads an event's metadata.
     *
     * @throws JacksonException if the text is not the JSON of event metadata
     */
    public static EventMetadata readMetadata(String metadata) {
        EventMetadata plain = readPlain(metadata);
        return plain == null ? METADATA.readValue(metadata) : plain;
    }

    /** A fast path for the usual form, since every event has metadata; null for any other form. */
    private static @Nullable EventMetadata readPlain(String metadata) {
        @Nullable String[] values = new String[METADATA_FIELDS.size()];
        try (JsonParser parser = MAPPER.createParser(metadata)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                Integer field = METADATA_FIELDS.get(name);
                if (field == null || (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NULL)) {
                    return null;
                }
                values[field] = value == JsonToken.VALUE_NULL ? null : parser.getString();
            }
            String actor = values[0];
            String commandId = values[2];
            String effectiveAt = values[7];
            boolean ended = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
            if (!ended || actor == null || commandId == null) {
                return null;
            }
            return new EventMetadata(
                    actor,
                    values[1],
                    commandId,
                    values[3],
                    values[4],
                    values[5],
                    values[6],
                    effectiveAt == null ? null : Instant.parse(effectiveAt));
        } catch (JacksonException | DateTimeParseException e) {
            return null; // The full read reports the error.
        }
    }

    /** Index of each record component by name. */
    private static final Map<String, Integer> METADATA_FIELDS = IntStream.range(
                    0, EventMetadata.class.getRecordComponents().length)
            .boxed()
            .collect(Collectors.toUnmodifiableMap(
                    i -> EventMetadata.class.getRecordComponents()[i].getName(), Function.identity()));

    // A later version may add fields; they stay readable in the log.
    private static final ObjectReader METADATA =
            MAPPER.readerFor(EventMetadata.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private static final class InstantText extends StdSerializer<Instant> {
        InstantText() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(Rfc3339.format(value));
        }
    }
}
