package issueledger.log.mongo;

/** The connection string is wrong, or leads to a database that cannot hold a ledger; the message is one sentence without the password. */
public final class UnusableDatabase extends RuntimeException {
    UnusableDatabase(String message) {
        super(message);
    }
}
