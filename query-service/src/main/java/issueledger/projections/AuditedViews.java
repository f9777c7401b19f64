package issueledger.projections;

import issueledger.log.RecordedEvent;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stored views of issues, as {@link ViewsAudit} compares them.
 *
 * @param <V> a stored view
 */
public interface AuditedViews<V> {
    String id(V stored);

    /** The last position that was folded. */
    long seen(V stored);

    /** Some stored views in the store's order, as they are at one moment: those after the given one, none at the end. */
    List<V> after(@Nullable V last);

    Optional<V> found(String id);

    /** A view of no event. */
    Fold<V> fold(String id);

    /** One issue that is folded from its stream. Used by one thread. */
    interface Fold<V> {
        /** Throws if the event cannot be read or does not fit those before it. */
        void apply(RecordedEvent event);

        /** How a stored view differs from what was folded, for a person; null if it does not. */
        @Nullable
        String difference(V stored);
    }
}
