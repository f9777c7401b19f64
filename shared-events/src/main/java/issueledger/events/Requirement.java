package issueledger.events;

/** What must be met, or waived with a reason, before an issue is fixed (TESTS) or closed as confirmed (the others). */
public enum Requirement {
    TESTS,
    ROOT_CAUSE,
    PHASES,
    TARGETS
}
