package issueledger.auditing;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** Says on standard error, at most once a second, how far long work is. */
public final class Progress {
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final PrintWriter err;
    private long said = System.nanoTime();

    public Progress(PrintWriter err) {
        this.err = err;
    }

    /** @param total 0 if it is not known */
    void at(long done, long total, String unit) {
        if (System.nanoTime() - said > PAUSE) {
            said = System.nanoTime();
            err.printf("%,d%s %s%n", done, total > 0 ? " of %,d".formatted(total) : "", unit);
            err.flush();
        }
    }
}
