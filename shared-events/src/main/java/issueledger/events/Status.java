package issueledger.events;

/** Where an issue stands on its way from first symptom to confirmed fix. */
public enum Status {
    OPEN,
    IN_PROGRESS,
    TESTING,
    FIXED,
    CLOSED
}
