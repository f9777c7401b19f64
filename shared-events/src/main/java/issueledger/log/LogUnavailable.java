package issueledger.log;

import org.jspecify.annotations.Nullable;

/** The log could not be reached, read or written; the message names it and the way out. */
public class LogUnavailable extends Unavailable {
    public LogUnavailable(Outcome outcome, String message, @Nullable Throwable cause) {
        super(outcome, message, cause);
    }
}
