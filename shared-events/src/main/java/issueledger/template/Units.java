package issueledger.template;

import issueledger.events.Better;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Units of which everybody knows whether less or more is better; those of time and size in their smallest. */
final class Units {
    private static final Map<String, BigDecimal> TIMES = new HashMap<>();
    private static final Map<String, BigDecimal> SIZES = new HashMap<>();

    static {
        put(TIMES, "1", "ns", "nanosecond", "nanoseconds");
        put(TIMES, "1000", "us", "µs", "μs", "microsecond", "microseconds");
        put(TIMES, "1000000", "ms", "msec", "msecs", "millisecond", "milliseconds");
        put(TIMES, "1000000000", "s", "sec", "secs", "second", "seconds");
        put(TIMES, "60000000000", "min", "mins", "minute", "minutes");
        put(TIMES, "3600000000000", "h", "hr", "hrs", "hour", "hours");
        put(TIMES, "86400000000000", "d", "day", "days");
        put(SIZES, "1", "b", "byte", "bytes");
        long decimal = 1;
        long binary = 1;
        for (String prefix : List.of("k", "m", "g", "t")) {
            decimal *= 1000;
            binary *= 1024;
            put(SIZES, String.valueOf(decimal), prefix + "b");
            put(SIZES, String.valueOf(binary), prefix + "ib");
        }
    }

    private static final Set<String> TROUBLES = Set.of(
            "error",
            "errors",
            "failed",
            "failure",
            "failures",
            "timeout",
            "timeouts",
            "retry",
            "retries",
            "pause",
            "pauses",
            "collection",
            "collections",
            "gc",
            "gcs");
    private static final Set<String> RATES =
            Set.of("rps", "qps", "tps", "ops", "iops", "fps", "bps", "kbps", "mbps", "gbps");
    private static final Set<String> WORK = Set.of(
            "req",
            "reqs",
            "request",
            "requests",
            "op",
            "ops",
            "operation",
            "operations",
            "query",
            "queries",
            "tx",
            "txn",
            "txns",
            "transaction",
            "transactions",
            "msg",
            "msgs",
            "message",
            "messages",
            "event",
            "events",
            "command",
            "commands",
            "call",
            "calls",
            "row",
            "rows",
            "record",
            "records",
            "doc",
            "docs",
            "document",
            "documents",
            "page",
            "pages",
            "item",
            "items",
            "job",
            "jobs",
            "task",
            "tasks",
            "read",
            "reads",
            "write",
            "writes",
            "insert",
            "inserts",
            "commit",
            "commits",
            "order",
            "orders",
            "user",
            "users",
            "hit",
            "hits",
            "packet",
            "packets",
            "frame",
            "frames",
            "file",
            "files",
            "image",
            "images",
            "token",
            "tokens",
            "bit",
            "kbit",
            "mbit",
            "gbit",
            "issue",
            "issues");
    private static final Pattern PER_TIME =
            Pattern.compile("(.+?)(?: ?/ ?(?:ms|s|sec|second|min|minute|h|hr|hour|d|day)| per"
                    + " (?:millisecond|second|sec|minute|min|hour|day))");

    private Units() {}

    private static void put(Map<String, BigDecimal> units, String factor, String... names) {
        for (String name : names) {
            units.put(name, new BigDecimal(factor));
        }
    }

    /** The direction that is good, null where nobody can tell. */
    static @Nullable Better better(String unit) {
        String known = unit.toLowerCase(Locale.ROOT);
        if (TIMES.containsKey(known) || SIZES.containsKey(known)) {
            return Better.LOWER;
        }
        if (RATES.contains(known)) {
            return Better.HIGHER;
        }
        Matcher perTime = PER_TIME.matcher(known);
        boolean rate = perTime.matches();
        String counted = rate ? perTime.group(1).strip() : known;
        List<String> words = List.of(counted.split("[ -]+"));
        if (words.stream().anyMatch(TROUBLES::contains)) {
            return Better.LOWER;
        }
        String last = words.get(words.size() - 1);
        return rate && (WORK.contains(last) || (words.size() == 1 && SIZES.containsKey(counted)))
                ? Better.HIGHER
                : null;
    }

    /** How many of the smaller unit one of the larger is; null unless both are of time, or both of size. */
    static @Nullable BigDecimal factor(String larger, String smaller) {
        for (Map<String, BigDecimal> units : List.of(TIMES, SIZES)) {
            BigDecimal one = units.get(larger.toLowerCase(Locale.ROOT));
            BigDecimal other = units.get(smaller.toLowerCase(Locale.ROOT));
            if (one != null && other != null && one.compareTo(other) >= 0) {
                try {
                    return one.divide(other);
                } catch (ArithmeticException e) {
                    return null; // It has no exact decimal.
                }
            }
        }
        return null;
    }
}
