package issueledger.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import issueledger.log.Commitments;
import issueledger.log.RecordedEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event's line in an export.
 *
 * @param commit the position of its commit's first event
 * @param hash its commit's
 * @param payloadSalt null once the payload is erased
 * @param payload the exact text
 * @param payloadCommitment only once the payload is erased
 */
public record ExportedEvent(
        long position,
        String issueId,
        long version,
        String type,
        String revision,
        Instant recordedAt,
        long commit,
        String hash,
        @Nullable String payloadSalt,
        @Nullable String metadataSalt,
        String payload,
        String metadata,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String payloadCommitment,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String metadataCommitment) {

    static ExportedEvent of(RecordedEvent event) {
        Commitments commitments = event.commitments();
        return new ExportedEvent(
                event.position(),
                event.stream(),
                event.version(),
                event.type(),
                event.revision(),
                event.recordedAt(),
                event.commit(),
                event.hash(),
                commitments.payloadSalt(),
                commitments.metadataSalt(),
                event.payload(),
                event.metadata(),
                commitments.payload(),
                commitments.metadata());
    }
}
