package issueledger.log;

import org.jspecify.annotations.Nullable;

/** The log does not hold what it must: the message names the position as far as it can be told. Nothing was appended. */
public final class LogDamaged extends LogUnavailable {
    public LogDamaged(String message) {
        this(message, null);
    }

    public LogDamaged(String message, @Nullable Throwable cause) {
        super(Outcome.NOT_APPENDED, message, cause);
    }
}
