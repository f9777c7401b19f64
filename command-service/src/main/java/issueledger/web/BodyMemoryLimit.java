package issueledger.web;

import issueledger.admission.Admission;
import issueledger.admission.Overloaded.Reason;
import issueledger.admission.Traffic.Lane;
import issueledger.admission.Turns;
import issueledger.http.Problem;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Bounds the heap that request bodies take. Arriving bodies and parsed bodies have a budget each; a parsed body takes up to 60 times its
 * size. So has what dry runs keep from line to line. A request that finds no room in time is answered 503.
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
    private final Semaphore rehearsed;
    private final int mostRehearsed;

    @Autowired
    public BodyMemoryLimit(Admission admission) {
        this(admission, Runtime.getRuntime().maxMemory());
    }

    public BodyMemoryLimit(Admission admission, long heap) {
        singles = admission.turns(Lane.SINGLE);
        // The largest body must find room when nothing else is there.
        arriving = new Semaphore((int) Math.max(JsonBody.MOST, heap / 8) / UNIT, true);
        inWork = new Semaphore((int) Math.max(JsonBody.MOST, heap / 128) / UNIT, true);
        mostRehearsed = (int) Math.min(Integer.MAX_VALUE, heap / 8 / UNIT);
        rehearsed = new Semaphore(mostRehearsed);
    }

    /** A share of the limit for one request; it has to be closed when the request's body is done with. */
    public Share share() {
        return new Share();
    }

    /** A request's share of the limit. */
    public final class Share implements AutoCloseable {
        private int arrivingUnits;
        private int inWorkUnits;
        private long rehearsedBytes;
        private int rehearsedUnits;

        private Share() {}

        public void arriving(int bytes) {
            arrivingUnits += take(arriving, bytes);
        }

        public void inWork(int bytes) {
            inWorkUnits += take(inWork, bytes);
        }

        /**
         * Takes room for what a dry run keeps.
         *
         * @throws issueledger.http.Problem 413 where this one would keep more than all may, 503 where others keep too much
         */
        public void rehearsed(long bytes) {
            int units = Math.toIntExact(Math.ceilDiv(rehearsedBytes + bytes, (long) UNIT)) - rehearsedUnits;
            if (rehearsedUnits + units > mostRehearsed) {
                throw Problem.tooLarge(
                        "dry run",
                        "A dry run may keep " + mostRehearsed * (long) UNIT / 1024 / 1024
                                + " MiB of issues and keys, and this line needs more: send it in another request.");
            }
            if (!rehearsed.tryAcquire(units)) {
                throw singles.refusal(Reason.BODIES);
            }
            rehearsedBytes += bytes;
            rehearsedUnits += units;
        }

        /** Gives the share back. */
        @Override
        public void close() {
            arriving.release(arrivingUnits);
            inWork.release(inWorkUnits);
            rehearsed.release(rehearsedUnits);
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
