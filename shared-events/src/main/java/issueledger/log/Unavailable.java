package issueledger.log;

import org.jspecify.annotations.Nullable;

/** A request cannot be carried out now; the message says why and names no secret. */
public abstract class Unavailable extends RuntimeException {
    /** Whether the commit that was to be appended may be in the log. */
    public enum Outcome {
        NOT_APPENDED,
        UNKNOWN
    }

    private final Outcome outcome;

    protected Unavailable(Outcome outcome, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.outcome = outcome;
    }

    public Outcome outcome() {
        return outcome;
    }
}
