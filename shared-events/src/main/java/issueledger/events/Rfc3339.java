package issueledger.events;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as text: RFC 3339 with any offset in, UTC with milliseconds out. */
public final class Rfc3339 {
    private static final Pattern TIME = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\d)[Tt](\\d\\d:\\d\\d:\\d\\d)(\\.\\d+)?" + "([Zz]|([+-])([01]\\d|2[0-3]):([0-5]\\d))");
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private Rfc3339() {}

    /** {@code 2026-02-14T09:30:00.000Z}. */
    public static String format(Instant instant) {
        return MILLISECONDS.format(instant);
    }

    /** The time in milliseconds; null if the text is not a time, or its year in UTC does not have four digits. */
    public static @Nullable Instant parse(String text) {
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        String fraction = parts.group(3) == null ? "" : parts.group(3);
        String milliseconds = fraction.length() > 4 ? fraction.substring(0, 4) : fraction;
        try {
            Instant instant = LocalDateTime.parse(parts.group(1) + "T" + parts.group(2) + milliseconds)
                    .toInstant(ZoneOffset.UTC)
                    .minus(offset(parts));
            return instant.isBefore(EARLIEST) || instant.isAfter(LATEST) ? null : instant;
        } catch (DateTimeException e) {
            return null; // It has the form of a time but is not in the calendar.
        }
    }

    /** Up to 23:59, as RFC 3339 has it; {@link ZoneOffset} ends at 18:00. */
    private static Duration offset(Matcher parts) {
        if (parts.group(5) == null) {
            return Duration.ZERO;
        }
        Duration offset = Duration.ofHours(Long.parseLong(parts.group(6))).plusMinutes(Long.parseLong(parts.group(7)));
        return parts.group(5).equals("-") ? offset.negated() : offset;
    }
}
