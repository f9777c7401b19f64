package issueledger.events;

/** How a test run ended. */
public enum TestOutcome {
    PASSED,
    FAILED
}
