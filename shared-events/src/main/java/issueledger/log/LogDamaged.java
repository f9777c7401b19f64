package issueledger.log;

/** The log does not hold what it must: the message names the position as far as it can be told. */
public final class LogDamaged extends RuntimeException {
    public LogDamaged(String message) {
        super(message);
    }
}
