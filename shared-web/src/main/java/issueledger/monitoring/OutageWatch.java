package issueledger.monitoring;

import issueledger.log.EventLog;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the times that the store got into trouble, as one look each second sees them. */
final class OutageWatch {
    private final EventLog log;
    private final AtomicLong outages = new AtomicLong();
    private boolean troubled;

    OutageWatch(EventLog log) {
        this.log = log;
    }

    long outages() {
        return outages.get();
    }

    /** Called by one thread. */
    void look() {
        boolean now = log.trouble().isPresent();
        if (now && !troubled) {
            outages.incrementAndGet();
        }
        troubled = now;
    }
}
