package issueledger.log;

/** An erasure that cannot be made; nothing was changed. */
public final class ErasureRefused extends RuntimeException {
    public ErasureRefused(String why) {
        super(why);
    }
}
