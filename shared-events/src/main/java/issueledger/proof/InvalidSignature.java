package issueledger.proof;

/** A signature names a known key and was not made by it. The whole note is refused. */
public final class InvalidSignature extends RuntimeException {
    InvalidSignature(String message) {
        super(message);
    }
}
