package issueledger.projections;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The last rebuild of a projection, as {@code GET /projections/{name}/rebuild} answers it.
 *
 * @param position the position that the new views hold
 * @param target the log's end when it started
 * @param error why it failed
 */
record Rebuild(
        String name,
        State state,
        long position,
        long target,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String error) {

    enum State {
        IDLE,
        RUNNING,
        DONE,
        FAILED
    }

    static Rebuild none(String name) {
        return new Rebuild(name, State.IDLE, 0, 0, null, null, null);
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    Rebuild at(long reached) {
        return new Rebuild(name, state, reached, Math.max(target, reached), startedAt, finishedAt, error);
    }

    Rebuild ended(State with, @Nullable String why, Instant at) {
        return new Rebuild(name, with, position, target, startedAt, at, why);
    }
}
