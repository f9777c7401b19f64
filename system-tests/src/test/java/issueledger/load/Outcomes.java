package issueledger.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/** Outcomes of the requests of one load: counts of each kind, and durations of the answered ones. */
final class Outcomes {
    private static final int BUCKETS = 20_000; // Of a millisecond each.

    final LongAdder offered = new LongAdder();
    final LongAdder refusedConnections = new LongAdder();
    final LongAdder late = new LongAdder();
    final LongAdder broken = new LongAdder();
    final LongAdder other = new LongAdder();
    /** How late the generator itself was. */
    final Times lag = new Times();

    final Times accepted = new Times();
    final Times shed = new Times();

    /** Times in milliseconds. */
    static final class Times {
        private final AtomicIntegerArray buckets = new AtomicIntegerArray(BUCKETS);
        private final LongAdder count = new LongAdder();

        void add(long nanos) {
            count.increment();
            buckets.incrementAndGet((int) Math.min(BUCKETS - 1, nanos / 1_000_000));
        }

        long count() {
            return count.sum();
        }

        int percentile(double fraction) {
            long wanted = (long) Math.ceil(count() * fraction);
            long seen = 0;
            for (int millis = 0; millis < BUCKETS; millis++) {
                seen += buckets.get(millis);
                if (seen >= wanted && seen > 0) {
                    return millis;
                }
            }
            return 0;
        }
    }

    /** One line of names and numbers, read by the process that started this one. */
    String line(double seconds) {
        return Arrays.asList(
                        "seconds=" + String.format(Locale.ROOT, "%.3f", seconds),
                        "offered=" + offered.sum(),
                        "accepted=" + accepted.count(),
                        "acceptedP50=" + accepted.percentile(0.5),
                        "acceptedP99=" + accepted.percentile(0.99),
                        "shed=" + shed.count(),
                        "shedP50=" + shed.percentile(0.5),
                        "shedP99=" + shed.percentile(0.99),
                        "lagP50=" + lag.percentile(0.5),
                        "lagP99=" + lag.percentile(0.99),
                        "refused=" + refusedConnections.sum(),
                        "late=" + late.sum(),
                        "broken=" + broken.sum(),
                        "other=" + other.sum())
                .toString()
                .replaceAll("[\\[\\],]", "");
    }
}
