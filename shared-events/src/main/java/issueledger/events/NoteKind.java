package issueledger.events;

/** The kind of an implementation note. */
public enum NoteKind {
    DECISION,
    CHALLENGE,
    PROGRESS
}
