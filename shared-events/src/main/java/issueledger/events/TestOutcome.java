package issueledger.events;

/** The outcome of a test run. */
public enum TestOutcome {
    PASSED,
    FAILED
}
