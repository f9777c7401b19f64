package issueledger.startup;

import com.mongodb.MongoException;
import issueledger.log.Unavailable;
import issueledger.log.mongo.MongoErrors;
import issueledger.log.mongo.UnusableDatabase;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Reports a start-up failure as one sentence instead of a stack trace. */
public final class StartupFailureSentence implements FailureAnalyzer {
    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartupFailure || cause instanceof Unavailable || cause instanceof UnusableDatabase) {
                return new FailureAnalysis(String.valueOf(cause.getMessage()), null, cause);
            }
            if (cause instanceof MongoException mongo) {
                return new FailureAnalysis("The MongoDB database " + MongoErrors.sentence(mongo), null, cause);
            }
        }
        return null;
    }
}
