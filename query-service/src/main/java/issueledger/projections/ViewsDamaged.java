package issueledger.projections;

/** Stored views that cannot be read as they were written. They are replaced; the log has everything that was in them. */
public final class ViewsDamaged extends RuntimeException {
    public ViewsDamaged(String message) {
        super(message);
    }

    ViewsDamaged(String message, Throwable cause) {
        super(message, cause);
    }
}
