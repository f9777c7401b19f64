package issueledger.startup;

/** The service cannot start; the message is the one sentence that the operator reads. */
public final class StartupFailure extends RuntimeException {
    public StartupFailure(String message) {
        super(message);
    }
}
