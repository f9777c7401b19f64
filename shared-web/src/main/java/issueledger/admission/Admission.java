package issueledger.admission;

import com.netflix.concurrency.limits.limit.AIMDLimit;
import com.netflix.concurrency.limits.limit.FixedLimit;
import issueledger.admission.Overloaded.Reason;
import issueledger.admission.Traffic.Lane;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A service's lanes, sized by its heap, and the duration of its shedding. */
public final class Admission {
    /** Default maximum wait of a request for its turn. */
    public static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Duration of shedding after which the service is not ready. */
    private static final Duration LASTING = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** An answer that takes longer makes the limit smaller. On MongoDB a place is held for a majority write. */
    private static final int SLOW_MILLIS = 100;

    private static final int SLOW_MILLIS_ON_MONGODB = 400;
    private static final int LEAST = 8;
    private static final int INITIAL = 16;

    /** Measured: maximum bytes of a connection before its request is admitted (buffers, processor, an incomplete head). */
    private static final int CONNECTION_BYTES = 40 * 1024;

    /** Measured: bytes of a request that waits for its body or for a position, without the body. */
    private static final int PAUSED_BYTES = 100 * 1024;

    /** Bytes of a stream whose client does not read: a chunk of events. */
    private static final int YIELDING_BYTES = 1024 * 1024;

    /** Measured: bytes of a subscriber of a stream (68 to 76 KiB); its client may leave 32 KiB unread beside them. */
    private static final int STREAM_BYTES = 80 * 1024;

    private final Turns singles;
    private final Turns longs;
    private final Turns streams;
    private final int connections;
    private final LongSupplier nanoTime;
    private final AtomicLong sheddingSince = new AtomicLong();
    private final AtomicLong lastShed = new AtomicLong();

    /**
     * @param heap bytes
     * @param singleBytes {@link Traffic#singleBytes()}
     * @param longBytes {@link Traffic#longBytes()}
     */
    public Admission(long heap, int singleBytes, int longBytes, boolean onMongoDb, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        lastShed.set(nanoTime.getAsLong() - 2 * PAUSE.toNanos());
        this.connections = share(heap / 4, CONNECTION_BYTES);
        int paused = share(heap / 4, PAUSED_BYTES);
        int most = Math.max(INITIAL, share(heap / 4, singleBytes));
        singles = new Turns(
                AIMDLimit.newBuilder()
                        .minLimit(LEAST)
                        .initialLimit(INITIAL)
                        .maxLimit(most)
                        .timeout(onMongoDb ? SLOW_MILLIS_ON_MONGODB : SLOW_MILLIS, TimeUnit.MILLISECONDS)
                        .build(),
                Reason.QUEUE,
                paused,
                this::shed,
                nanoTime);
        longs = new Turns(
                FixedLimit.of(share(heap / 8, longBytes)),
                Reason.LONG_REQUESTS,
                share(heap / 8, YIELDING_BYTES),
                this::shed,
                nanoTime);
        streams = new Turns(FixedLimit.of(share(heap / 4, STREAM_BYTES)), Reason.STREAMS, paused, this::shed, nanoTime);
    }

    private static int share(long bytes, int each) {
        return (int) Math.max(LEAST, Math.min(bytes / each, 100_000));
    }

    /** Maximum connections for the heap. */
    int connections() {
        return connections;
    }

    public Turns turns(Lane lane) {
        return switch (lane) {
            case SINGLE -> singles;
            case LONG -> longs;
            case STREAM -> streams;
        };
    }

    private void shed() {
        long now = nanoTime.getAsLong();
        if (now - lastShed.getAndSet(now) > PAUSE.toNanos()) {
            sheddingSince.set(now);
        }
    }

    /** True if the service has shed requests so long that a load balancer should avoid it. */
    boolean isLastinglyOverloaded() {
        long now = nanoTime.getAsLong();
        return now - lastShed.get() < PAUSE.toNanos() && now - sheddingSince.get() > LASTING.toNanos();
    }
}
