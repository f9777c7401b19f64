package issueledger.history;

import issueledger.log.RecordedEvent;
import java.io.IOException;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Events in order, read a chunk at a time as the client takes them. */
final class EventSlice {
    /** Maximum events of an answer in memory at a time; the log also bounds their characters. */
    private static final int CHUNK = 200;

    private final Reading reading;
    private final ToLongFunction<RecordedEvent> place;
    private List<RecordedEvent> next;
    private long left;
    private long last;

    interface Reading {
        /** The next events after a place; an empty page is the end. */
        List<RecordedEvent> after(long place, int most);
    }

    interface Writing {
        void write(RecordedEvent event) throws IOException;
    }

    /**
     * Reads the first chunk before the answer begins, so that a damaged log is answered with a problem.
     *
     * @param place the place of an event, after which reading goes on
     */
    EventSlice(long after, long limit, Reading reading, ToLongFunction<RecordedEvent> place) {
        this.reading = reading;
        this.place = place;
        this.left = limit;
        this.last = after;
        this.next = chunk();
    }

    private List<RecordedEvent> chunk() {
        return left == 0 ? List.of() : reading.after(last, (int) Math.min(left, CHUNK));
    }

    boolean isEmpty() {
        return next.isEmpty();
    }

    void write(Writing writing) throws IOException {
        while (!next.isEmpty()) {
            for (RecordedEvent event : next) {
                writing.write(event);
                last = place.applyAsLong(event);
            }
            left -= next.size();
            next = chunk();
        }
    }

    /** To be called after the last write: the place of the last event, null if none comes after it. */
    @Nullable
    String nextCursor() {
        return left > 0 || reading.after(last, 1).isEmpty() ? null : Long.toString(last);
    }
}
