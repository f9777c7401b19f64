package issueledger.events;

/** Requirements to meet or waive with a reason before an issue is fixed (TESTS) or closed as confirmed (the others). */
public enum Requirement {
    TESTS,
    ROOT_CAUSE,
    PHASES,
    TARGETS
}
