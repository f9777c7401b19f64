package issueledger.log.mongo;

import com.mongodb.DuplicateKeyException;
import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketOpenException;
import com.mongodb.MongoTimeoutException;

/** Interprets the driver's exceptions. */
public final class MongoErrors {
    private static final int UNAUTHORIZED = 13;

    private MongoErrors() {}

    /** Trouble and remedy, to follow the database's name; never contains a password. */
    public static String sentence(MongoException e) {
        return switch (e) {
            case MongoSecurityException s -> "refuses the user or the password: check the connection string";
            case MongoTimeoutException t -> "cannot be reached: check that the server runs and is a primary";
            case MongoConnectionPoolClearedException p -> "is not reached again yet: check that the server runs";
            case MongoSocketException s -> "did not answer: check that the server runs";
            case MongoInterruptedException i -> "was not waited for";
            case MongoException c
            when c.getCode() == UNAUTHORIZED -> "refuses what it is asked for: the user needs the role readWrite on it";
            case MongoCommandException c ->
                "refused a request with " + c.getErrorCodeName() + " (" + c.getErrorCode() + ")";
            case MongoBulkWriteException b
            when b.getWriteConcernError() != null ->
                "did not confirm a write on a majority of its members: "
                        + b.getWriteConcernError().getCodeName();
            default -> "failed with error " + e.getCode();
        };
    }

    /** True if the server is unreachable or not retried yet; the request itself is valid. */
    public static boolean isOutage(MongoException e) {
        return e instanceof MongoTimeoutException
                || e instanceof MongoConnectionPoolClearedException
                || e instanceof MongoSocketException
                || e instanceof MongoNotPrimaryException
                || e instanceof MongoNodeIsRecoveringException;
    }

    /** Another document holds a key that must be unique. */
    static boolean isDuplicate(MongoException e) {
        return e instanceof DuplicateKeyException
                || (e instanceof MongoBulkWriteException bulk
                        && bulk.getWriteErrors().stream()
                                .anyMatch(error -> error.getCategory() == ErrorCategory.DUPLICATE_KEY));
    }

    /** True if the request cannot have reached the server. */
    static boolean isUnsent(MongoException e) {
        return e instanceof MongoTimeoutException
                || e instanceof MongoConnectionPoolClearedException
                || e instanceof MongoSocketOpenException
                || e instanceof MongoSecurityException
                || e.getCode() == UNAUTHORIZED;
    }
}
