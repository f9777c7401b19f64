package issueledger.events;

/** The kind of a reference's target. */
public enum ReferenceKind {
    DOCUMENTATION,
    ISSUE,
    BENCHMARK,
    DISCUSSION,
    OTHER
}
