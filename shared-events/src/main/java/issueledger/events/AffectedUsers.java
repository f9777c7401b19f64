package issueledger.events;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The affected users: in words, as a percentage (0 to 100) of all users, as a number. */
public record AffectedUsers(
        @Nullable String description,
        @Nullable BigDecimal percentage,
        @Nullable Long count) {
    public AffectedUsers {
        Checks checks = new Checks();
        description = checks.optionalLine("/description", description);
        if (percentage != null) {
            percentage = checks.decimal("/percentage", percentage);
            checks.that(
                    percentage.signum() >= 0 && percentage.compareTo(BigDecimal.valueOf(100)) <= 0,
                    "/percentage",
                    "must be from 0 to 100");
        }
        count = checks.count("/count", count);
        checks.done();
    }

    /** 15 equals 15.0. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AffectedUsers that
                && Objects.equals(description, that.description)
                && Objects.equals(count, that.count)
                && Objects.equals(stripped(percentage), stripped(that.percentage));
    }

    @Override
    public int hashCode() {
        return Objects.hash(description, count, stripped(percentage));
    }

    private static @Nullable BigDecimal stripped(@Nullable BigDecimal value) {
        return value == null ? null : value.stripTrailingZeros();
    }
}
