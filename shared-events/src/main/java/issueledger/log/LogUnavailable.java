package issueledger.log;

import org.jspecify.annotations.Nullable;

/** The log could not be reached, read or written; the message names the store and the remedy. */
public class LogUnavailable extends RuntimeException {
    /** Whether the commits may be in the log. */
    public enum Outcome {
        NOT_APPENDED,
        UNKNOWN
    }

    private final Outcome outcome;

    public LogUnavailable(Outcome outcome, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.outcome = outcome;
    }

    public Outcome outcome() {
        return outcome;
    }
}
