package issueledger.metricsimport;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Units of time and of size, and how many of the smallest each is. */
final class Units {
    /** Longer than any result that is exact, so that it is rounded once. */
    private static final MathContext PRECISE = new MathContext(1_000, RoundingMode.HALF_UP);

    private static final Map<String, BigDecimal> NANOSECONDS = new HashMap<>();
    private static final Map<String, BigDecimal> BYTES = new HashMap<>();

    static {
        put(NANOSECONDS, 1L, "ns");
        put(NANOSECONDS, 1_000L, "us", "µs", "μs");
        put(NANOSECONDS, 1_000_000L, "ms");
        put(NANOSECONDS, 1_000_000_000L, "s", "sec", "secs", "seconds");
        put(NANOSECONDS, 60_000_000_000L, "m", "min");
        put(NANOSECONDS, 3_600_000_000_000L, "h", "hr");
        put(NANOSECONDS, 86_400_000_000_000L, "day");
        put(BYTES, 1L, "B", "bytes");
        put(BYTES, 1_000L, "kB", "KB");
        put(BYTES, 1_000_000L, "MB");
        put(BYTES, 1_000_000_000L, "GB");
        put(BYTES, 1_000_000_000_000L, "TB");
        put(BYTES, 1L << 10, "KiB");
        put(BYTES, 1L << 20, "MiB");
        put(BYTES, 1L << 30, "GiB");
        put(BYTES, 1L << 40, "TiB");
    }

    private Units() {}

    private static void put(Map<String, BigDecimal> units, long size, String... names) {
        for (String name : names) {
            units.put(name, BigDecimal.valueOf(size));
        }
    }

    static boolean isTime(String unit) {
        return NANOSECONDS.containsKey(unit);
    }

    static boolean isSize(String unit) {
        return BYTES.containsKey(unit);
    }

    /** The value in another unit; null if they are not both of time or both of size. */
    static @Nullable BigDecimal convert(BigDecimal value, String from, String to) {
        Map<String, BigDecimal> units = isTime(from) ? NANOSECONDS : BYTES;
        BigDecimal one = units.get(from);
        BigDecimal other = units.get(to);
        return one == null || other == null ? null : value.multiply(one).divide(other, PRECISE);
    }

    /** A time in milliseconds; null for a unit that is none of time. */
    static @Nullable BigDecimal milliseconds(BigDecimal value, String unit) {
        return isTime(unit) ? convert(value, unit, Report.MILLISECONDS) : null;
    }
}
