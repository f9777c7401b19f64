package issueledger.log;

/** An erasure that was begun and not finished; the same order finishes it. */
public final class ErasureUnfinished extends RuntimeException {
    public ErasureUnfinished(String why, Throwable cause) {
        super(why, cause);
    }
}
