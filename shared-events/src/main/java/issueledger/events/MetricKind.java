package issueledger.events;

/** Whether a value was measured before the fix, is aimed at, or was measured after it. */
public enum MetricKind {
    BASELINE,
    TARGET,
    MEASURED
}
