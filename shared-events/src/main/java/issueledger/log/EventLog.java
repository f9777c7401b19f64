package issueledger.log;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The log, from which everything else is derived. Positions are dense from 1, a commit is atomic, a stream never forks, a read returns
 * durable events only, and time follows position. EventLogContract in the tests checks the whole contract for every adapter.
 *
 * <p>All methods may be called from any thread, and throw {@link LogUnavailable} when the store cannot be reached or read.
 */
public interface EventLog extends AutoCloseable {
    /** Maximum characters of payload and metadata in one page of the log; MongoDB bounds pages of a stream by it too. */
    int PAGE_CHARACTERS = 2 * 1024 * 1024;

    /** Events of one page where a stream is read to its end. */
    int STREAM_PAGE = 1_000;

    /**
     * Appends commits, each all or nothing and in the order given, together with all other waiting commits.
     *
     * @return one outcome for each commit, in order; a commit that is refused does not stop the others
     * @throws LogUnavailable saying whether anything may have been appended
     */
    default AppendResult append(List<Commit> commits) {
        return append(commits, GroupedAppender.PATIENCE);
    }

    /**
     * As {@link #append(List)}.
     *
     * @param patience maximum wait; then {@link LogUnavailable} says whether anything was sent
     */
    AppendResult append(List<Commit> commits, Duration patience);

    /**
     * The log in order: no more than {@code limit} events, and fewer if they exceed {@link #PAGE_CHARACTERS}, but at least one if
     * there is one.
     *
     * @param afterPosition the position before the first wanted one, 0 for the beginning
     * @throws LogDamaged at a gap
     */
    List<RecordedEvent> read(long afterPosition, int limit);

    /**
     * The events at some places, in the order of their positions: fewer than asked for if they exceed {@link #PAGE_CHARACTERS}, but at
     * least one.
     *
     * @param places in ascending order, without repetition
     * @throws LogDamaged if there is no such event
     */
    default List<RecordedEvent> readAt(List<Place> places) {
        List<RecordedEvent> events = new ArrayList<>(places.size());
        long characters = 0;
        while (events.size() < places.size() && characters < PAGE_CHARACTERS) {
            int next = events.size();
            long first = places.get(next).position();
            int run = 1;
            while (next + run < places.size() && places.get(next + run).position() == first + run) {
                run++;
            }
            List<RecordedEvent> page = read(first - 1, run);
            if (page.isEmpty()) {
                throw new LogDamaged("the log has no position " + first);
            }
            events.addAll(page);
            characters += page.stream().mapToLong(RecordedEvent::characters).sum();
        }
        return events;
    }

    /**
     * One stream in order: no more than {@code limit} events. An empty page is the stream's end; a short one need not be, since a store
     * may bound a page in characters too.
     *
     * @param fromSequence the first wanted sequence number, 0 for the beginning
     */
    List<RecordedEvent> readStream(String streamId, long fromSequence, int limit);

    /** A stream to its end, read page by page as it is consumed. */
    default Stream<RecordedEvent> readStream(String streamId, long fromSequence) {
        return Stream.iterate(
                        readStream(streamId, fromSequence, STREAM_PAGE),
                        page -> !page.isEmpty(),
                        page -> readStream(streamId, page.getLast().sequence() + 1, STREAM_PAGE))
                .flatMap(List::stream);
    }

    /** True if the stream has an event. */
    default boolean hasStream(String streamId) {
        return !readStream(streamId, 0, 1).isEmpty();
    }

    /** The commit that holds an actor's idempotency key. */
    Optional<RecordedCommit> findByIdempotencyKey(String actor, String key);

    LogHead head();

    /** All erasures, in the order in which they were made. */
    List<Erasure> erasures();

    /** The last position recorded at or before a moment, 0 if there is none. */
    long positionAt(Instant time);

    /**
     * Waits until the log goes beyond a position, woken at once by appends of this process and within 50 ms by those of others.
     *
     * @return the position of the head as last seen, which is not beyond {@code position} if the time ran out
     */
    long awaitBeyond(long position, Duration atMost) throws InterruptedException;

    /** Calls {@code listener}, which must be quick, on the log's thread after each move of the head, until the subscription is closed. */
    Subscription onAdvance(Runnable listener);

    /** Size in bytes of what an embedded store has written and not yet moved to its main file; 0 where a server does that. */
    default long walBytes() {
        return 0;
    }

    /** Names the one listener that is told of the groups that this process appends. */
    default void onAppend(AppendListener listener) {}

    /** The appends of this process that wait. */
    default AppendQueue queue() {
        return AppendQueue.EMPTY;
    }

    /** The current trouble, from the last reads and appends; empty if there is none. */
    Optional<String> trouble();

    @Override
    void close();

    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
