package issueledger.history;

import issueledger.log.Place;
import issueledger.log.RecordedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The places of the events of each actor, type and issue. */
interface EventIndex {

    /**
     * An event as it is looked for.
     *
     * @param actor null for unreadable metadata
     */
    record Entry(Place place, @Nullable String actor, String type, String issueId) {
        static Entry of(RecordedEvent event) {
            return new Entry(
                    new Place(event.position(), event.commit()),
                    EventItem.actorOf(event),
                    event.type(),
                    event.stream());
        }
    }

    /** Adds the next events of the log. Those that it has already change nothing. */
    void add(List<Entry> entries);

    /** The stored entries of some positions, in order. */
    List<Entry> entries(long after, long to);

    /**
     * Compares the indexes that {@link #find} walks with the entries.
     *
     * @param to the last position to compare
     * @return the name of one that differs; null if none does
     */
    default @Nullable String differingIndex(long to) {
        return null;
    }

    /** Called after the commit of {@link #add}. */
    default void committed() {}

    /** Makes the indexes that {@link #find} walks. */
    default void prepareForReaders() {}

    /**
     * The first places of a filter's events, in order.
     *
     * @param filter one that is not open
     * @param after the position before the first that may be found
     * @param end the last position that may be found
     */
    List<Place> find(EventFilter filter, long after, long end, int limit);
}
