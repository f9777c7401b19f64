package issueledger.events;

/** The status of an issue, from first symptom to confirmed fix. */
public enum Status {
    OPEN,
    IN_PROGRESS,
    TESTING,
    FIXED,
    CLOSED
}
