package issueledger.refusals;

import issueledger.log.Unavailable;

/** The store of the refusals could not be read or written. */
public final class RefusalsUnavailable extends Unavailable {
    public RefusalsUnavailable(String message, Throwable cause) {
        super(Outcome.NOT_APPENDED, message, cause);
    }
}
