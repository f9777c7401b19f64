package issueledger.events;

/** Why an issue was closed. */
public enum Resolution {
    CONFIRMED,
    DUPLICATE,
    WONT_FIX,
    NOT_REPRODUCIBLE
}
