package issueledger.auditing;

/**
 * What is known of one aspect.
 *
 * @param restsOn one line
 */
public record Finding(Aspect aspect, Status status, String restsOn) {
    public enum Aspect {
        /** Nothing of it was changed. */
        INTEGRITY,
        /** Nothing of it is missing. */
        COMPLETENESS,
        /** It was recorded when it says. */
        TIME,
        /** It is of the ledger that it names. */
        ORIGIN
    }

    public enum Status {
        PROVEN,
        /** Somebody says so, and nothing proves it. */
        CLAIMED,
        NOT_SHOWN,
        BROKEN
    }
}
