package issueledger.tlog;

import issueledger.log.Unavailable;
import org.jspecify.annotations.Nullable;

/** The signed checkpoints cannot be read or written, or prove nothing about this log. */
public final class CheckpointsUnavailable extends Unavailable {
    CheckpointsUnavailable(String message, @Nullable Throwable cause) {
        super(Outcome.NOT_APPENDED, message, cause);
    }
}
