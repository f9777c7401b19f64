package issueledger.axon;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventData;

/** The latest snapshots of the aggregates used last. A snapshot never replaces a newer one. */
final class Snapshots {
    private static final int MOST = 1_000;

    private final Map<String, DomainEventData<?>> latest = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DomainEventData<?>> eldest) {
            return size() > MOST;
        }
    };

    synchronized void store(DomainEventData<?> snapshot) {
        latest.merge(
                snapshot.getAggregateIdentifier(),
                snapshot,
                (known, given) -> given.getSequenceNumber() > known.getSequenceNumber() ? given : known);
    }

    synchronized Optional<DomainEventData<?>> find(String aggregateIdentifier) {
        return Optional.ofNullable(latest.get(aggregateIdentifier));
    }
}
