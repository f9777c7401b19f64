package issueledger.web;

import issueledger.admission.Admission;
import issueledger.admission.Overloaded.Reason;
import issueledger.admission.Traffic.Lane;
import issueledger.admission.Turns;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Bounds the heap that request bodies take. Arriving bodies and parsed bodies have a budget each; a parsed body takes up to 60 times its
 * size. A request that finds no room in time is answered 503.
 */
@Component
public final class BodyMemoryLimit {
    /** Bytes of a body that a connection may hold without a share of the limit. */
    public static final int FREE = 16 * 1024;

    private static final int UNIT = 1024;
    private static final long PATIENCE_SECONDS = Admission.PATIENCE.toSeconds();

    private final Turns singles;
    private final Semaphore arriving;
    private final Semaphore inWork;

    @Autowired
    public BodyMemoryLimit(Admission admission) {
        this(admission, Runtime.getRuntime().maxMemory());
    }

    public BodyMemoryLimit(Admission admission, long heap) {
        singles = admission.turns(Lane.SINGLE);
        // The largest body must find room when nothing else is there.
        arriving = new Semaphore((int) Math.max(JsonBody.MOST, heap / 8) / UNIT, true);
        inWork = new Semaphore((int) Math.max(JsonBody.MOST, heap / 128) / UNIT, true);
    }

    /** A share of the limit for one request; it has to be closed when the request's body is done with. */
    public Share share() {
        return new Share();
    }

    /** A request's share of the limit. */
    public final class Share implements AutoCloseable {
        private int arrivingUnits;
        private int inWorkUnits;

        private Share() {}

        public void arriving(int bytes) {
            arrivingUnits += take(arriving, bytes);
        }

        public void inWork(int bytes) {
            inWorkUnits += take(inWork, bytes);
        }

        /** Gives the share back. */
        @Override
        public void close() {
            arriving.release(arrivingUnits);
            inWork.release(inWorkUnits);
        }
    }

    /** Waits for room for a line in work, which has to be given back; answers how much it is. */
    public int take(int bytes) throws InterruptedException {
        int units = Math.ceilDiv(bytes, UNIT);
        inWork.acquire(units);
        return units;
    }

    public void giveBack(int units) {
        inWork.release(units);
    }

    private int take(Semaphore from, int bytes) {
        int units = Math.ceilDiv(bytes, UNIT);
        try {
            if (from.tryAcquire(units, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return units;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw singles.refusal(Reason.BODIES);
    }
}
