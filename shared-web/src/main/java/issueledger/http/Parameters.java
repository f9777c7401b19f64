package issueledger.http;

import issueledger.events.Checks;
import issueledger.events.Rfc3339;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads query parameters; a bad one is 400 and named. */
public final class Parameters {
    private static final Pattern FRACTION = Pattern.compile("-?\\d+(\\.\\d+)?([eE]-?\\d{1,3})?");
    private static final int LONGEST_FRACTION = 50;

    private Parameters() {}

    public static int limit(@Nullable String value, int most, int otherwise) {
        return (int) number("limit", value, 1, most, otherwise);
    }

    /** A position in the log; 0 if it is not given. */
    public static long position(String name, @Nullable String value) {
        return number(name, value, 0, Long.MAX_VALUE, 0);
    }

    /** The place after which a list goes on, given as {@code after} or as {@code cursor}. */
    public static long after(@Nullable String after, @Nullable String cursor) {
        if (after != null && cursor != null) {
            throw Problem.malformedParameter("cursor", "cannot be given together with after");
        }
        return cursor == null ? position("after", after) : position("cursor", cursor);
    }

    public static @Nullable String issueId(String name, @Nullable String value) {
        if (value != null && !Checks.isIssueId(value)) {
            throw Problem.malformedParameter(name, Checks.MUST_BE_ISSUE_ID);
        }
        return value;
    }

    public static @Nullable String actor(String name, @Nullable String value) {
        if (value != null && !Checks.isLine(value)) {
            throw Problem.malformedParameter(name, "must be a line of 1 to 200 characters");
        }
        return value;
    }

    /** An issue's version. */
    public static long version(String name, @Nullable String value, long otherwise) {
        return number(name, value, 1, Long.MAX_VALUE, otherwise);
    }

    /** A whole number, {@code otherwise} if it is not given. */
    public static long number(String name, @Nullable String value, long least, long most, long otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (!value.matches("-?\\d+")) {
            throw Problem.malformedParameter(name, "must be a whole number");
        }
        // A number of more digits than a long has is beyond the limits anyway.
        String digits = value.replaceFirst("^(-?)0+(?=\\d)", "$1");
        BigInteger number = new BigInteger(digits.length() > 20 ? digits.substring(0, 20) : digits);
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw Problem.malformedParameter(name, "must be from " + least + " to " + most);
        }
        return number.longValue();
    }

    /** A fraction from 0 to 1, written as in JSON; {@code otherwise} if it is not given. */
    public static BigDecimal fraction(String name, @Nullable String value, BigDecimal otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value.length() > LONGEST_FRACTION || !FRACTION.matcher(value).matches()) {
            throw Problem.malformedParameter(name, "must be a number from 0 to 1 like 0.05");
        }
        BigDecimal fraction = new BigDecimal(value);
        if (fraction.signum() < 0 || fraction.compareTo(BigDecimal.ONE) > 0) {
            throw Problem.malformedParameter(name, "must be from 0 to 1");
        }
        return fraction;
    }

    public static @Nullable Instant instant(String name, @Nullable String value) {
        if (value == null) {
            return null;
        }
        // In a query a bare plus sign is read as a blank, and no time has a blank.
        Instant instant = Rfc3339.parse(value.replace(' ', '+'));
        if (instant == null) {
            throw Problem.malformedParameter(name, "must be a time with an offset like 2026-02-14T09:30:00Z");
        }
        return instant;
    }

    public static <E extends Enum<E>> @Nullable E oneOf(String name, @Nullable String value, Class<E> type) {
        if (value == null) {
            return null;
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(value))
                .findFirst()
                .orElseThrow(() -> Problem.malformedParameter(
                        name,
                        "must be one of "
                                + String.join(
                                        ", ",
                                        Arrays.stream(type.getEnumConstants())
                                                .map(Enum::name)
                                                .toList())));
    }
}
