package issueledger.events;

/** What a reference points to. */
public enum ReferenceKind {
    DOCUMENTATION,
    ISSUE,
    BENCHMARK,
    DISCUSSION,
    OTHER
}
