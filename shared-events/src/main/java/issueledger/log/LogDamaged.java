package issueledger.log;

import org.jspecify.annotations.Nullable;

/** The log is damaged. The message names the position if it is known. Nothing was appended. */
public final class LogDamaged extends LogUnavailable {
    private final boolean gap;

    public LogDamaged(String message) {
        this(message, null);
    }

    public LogDamaged(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private LogDamaged(String message, @Nullable Throwable cause, boolean gap) {
        super(Outcome.NOT_APPENDED, message, cause);
        this.gap = gap;
    }

    /** A position or a sequence that is missing. */
    public static LogDamaged gap(String message) {
        return new LogDamaged(message, null, true);
    }

    /** True if events are missing, and not unreadable. */
    public boolean isGap() {
        return gap;
    }
}
