package issueledger.log;

import org.jspecify.annotations.Nullable;

/** The log is damaged. The message names the position if it is known. Nothing was appended. */
public final class LogDamaged extends LogUnavailable {
    public LogDamaged(String message) {
        this(message, null);
    }

    public LogDamaged(String message, @Nullable Throwable cause) {
        super(Outcome.NOT_APPENDED, message, cause);
    }
}
