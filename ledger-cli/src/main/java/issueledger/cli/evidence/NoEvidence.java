package issueledger.cli.evidence;

/** Why there is no verdict: a file, an answer or a connection. The message is one sentence for a person. */
final class NoEvidence extends RuntimeException {
    NoEvidence(String message) {
        super(message, null, false, false);
    }
}
