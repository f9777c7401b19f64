package issueledger.history;

import issueledger.http.Problem;
import issueledger.log.EventLog;
import issueledger.log.LogDamaged;
import issueledger.log.Place;
import issueledger.log.RecordedEvent;
import issueledger.projections.Projections;
import issueledger.projections.ReadYourWritesFilter;
import issueledger.projections.ViewsDamaged;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;

/** Finds events: their places in the index, then the events in the log. */
@Component
class EventLookup {
    /** An index that is further behind is answered from up to its position. */
    private static final int MAX_NOT_INDEXED = 10_000;

    private static final int PAGE = 200;

    private final EventLog log;
    private final EventsProjection projection;
    private final Projections projections;

    EventLookup(EventLog log, EventsProjection projection, Projections projections) {
        this.log = log;
        this.projection = projection;
        this.projections = projections;
    }

    /** The last position recorded before a moment, 0 if there is none. */
    long positionBefore(Instant moment) {
        return log.positionAt(moment.minusNanos(1));
    }

    long head() {
        return log.head().position();
    }

    /**
     * The next events of a filter in the order of their positions; an empty page is the end. 503 while there is no index.
     *
     * @param end the last position that may be found
     */
    List<RecordedEvent> after(EventFilter filter, long after, long end, int limit) {
        if (end <= after) {
            return List.of();
        }
        if (filter.isOpen()) {
            return log.read(after, (int) Math.min(limit, end - after));
        }
        EventIndex index = projection.served(); // Asked for each page: a rebuild replaces it.
        if (index == null) {
            throw notYet(
                    "The views hold position " + projections.position() + " and not yet all of the log: try again.");
        }
        long position = projections.position(EventsProjection.NAME);
        try {
            List<Place> places = index.find(filter, after, end, limit);
            return places.isEmpty()
                    ? notIndexed(filter, Math.max(after, position), end, limit)
                    : events(filter, places);
        } catch (ViewsDamaged e) {
            projections.damaged(EventsProjection.NAME, e);
            throw notYet("The views are damaged and being rebuilt: try again.");
        }
    }

    /** The index is some milliseconds behind the log: the events that it does not have yet are read one by one. */
    private List<RecordedEvent> notIndexed(EventFilter filter, long position, long end, int limit) {
        long last = Math.min(end, position + MAX_NOT_INDEXED);
        for (long place = position; place < last; ) {
            List<RecordedEvent> page = log.read(place, (int) Math.min(PAGE, last - place));
            if (page.isEmpty()) {
                break;
            }
            List<RecordedEvent> found =
                    page.stream().filter(filter::matches).limit(limit).toList();
            if (!found.isEmpty()) {
                return found;
            }
            place = page.getLast().position();
        }
        return List.of();
    }

    private List<RecordedEvent> events(EventFilter filter, List<Place> places) {
        List<RecordedEvent> events;
        try {
            events = log.readAt(places);
        } catch (LogDamaged e) {
            if (places.getLast().position() > head()) {
                throw new ViewsDamaged("the index of the events goes beyond the log");
            }
            throw e;
        }
        if (!events.stream().allMatch(filter::matches)) {
            throw new ViewsDamaged("the index of the events is not as it was written");
        }
        return events;
    }

    /** The next events of an issue, by version, up to a position. */
    List<RecordedEvent> ofIssue(String id, long version, long end, int limit) {
        List<RecordedEvent> events = log.readStream(id, version, limit);
        return events.isEmpty() || events.getLast().position() <= end
                ? events
                : events.stream().filter(event -> event.position() <= end).toList();
    }

    boolean hasIssue(String id) {
        return log.hasStream(id);
    }

    private Problem notYet(String detail) {
        return ReadYourWritesFilter.notYet(projections.position(), detail);
    }
}
