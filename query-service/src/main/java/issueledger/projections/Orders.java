package issueledger.projections;

import issueledger.events.EventJson;
import issueledger.projections.Rebuild.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a projection's feeder is asked to do: any process gives an order and the feeding one carries it out. Kept in the view store. */
final class Orders {
    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

    /** Interval at which the outcome of an order is looked for. */
    private static final Duration LOOK = Duration.ofMillis(25);

    private static final Duration RETRY_PATIENCE = Duration.ofSeconds(5);

    /** Time after a failed rebuild in which damage does not order another one. */
    private static final Duration REBUILD_PAUSE = Duration.ofSeconds(10);

    private final String projection;
    private final Feed feed;
    private final Clock clock;

    /** The rebuild that this process makes. */
    private volatile @Nullable Rebuild running;

    /** An order to apply parked events again, and its outcome. */
    record Retry(
            String id, @Nullable Long retried, @Nullable Long parked) {
        boolean isOpen() {
            return retried == null;
        }
    }

    Orders(String projection, Feed feed, Clock clock) {
        this.projection = projection;
        this.feed = feed;
        this.clock = clock;
    }

    /** The last rebuild, with its present position. */
    Rebuild rebuild() {
        Rebuild here = running;
        return here != null
                ? here
                : feed.note("rebuild")
                        .map(json -> EventJson.MAPPER.readValue(json, Rebuild.class))
                        .orElse(Rebuild.none(projection));
    }

    /**
     * Orders a rebuild; one that is ordered or running already is not ordered again.
     *
     * @param target the position that the new views must hold
     */
    Rebuild orderRebuild(long target) {
        Rebuild last = rebuild();
        if (last.isRunning()) {
            return last;
        }
        Rebuild ordered = new Rebuild(projection, State.RUNNING, 0, target, now(), null, null);
        note(ordered);
        return ordered;
    }

    boolean hasRebuildFailed() {
        try {
            Rebuild last = rebuild();
            return last.state() == State.FAILED
                    && last.finishedAt() != null
                    && clock.instant().isBefore(last.finishedAt().plus(REBUILD_PAUSE));
        } catch (RuntimeException e) {
            LOG.warn("the last rebuild of {} cannot be read: {}", projection, e.getMessage());
            return false;
        }
    }

    /** A rebuild that another process had begun ends with it. */
    void abandonRebuild() {
        Rebuild last = rebuild();
        if (last.isRunning() && last.position() > 0) {
            note(last.ended(State.FAILED, "the service that made it has ended", now()));
        }
    }

    boolean isRebuilding() {
        return running != null;
    }

    void begin(Rebuild ordered) {
        running = ordered;
    }

    /** Shows how far the running rebuild is, to this process only. */
    void reached(Rebuild ordered, long position) {
        running = ordered.at(position);
    }

    /** Shows how far a rebuild is, to every process. */
    void note(Rebuild rebuild) {
        feed.note("rebuild", EventJson.MAPPER.writeValueAsString(rebuild));
    }

    void end(Rebuild ordered, State state, @Nullable String error) {
        try {
            note(ordered.ended(state, error, now()));
        } catch (RuntimeException e) {
            LOG.warn("the end of the rebuild of {} could not be noted: {}", projection, e.getMessage());
        } finally {
            running = null;
        }
    }

    /**
     * Orders the parked events to be applied again, and waits for the outcome.
     *
     * @throws ViewsUnavailable if there is none in time
     */
    Retry orderRetry() throws InterruptedException {
        Retry last = retry();
        if (last == null || !last.isOpen()) { // Else the one that waits is for this caller too.
            note(new Retry(UUID.randomUUID().toString(), null, null));
        }
        long deadline = System.nanoTime() + RETRY_PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Retry stored = retry();
            if (stored != null && !stored.isOpen()) { // It is later than the order, whichever it answers.
                return stored;
            }
            Thread.sleep(LOOK);
        }
        throw new ViewsUnavailable("the parked events are not applied yet: look at /projections", null);
    }

    /** The last order to apply parked events again. */
    @Nullable
    Retry retry() {
        return feed.note("retry")
                .map(json -> EventJson.MAPPER.readValue(json, Retry.class))
                .orElse(null);
    }

    void note(Retry retry) {
        feed.note("retry", EventJson.MAPPER.writeValueAsString(retry));
    }

    /** As exact as it is stored. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
