package issueledger.events;

/** BASELINE was measured before the fix, TARGET is the goal, MEASURED came after the fix. */
public enum MetricKind {
    BASELINE,
    TARGET,
    MEASURED
}
