package issueledger.http;

import issueledger.events.Rfc3339;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads query parameters; a bad one is 400 and named. */
public final class Parameters {
    private Parameters() {}

    public static int limit(@Nullable String value, int most, int otherwise) {
        long limit = number("limit", value, otherwise);
        if (limit < 1 || limit > most) {
            throw Problem.malformedParameter("limit", "must be from 1 to " + most);
        }
        return (int) limit;
    }

    /** A whole number that is not negative. */
    public static long position(String name, @Nullable String value) {
        long position = number(name, value, 0);
        if (position < 0) {
            throw Problem.malformedParameter(name, "must not be negative");
        }
        return position;
    }

    public static long number(String name, @Nullable String value, long otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (!value.matches("-?\\d+")) {
            throw Problem.malformedParameter(name, "must be a whole number");
        }
        // No log gets so long: a number beyond a long means the same as the greatest one.
        return new BigInteger(value.length() > 20 ? value.substring(0, 20) : value)
                .min(BigInteger.valueOf(Long.MAX_VALUE))
                .max(BigInteger.valueOf(Long.MIN_VALUE))
                .longValue();
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
