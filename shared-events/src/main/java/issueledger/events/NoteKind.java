package issueledger.events;

/** What an implementation note is about. */
public enum NoteKind {
    DECISION,
    CHALLENGE,
    PROGRESS
}
