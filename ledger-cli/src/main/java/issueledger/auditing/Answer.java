package issueledger.auditing;

/** The answer to a question of an auditor, as an exit code that scripts can use. */
public enum Answer {
    GOOD(0),
    NOT_GOOD(1),
    CANNOT_TELL(2);

    private final int exitCode;

    Answer(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }

    /** For people. */
    String label() {
        return name().replace('_', ' ');
    }

    /** What holds of both: not good if either is, good only if both are. */
    Answer and(Answer other) {
        if (this == NOT_GOOD || other == NOT_GOOD) {
            return NOT_GOOD;
        }
        return this == GOOD ? other : CANNOT_TELL;
    }
}
