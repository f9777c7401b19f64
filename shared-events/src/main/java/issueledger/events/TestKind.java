package issueledger.events;

/** The kinds of tests that a strategy names and a run belongs to. */
public enum TestKind {
    UNIT,
    INTEGRATION,
    PERFORMANCE,
    REGRESSION
}
