package issueledger.proof;

/** A text or file is not of its format. The message names the place and the rule. */
public final class MalformedProof extends IllegalArgumentException {
    public MalformedProof(String message) {
        super(message);
    }
}
