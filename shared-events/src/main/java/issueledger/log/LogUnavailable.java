package issueledger.log;

import org.jspecify.annotations.Nullable;

/** The log could not be reached, read or written; the message names it and what to do. */
public class LogUnavailable extends RuntimeException {
    /** Whether what was to be appended may be in the log. */
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
