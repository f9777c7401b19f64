package issueledger.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import issueledger.events.EventJson;
import issueledger.events.EventMetadata;
import issueledger.log.Erasure;
import issueledger.log.RecordedEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/** A recorded event in an answer; the payload is the recorded text, byte for byte. */
public record EventItem(
        long position,
        String issueId,
        long version,
        String type,
        String revision,
        Instant recordedAt,
        @Nullable Instant effectiveAt,
        @Nullable String actor,
        @Nullable String reason,
        @JsonRawValue String payload,
        Origin metadata,
        long commit,
        String hash,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Erased erased) {

    public record Origin(
            @Nullable String commandId,
            @Nullable String correlationId,
            @Nullable String causationId,
            @Nullable String traceId,
            @Nullable String idempotencyKey) {}

    /** The erasure of the event's texts. */
    public record Erased(Instant at, String by, String reason) {
        public static @Nullable Erased of(RecordedEvent event) {
            Erasure erasure = event.erased();
            return erasure == null ? null : new Erased(erasure.at(), erasure.by(), erasure.reason());
        }
    }

    public static EventItem of(RecordedEvent event) {
        EventMetadata metadata = metadata(event.metadata());
        return new EventItem(
                event.position(),
                event.stream(),
                event.version(),
                event.type(),
                event.revision(),
                event.recordedAt(),
                metadata == null ? null : metadata.effectiveAt(),
                metadata == null ? null : metadata.actor(),
                metadata == null ? null : metadata.reason(),
                raw(event.payload()),
                metadata == null
                        ? new Origin(null, null, null, null, null)
                        : new Origin(
                                metadata.commandId(),
                                metadata.correlationId(),
                                metadata.causationId(),
                                metadata.traceId(),
                                metadata.idempotencyKey()),
                event.commit(),
                event.hash(),
                Erased.of(event));
    }

    /** The item as one line of JSON, without its end: a payload's line breaks, which JSON has between its values only, are blanks. */
    public static byte[] line(RecordedEvent event) {
        byte[] line = EventJson.MAPPER.writeValueAsBytes(of(event));
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\n' || line[i] == '\r') {
                line[i] = ' ';
            }
        }
        return line;
    }

    /** The actor as an answer shows it; null for unreadable metadata. */
    static @Nullable String actorOf(RecordedEvent event) {
        EventMetadata metadata = metadata(event.metadata());
        return metadata == null ? null : metadata.actor();
    }

    /** Null for unreadable metadata; the event is answered without it. */
    private static @Nullable EventMetadata metadata(String text) {
        try {
            return EventJson.readMetadata(text);
        } catch (JacksonException e) {
            return null;
        }
    }

    /** The text unchanged if it is JSON, else as a JSON string, so that the answer stays valid JSON. */
    public static String raw(String payload) {
        try (JsonParser parser = EventJson.MAPPER.createParser(payload)) {
            if (parser.nextToken() != null) {
                parser.skipChildren();
                if (parser.nextToken() == null) {
                    return payload;
                }
            }
        } catch (JacksonException e) {
            return EventJson.MAPPER.writeValueAsString(payload);
        }
        return EventJson.MAPPER.writeValueAsString(payload);
    }
}
