package issueledger.axon;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;

/** The latest snapshots of the aggregates used last, as live objects. A snapshot never replaces a newer one. */
public final class Snapshots {
    /** Maximum payload bytes of all snapshots; as objects they take several times as much heap. */
    private static final long MAX_BYTES = Runtime.getRuntime().maxMemory() / 16;

    /** Weight of the objects around a snapshot. */
    private static final int OVERHEAD = 2_048;

    private final Cache<String, DomainEventMessage<?>> latest = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((String id, DomainEventMessage<?> snapshot) -> (int)
                    Math.min(Integer.MAX_VALUE, OVERHEAD + copyable(snapshot).payloadBytes()))
            .executor(Runnable::run)
            .build();

    /** An aggregate that can be a snapshot. Loading copies it, so that the snapshot never changes. */
    public interface Copyable {
        Object copy();

        /** Size of the payloads that it was folded from, in bytes. */
        long payloadBytes();
    }

    void store(DomainEventMessage<?> snapshot) {
        copyable(snapshot); // Before it is anywhere.
        latest.asMap()
                .merge(
                        snapshot.getAggregateIdentifier(),
                        snapshot,
                        (known, given) -> given.getSequenceNumber() > known.getSequenceNumber() ? given : known);
    }

    Optional<DomainEventMessage<?>> find(String aggregateIdentifier) {
        DomainEventMessage<?> found = latest.getIfPresent(aggregateIdentifier);
        return found == null
                ? Optional.empty()
                : Optional.of(new GenericDomainEventMessage<>(
                        found.getType(),
                        aggregateIdentifier,
                        found.getSequenceNumber(),
                        copyable(found).copy()));
    }

    private static Copyable copyable(DomainEventMessage<?> snapshot) {
        if (snapshot.getPayload() instanceof Copyable copyable) {
            return copyable;
        }
        throw new IllegalArgumentException(snapshot.getPayloadType() + " cannot be copied, so it is no snapshot");
    }
}
