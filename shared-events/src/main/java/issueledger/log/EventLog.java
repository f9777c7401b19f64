package issueledger.log;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The log that everything is a projection of. Positions are dense from 1, a commit is atomic, a stream never forks, what a read
 * shows is durable, and time follows position. Every adapter keeps the whole contract: EventLogContract in the tests is its text.
 *
 * <p>All methods may be called from any thread, and throw {@link LogUnavailable} when the store cannot be reached or read.
 */
public interface EventLog extends AutoCloseable {
    /** How much payload and metadata one read of the log brings into memory. */
    int PAGE_CHARACTERS = 2 * 1024 * 1024;

    /** Events of one page where a stream is read to its end. */
    int STREAM_PAGE = 1_000;

    /**
     * Appends commits, each all or nothing and in the order given, together with whatever else is waiting to be appended.
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
     * @param patience how long to wait before the caller is told that the outcome is not known, or that nothing was sent yet
     */
    AppendResult append(List<Commit> commits, Duration patience);

    /**
     * The log in order: no more than {@code limit} events, and fewer where they would come to more than {@link #PAGE_CHARACTERS}, but
     * always one if there is one.
     *
     * @param afterPosition the position before the first wanted one, 0 for the beginning
     * @throws LogDamaged at a gap
     */
    List<RecordedEvent> read(long afterPosition, int limit);

    /**
     * One stream in order: no more than {@code limit} events. An empty page is the stream's end; a short one need not be, since a page
     * is also bounded in characters.
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

    /** Whether the stream has an event. */
    default boolean hasStream(String streamId) {
        return !readStream(streamId, 0, 1).isEmpty();
    }

    /** The commit that holds an actor's idempotency key. */
    Optional<RecordedCommit> findByIdempotencyKey(String actor, String key);

    LogHead head();

    /** The last position recorded at or before a moment, 0 if there is none. */
    long positionAt(Instant time);

    /**
     * Waits until the log goes beyond a position, woken at once by appends of this process and within 50 ms by those of others.
     *
     * @return the position of the head as last seen, which is not beyond {@code position} if the time ran out
     */
    long awaitBeyond(long position, Duration atMost) throws InterruptedException;

    /** Calls {@code listener} on a thread of the log's own, briefly, whenever the head has moved, until the answer is closed. */
    Subscription onAdvance(Runnable listener);

    /** What is wrong with the log now, as far as its last reads and appends tell; empty while nothing is. */
    Optional<String> trouble();

    @Override
    void close();

    /** A listener's place in the log. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
