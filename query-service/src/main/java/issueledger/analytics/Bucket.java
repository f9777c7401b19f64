package issueledger.analytics;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** A calendar unit in UTC. A week is that of ISO 8601 and begins on Monday. */
public enum Bucket {
    DAY,
    WEEK,
    MONTH;

    /** As in the parameter: {@code day}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    LocalDate firstDayOf(LocalDate day) {
        return switch (this) {
            case DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
        };
    }

    LocalDate plus(LocalDate firstDay, long buckets) {
        return switch (this) {
            case DAY -> firstDay.plusDays(buckets);
            case WEEK -> firstDay.plusWeeks(buckets);
            case MONTH -> firstDay.plusMonths(buckets);
        };
    }

    /** The number of buckets from one day's to a later day's. */
    long between(LocalDate firstDay, LocalDate day) {
        return switch (this) {
            case DAY -> ChronoUnit.DAYS.between(firstDay, day);
            case WEEK -> Math.floorDiv(ChronoUnit.DAYS.between(firstDay, day), 7);
            case MONTH -> ChronoUnit.MONTHS.between(firstDay, firstDayOf(day));
        };
    }
}
