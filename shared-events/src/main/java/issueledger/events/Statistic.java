package issueledger.events;

/** The statistic that reduces a metric's samples to its value. */
public enum Statistic {
    MEAN,
    P50,
    P75,
    P90,
    P95,
    P99,
    P999,
    MIN,
    MAX,
    RATE,
    COUNT,
    RATIO
}
