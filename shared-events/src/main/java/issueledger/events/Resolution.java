package issueledger.events;

/** The reason for closing an issue. */
public enum Resolution {
    CONFIRMED,
    DUPLICATE,
    WONT_FIX,
    NOT_REPRODUCIBLE
}
