package issueledger.log;

import org.jspecify.annotations.Nullable;

/** A command's time budget ended, or its service stops, before the log was asked: nothing was appended. */
public final class NotInTime extends Unavailable {
    public NotInTime(String message, @Nullable Throwable cause) {
        super(Outcome.NOT_APPENDED, message, cause);
    }
}
