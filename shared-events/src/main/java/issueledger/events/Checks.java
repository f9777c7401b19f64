package issueledger.events;

import issueledger.events.InvalidValue.Offence;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of values of docs/commands.md. A record's constructor checks each field and then calls {@link #done}, which throws all
 * offences at once; until then a check returns a placeholder for a bad value.
 */
public final class Checks {
    public static final int LINE_LENGTH = 200;
    public static final int TEXT_LENGTH = 20_000;
    public static final int LIST_LENGTH = 100;
    public static final int DECIMAL_DIGITS = 18;
    public static final Pattern ISSUE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public static final BigDecimal DECIMAL_BOUND = BigDecimal.TEN.pow(15);

    private final List<Offence> offences = new ArrayList<>();

    /** The message for an id that breaks the pattern. */
    public static final String MUST_BE_ISSUE_ID =
            "must be 1 to 64 letters, digits, dots, underscores or hyphens, the first a letter or digit";

    public static boolean isIssueId(String id) {
        return ISSUE_ID.matcher(id).matches();
    }

    public static boolean isLine(String text) {
        Checks checks = new Checks();
        checks.line("", text);
        return checks.offences.isEmpty();
    }

    public void that(boolean holds, String pointer, String detail) {
        if (!holds) {
            offences.add(new Offence(pointer, detail));
        }
    }

    public void done() {
        if (!offences.isEmpty()) {
            throw new InvalidValue(offences);
        }
    }

    public <T> T required(String pointer, @Nullable T value) {
        that(value != null, pointer, "is required");
        return standIn(value);
    }

    public String line(String pointer, @Nullable String value) {
        return line(pointer, value, LINE_LENGTH);
    }

    public String line(String pointer, @Nullable String value, int length) {
        return value == null ? required(pointer, value) : characters(pointer, value, length, false);
    }

    public @Nullable String optionalLine(String pointer, @Nullable String value) {
        return value == null ? null : line(pointer, value);
    }

    public String text(String pointer, @Nullable String value) {
        if (value == null) {
            return required(pointer, value);
        }
        String text =
                value.indexOf('\r') < 0 ? value : value.replace("\r\n", "\n").replace('\r', '\n');
        return characters(pointer, text, TEXT_LENGTH, true);
    }

    public @Nullable String optionalText(String pointer, @Nullable String value) {
        return value == null ? null : text(pointer, value);
    }

    public List<String> lines(String pointer, @Nullable List<String> values) {
        return list(pointer, values, this::line);
    }

    public List<String> texts(String pointer, @Nullable List<String> values) {
        return list(pointer, values, this::text);
    }

    /** Lines without duplicates. */
    public List<String> labels(String pointer, @Nullable List<String> values) {
        return List.copyOf(new LinkedHashSet<>(lines(pointer, values)));
    }

    public List<BigDecimal> decimals(String pointer, @Nullable List<BigDecimal> values) {
        return list(pointer, values, this::decimal);
    }

    private <T> List<T> list(String pointer, @Nullable List<T> values, BiFunction<String, T, T> element) {
        if (values == null) {
            return List.of();
        }
        that(values.size() <= LIST_LENGTH, pointer, "has " + values.size() + " items; at most " + LIST_LENGTH);
        List<T> checked = new ArrayList<>(values.size());
        for (int i = 0; i < values.size() && i < LIST_LENGTH; i++) {
            T value = element.apply(pointer + "/" + i, values.get(i));
            if (value != null) {
                checked.add(value);
            }
        }
        return List.copyOf(checked);
    }

    public String issueId(String pointer, @Nullable String value) {
        that(value != null && isIssueId(value), pointer, MUST_BE_ISSUE_ID);
        return standIn(value);
    }

    public @Nullable Long count(String pointer, @Nullable Long value) {
        that(value == null || value >= 0, pointer, "must not be negative");
        return value;
    }

    public BigDecimal decimal(String pointer, @Nullable BigDecimal value) {
        if (value == null) {
            return required(pointer, value);
        }
        BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        boolean small =
                (long) plain.precision() - plain.scale() <= 16 && plain.abs().compareTo(DECIMAL_BOUND) < 0;
        boolean exact = plain.precision() <= DECIMAL_DIGITS && plain.scale() <= DECIMAL_DIGITS;
        that(
                small && exact,
                pointer,
                "must have at most 18 significant digits, at most 18 of them after the point, and be below 10^15 in"
                        + " magnitude");
        // Keeps the scale, except for an exponent and for zeros that would make the text long.
        return !small || !exact || (value.scale() >= 0 && value.scale() <= DECIMAL_DIGITS)
                ? value
                : plain.setScale(Math.max(0, plain.scale()));
    }

    public @Nullable String optionalUrl(String pointer, @Nullable String value) {
        if (value == null) {
            return null;
        }
        int before = offences.size();
        String url = characters(pointer, value, TEXT_LENGTH, false);
        that(offences.size() > before || isHttpUrl(url), pointer, "must be an http or https URL");
        return url;
    }

    public static boolean isHttpUrl(String value) {
        try {
            URI uri = new URI(value);
            String authority = uri.getRawAuthority();
            return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
                    && authority != null
                    && !authority
                            .replaceFirst("^[^@]*@", "")
                            .replaceFirst(":\\d*$", "")
                            .isEmpty();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    public static Instant milliseconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }

    public List<Waiver> waivers(String pointer, @Nullable List<Waiver> waivers) {
        if (waivers == null) {
            return List.of();
        }
        that(waivers.size() <= 4, pointer, "has " + waivers.size() + " items; at most 4");
        Set<Requirement> seen = new HashSet<>();
        for (int i = 0; i < waivers.size(); i++) {
            Waiver waiver = waivers.get(i);
            String at = pointer + "/" + i;
            that(waiver != null, at, "must not be null");
            that(
                    waiver == null || seen.add(waiver.requirement()),
                    at + "/requirement",
                    "is waived already: each requirement once");
        }
        // Not contains(null), which throws in a list that rejects null.
        return waivers.stream().anyMatch(Objects::isNull) ? List.of() : List.copyOf(waivers);
    }

    private String characters(String pointer, String value, int length, boolean multiline) {
        int count = value.codePointCount(0, value.length());
        if (count > length) {
            that(false, pointer, "has " + count + " characters; at most " + length);
        }
        that(!isBlank(value), pointer, "must not be blank");
        value.codePoints()
                .filter(c -> isForbidden(c, multiline))
                .findFirst()
                .ifPresent(c -> that(false, pointer, String.format("must not contain the character U+%04X", c)));
        return value;
    }

    /** True if a value has only spaces of any kind. */
    public static boolean isBlank(String value) {
        return value.codePoints().allMatch(Checks::isSpace);
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static boolean isForbidden(int c, boolean multiline) {
        if (multiline && (c == '\n' || c == '\t')) {
            return false;
        }
        return Character.isISOControl(c)
                || c == 0x2028
                || c == 0x2029
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** A placeholder for null that never escapes: {@link #done} throws. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T standIn(@Nullable T value) {
        return value;
    }
}
