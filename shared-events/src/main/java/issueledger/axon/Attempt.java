package issueledger.axon;

import issueledger.log.AppendResult.Appended;
import issueledger.log.GroupedAppender;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a command, kept in its unit of work: its time limit, the end of the stream that it assumed, and its place in the log.
 *
 * <p>Optimistic loading: the aggregate is loaded from its snapshot without reading the events after it. An append on a stale snapshot
 * conflicts. A refusal, or a decision that appends nothing, stands only if {@link #confirm} finds no later event. After either failure
 * the engine reads the log for a while.
 */
public final class Attempt {
    private static final String RESOURCE = Attempt.class.getName();
    private static final Duration MIN_APPEND = Duration.ofMillis(100);

    /** Minimum time left to start a read. Without it, queued commands would miss the 6 s limit when the store is down. */
    private static final Duration MIN_READ = Duration.ofMillis(1_200);

    private final long started = System.nanoTime();
    private @Nullable String stream;
    private long end;
    private boolean endIsAssumed;
    private @Nullable Appended appended;

    private final @Nullable String request;
    private final Map<String, Long> expected = new HashMap<>();

    private Attempt(@Nullable String newStream, @Nullable String request) {
        this.stream = newStream;
        this.request = request;
    }

    /**
     * Begins an attempt in a unit of work. Its time includes the wait for the aggregate's lock.
     *
     * @param newStream a stream known to be empty, since the server has just made its id
     * @param request hex SHA-256 of the request, kept beside the commit
     */
    public static Attempt begin(UnitOfWork<?> unitOfWork, @Nullable String newStream, @Nullable String request) {
        Attempt attempt = new Attempt(newStream, request);
        unitOfWork.root().resources().put(RESOURCE, attempt);
        return attempt;
    }

    /** The attempt of the current unit of work. */
    public static Optional<Attempt> current() {
        return CurrentUnitOfWork.isStarted()
                ? Optional.ofNullable(CurrentUnitOfWork.get().root().getResource(RESOURCE))
                : Optional.empty();
    }

    /** Position and hash of the commit; empty before the append, and where nothing was appended. */
    public Optional<Appended> appended() {
        return Optional.ofNullable(appended);
    }

    /**
     * Checks that the stream still ends where it was assumed to.
     *
     * @throws ConcurrencyException if it does not
     */
    public void confirm(EventLogStorageEngine engine) {
        if (stream != null && endIsAssumed) {
            engine.requireEnd(stream, end);
        }
    }

    /** Has the append conflict unless the other stream still ends before the sequence. */
    public void expectEnd(String other, long sequence) {
        expected.put(other, sequence);
    }

    Map<String, Long> expected() {
        return expected;
    }

    @Nullable
    String request() {
        return request;
    }

    void foundSnapshot(String of, long next) {
        stream = of;
        end = next;
    }

    /** Whether the stream has no event of this sequence, as far as this process knows; the attempt then rests on it. */
    boolean assumesEnd(String of, long sequence) {
        boolean assumes = sequence == end && of.equals(stream);
        endIsAssumed |= assumes;
        return assumes;
    }

    void appended(Appended at) {
        appended = at;
    }

    Duration timeToAppend() {
        Duration left = left();
        return left.compareTo(MIN_APPEND) < 0 ? MIN_APPEND : left;
    }

    boolean hasTimeToRead() {
        return left().compareTo(MIN_READ) >= 0;
    }

    private Duration left() {
        return GroupedAppender.PATIENCE.minusNanos(System.nanoTime() - started);
    }
}
