package issueledger.template;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Dates as people write them, where only one day can be meant: {@code 2026-02-14}, {@code 14 Feb 2026}, {@code 14.02.2026}. */
final class Dates {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final String MONTH = "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
            + "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
    private static final String WEEKDAY = "(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?"
            + "|fri(?:day)?|sat(?:urday)?|sun(?:day)?)";
    private static final Pattern YEAR_FIRST = Pattern.compile("(\\d{4})(?:-(\\d\\d)-(\\d\\d)|/(\\d\\d?)/(\\d\\d?))");
    private static final Pattern DAY_FIRST = Pattern.compile("(\\d\\d?)(?:st|nd|rd|th)? " + MONTH + ",? (\\d{4})");
    private static final Pattern MONTH_FIRST = Pattern.compile(MONTH + " (\\d\\d?)(?:st|nd|rd|th)?,? (\\d{4})");
    private static final Pattern DOTTED = Pattern.compile("(\\d\\d?)\\.(\\d\\d?)\\.(\\d{4})");
    private static final Pattern WEEKDAY_BEFORE = Pattern.compile(WEEKDAY + "\\.?,? +(.*)");
    private static final Pattern WEEKDAY_BEHIND =
            Pattern.compile("(.*?),? +(?:" + WEEKDAY + "|[(（]" + WEEKDAY + "[)）])");
    private static final Pattern REMARK = Pattern.compile("(.*?) *(?:\\((.*)\\)|（(.*)）|\\[(.*)])", Pattern.DOTALL);

    private Dates() {}

    /** A date and the remark in brackets behind it. */
    record Dated(LocalDate date, @Nullable String remark) {}

    /** Null for a text that is no date. */
    static @Nullable Dated dated(String text) {
        LocalDate date = date(text);
        if (date != null) {
            return new Dated(date, null);
        }
        Matcher remark = REMARK.matcher(text.strip());
        LocalDate before = remark.matches() ? date(remark.group(1)) : null;
        if (before == null) {
            return null;
        }
        String words = remark.group(2) == null ? remark.group(3) : remark.group(2);
        return new Dated(before, words == null ? remark.group(4) : words);
    }

    /** Null for a text that is no date by itself. */
    static @Nullable LocalDate date(String text) {
        String plain = text.strip();
        if (plain.length() > 100) {
            return null;
        }
        plain = Decoration.withoutEmphasis(withoutCode(Decoration.withoutEmphasis(plain)))
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\s+", " ");
        Matcher before = WEEKDAY_BEFORE.matcher(plain);
        plain = before.matches() ? before.group(1) : plain;
        Matcher behind = WEEKDAY_BEHIND.matcher(plain);
        plain = behind.matches() ? behind.group(1) : plain;
        plain = withoutCode(plain);
        Matcher year = YEAR_FIRST.matcher(plain);
        if (year.matches()) {
            return year.group(2) == null
                    ? day(year.group(1), year.group(4), year.group(5))
                    : day(year.group(1), year.group(2), year.group(3));
        }
        Matcher day = DAY_FIRST.matcher(plain);
        if (day.matches()) {
            return day(day.group(3), month(day.group(2)), day.group(1));
        }
        Matcher month = MONTH_FIRST.matcher(plain);
        if (month.matches()) {
            return day(month.group(3), month(month.group(1)), month.group(2));
        }
        Matcher dotted = DOTTED.matcher(plain);
        return dotted.matches() ? day(dotted.group(3), dotted.group(2), dotted.group(1)) : null;
    }

    private static String withoutCode(String text) {
        return text.length() > 2 && text.startsWith("`") && text.endsWith("`")
                ? text.substring(1, text.length() - 1).strip()
                : text;
    }

    private static String month(String name) {
        return String.valueOf(MONTHS.indexOf(name.substring(0, 3)) + 1);
    }

    private static @Nullable LocalDate day(String year, String month, String day) {
        try {
            return LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day));
        } catch (DateTimeException e) {
            return null; // The 30th of February is words.
        }
    }
}
