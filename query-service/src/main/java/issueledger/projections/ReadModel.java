package issueledger.projections;

import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import java.util.Collection;
import java.util.List;

/** One generation of a projection's views. */
public interface ReadModel {

    /**
     * Folds the next events of the log, in order, without writing anything. An event that cannot be read or folded must not make this
     * method throw: it is in {@link Changes#failures}, and the later events of its issue are not folded. Events may be delivered again
     * and must then change nothing.
     */
    Changes fold(List<RecordedEvent> events);

    /** Makes what only readers need, such as indexes, after a first fill. Idempotent. */
    default void prepareForReaders() {}

    /** Reads what another process has written, where this model keeps views in memory; called by the process that follows. */
    default void refresh() {}

    /**
     * Compares the stored views with what the log folds to, while they change; compares nothing unless a model has more to say. Parked
     * events are no difference.
     */
    default void verify(Generation generation, EventLog log, ViewAudit audit) {}

    /** The changed views of a fold. */
    interface Changes {
        /** The first event of each issue that could not be folded. */
        Collection<Failure> failures();

        /** Writes the views; called in the store's transaction, if it has one. */
        void write();

        /** Called after the commit of {@link #write}. */
        default void committed() {}
    }

    /** @param error why, for a person */
    record Failure(RecordedEvent event, String error) {}
}
