package issueledger.admission;

import issueledger.http.Problem;
import issueledger.http.ProblemType;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/** 503: the service cannot answer the request in time. Nothing was done. */
public final class Overloaded extends Problem {
    /** Why a request was shed; the label of the metric. */
    public enum Reason {
        /** The queue was full, or would not have been served in time. */
        QUEUE("More requests wait than the service can answer in time."),
        /** The request waited as long as it may. */
        DEADLINE("The request waited for its turn as long as it may."),
        /** The client closed its connection while the request waited. */
        CLIENT_LEFT("The client closed its side of the connection while the request waited."),
        /** More connections are open than the service can hold. */
        CONNECTIONS("More connections are open than the service can serve."),
        /** Too many requests wait for their bodies, or their bodies are too large together. */
        BODIES("Too many or too large bodies are on their way."),
        /** Too many requests wait for a position of the log. */
        POSITIONS("Too many requests wait for the views to reach a position."),
        /** Reads of large issues would take too much of the heap together. */
        LARGE_ISSUES("Too many large issues are read at once."),
        /** Too many bulk requests, pages of events or exports run. */
        LONG_REQUESTS("Too many bulk requests, pages of events and exports are under way."),
        /** Too many clients follow the stream. */
        STREAMS("Too many clients follow the stream.");

        private final String sentence;

        Reason(String sentence) {
            this.sentence = sentence;
        }

        /** The label of the metric, in kebab-case. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        String detail() {
            return sentence + " Nothing was done: send it again after Retry-After.";
        }
    }

    private static final int MAX_RETRY_AFTER_SECONDS = 30;

    private final Reason reason;

    /** @param excess offered requests per answered one, at least 1 */
    public Overloaded(Reason reason, double excess) {
        super(ProblemType.OVERLOADED, reason.detail());
        this.reason = reason;
        header("Retry-After", Integer.toString(retryAfter(excess)));
    }

    public Reason reason() {
        return reason;
    }

    /** Rises with the excess, and is spread so that clients do not come back together. */
    static int retryAfter(double excess) {
        int least = (int) Math.ceil(Math.max(1, Math.min(excess, MAX_RETRY_AFTER_SECONDS / 2.0)));
        return ThreadLocalRandom.current().nextInt(least, 2 * least + 1);
    }
}
