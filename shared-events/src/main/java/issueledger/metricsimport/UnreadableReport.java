package issueledger.metricsimport;

/** The file is not one of the tool. */
public final class UnreadableReport extends RuntimeException {
    private final int line;

    /** @param line the first that is not as the tool writes it, from 1 */
    UnreadableReport(int line, String detail) {
        super(detail, null, false, false);
        this.line = line;
    }

    public int line() {
        return line;
    }
}
