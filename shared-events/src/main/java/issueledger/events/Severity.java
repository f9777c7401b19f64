package issueledger.events;

/** Severities in ascending order. */
public enum Severity {
    LOW(1),
    MEDIUM(2),
    HIGH(3),
    CRITICAL(4);

    private final int rank;

    Severity(int rank) {
        this.rank = rank;
    }

    /** 1 for LOW to 4 for CRITICAL; an issue that was not assessed ranks as 0. */
    public int rank() {
        return rank;
    }
}
