package issueledger.startup;

/** The service cannot start; the message is one sentence for the operator. */
public final class StartupFailure extends RuntimeException {
    public StartupFailure(String message) {
        super(message);
    }
}
