package issueledger.events;

/** Which direction of a metric is an improvement. */
public enum Better {
    LOWER,
    HIGHER
}
