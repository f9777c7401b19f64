package issueledger.projections;

import com.mongodb.MongoException;
import issueledger.log.LogUnavailable;
import issueledger.log.mongo.MongoErrors;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a projection moves: its last failure, and how long it has stood behind the log's end. */
final class FeederHealth {
    private static final Logger LOG = LoggerFactory.getLogger(FeederHealth.class);

    /** Maximum time that a view may be behind without moving. */
    private static final Duration STANDSTILL = Duration.ofSeconds(10);

    private final String projection;
    private volatile @Nullable String failure;
    private long behindAt = -1;
    private long behindSince;

    FeederHealth(String projection) {
        this.projection = projection;
    }

    void works() {
        failure = null;
    }

    /** Logs an outage as a sentence and any other failure with its stack trace. */
    void failed(RuntimeException e, long position) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        switch (cause) {
            case LogUnavailable away -> failed(String.valueOf(away.getMessage()), position, null);
            case ViewsUnavailable away -> failed(String.valueOf(away.getMessage()), position, null);
            case ViewsDamaged damage -> failed(String.valueOf(damage.getMessage()), position, null);
            case MongoException away
            when MongoErrors.isOutage(away) ->
                failed("the views cannot be reached: MongoDB " + MongoErrors.sentence(away), position, null);
            default -> failed(String.valueOf(cause.getMessage()), position, cause);
        }
    }

    private void failed(String why, long position, @Nullable Throwable e) {
        if (!why.equals(failure)) {
            LOG.error("the view {} stands at position {}: {}", projection, position, why, e);
        }
        failure = why;
    }

    /** A standstill is measured from the first call that finds the view behind at its current position. */
    synchronized Optional<String> trouble(long position, long head) {
        String why = failure;
        String at = projection + " %s at position " + position + " of " + head;
        if (why != null) {
            return Optional.of(at.formatted("stands") + ": " + why);
        }
        if (head <= position || behindAt != position) {
            behindAt = head <= position ? -1 : position;
            behindSince = System.nanoTime();
        }
        Duration still = Duration.ofNanos(System.nanoTime() - behindSince);
        return behindAt == position && still.compareTo(STANDSTILL) > 0
                ? Optional.of(at.formatted("has stood") + " for " + still.toSeconds() + " s")
                : Optional.empty();
    }
}
