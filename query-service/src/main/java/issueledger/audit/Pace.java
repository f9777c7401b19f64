package issueledger.audit;

import issueledger.admission.Turns;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Slows a verification down while the service answers single requests, and tells its progress each second. */
final class Pace implements Verification.Progress {
    private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    /** Pause, as a multiple of the time worked, while single requests are always under way. */
    private static final double PAUSE = 3;

    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Weight of the last look in the share of looks that found a request. */
    private static final double WEIGHT = 0.05;

    private final Turns singles;
    private final Verification.Progress tell;
    private double busy;
    private long last = System.nanoTime();
    private long told = last;

    Pace(Turns singles, Verification.Progress tell) {
        this.singles = singles;
        this.tell = tell;
    }

    @Override
    public void checked(long checked, long of) {
        long worked = System.nanoTime() - last;
        boolean isBusy = singles.inFlight() > 0 || singles.waiting() > 0;
        busy += WEIGHT * ((isBusy ? 1 : 0) - busy);
        double pause = worked * busy * PAUSE;
        if (pause >= 1_000) {
            LockSupport.parkNanos(Math.min((long) pause, MAX_PAUSE_NANOS));
        }
        last = System.nanoTime();
        if (last - told >= TELL_NANOS) {
            told = last;
            tell.checked(checked, of);
        }
    }
}
