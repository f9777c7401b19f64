package issueledger.projections;

import issueledger.log.RecordedEvent;
import java.util.List;

/** A view that follows the log. */
public interface Projection {

    /** The name in {@code /projections} and in paths, kebab-case. */
    String name();

    /**
     * The name of its token and collections in a persistent store: its own name and a format number. A new format takes a new number and
     * is filled beside the old one.
     */
    String storedAs();

    /**
     * Folds the next events of the log, in order. Events may be delivered more than once and must then change nothing. An event that
     * cannot be read or folded is parked with the later events of its issue; it must not make this method throw.
     */
    void apply(List<RecordedEvent> batch);

    /** The number of parked events. */
    long parked();
}
