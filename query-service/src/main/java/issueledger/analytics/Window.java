package issueledger.analytics;

import issueledger.http.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The time that is asked about, in milliseconds.
 *
 * @param from included
 * @param to not included
 * @param at the moment that ages and open stays are counted to: {@code to}, or now where no {@code to} was given; {@code to} is then just
 *     after now, so that the last event is in
 */
record Window(long from, long to, long at, long now, Bucket bucket) {
    static final int MOST_BUCKETS = 25_000;

    private static final long DAY = Duration.ofDays(1).toMillis();

    /** @param firstAt the time of the first event, or a later one than now */
    static Window of(@Nullable Instant from, @Nullable Instant to, Bucket bucket, long firstAt, long now) {
        long at = to == null ? now : to.toEpochMilli();
        long end = to == null ? now + 1 : at;
        return new Window(from == null ? Math.min(firstAt, end) : from.toEpochMilli(), end, at, now, bucket);
    }

    boolean contains(long time) {
        return from <= time && time < to;
    }

    private LocalDate firstDay() {
        return bucket.firstDayOf(day(from));
    }

    static LocalDate day(long time) {
        return LocalDate.ofEpochDay(Math.floorDiv(time, DAY));
    }

    /** The number of buckets that it touches; 400 if there are too many. */
    int buckets() {
        if (from >= to) {
            return 0;
        }
        long count = 1 + bucket.between(firstDay(), day(to - 1));
        if (count > MOST_BUCKETS) {
            throw Problem.malformedParameter(
                    "bucket", "would have " + count + " rows, and at most 25,000 are answered: take a longer one");
        }
        return (int) count;
    }

    /** The first day of a bucket. */
    LocalDate firstDayOf(int index) {
        return bucket.plus(firstDay(), index);
    }

    /** The bucket of a time before the end; the first one for earlier times. */
    int indexOf(long time) {
        return (int) Math.max(0, bucket.between(firstDay(), day(time)));
    }

    static Instant instant(long time) {
        return Instant.ofEpochMilli(time);
    }

    static long startOf(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
}
