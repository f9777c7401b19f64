package issueledger.web.bulk;

import issueledger.admission.Admission;
import issueledger.admission.Traffic.Lane;
import issueledger.admission.Turns;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Bounds the lines of all bulk requests that are carried out at once; far fewer of them while single requests wait for their turn. */
@Component
class BulkLines {
    private static final int LINES = 256;
    private static final int LINES_WHILE_OTHERS_WAIT = 16;
    private static final int LOOK_AGAIN_MILLIS = 2;

    private final Turns singles;
    private final Semaphore lines = new Semaphore(LINES, true);
    private final AtomicInteger running = new AtomicInteger();

    BulkLines(Admission admission) {
        this.singles = admission.turns(Lane.SINGLE);
    }

    /** Carries a line out when its turn comes, also on an interrupted thread: every line that was read gets a result. */
    byte[] carryOut(Supplier<byte[]> line) {
        lines.acquireUninterruptibly();
        try {
            while (singles.waiting() > 0 && running.get() >= LINES_WHILE_OTHERS_WAIT) {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.incrementAndGet();
        try {
            return line.get();
        } finally {
            running.decrementAndGet();
            lines.release();
        }
    }
}
