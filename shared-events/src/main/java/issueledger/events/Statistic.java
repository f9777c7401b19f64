package issueledger.events;

/** How a metric's value was made of its samples. */
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
