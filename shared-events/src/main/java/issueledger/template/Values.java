package issueledger.template;

import issueledger.events.AffectedUsers;
import issueledger.events.Checks;
import issueledger.events.InvalidValue;
import issueledger.events.InvalidValue.Offence;
import issueledger.events.PlannedPhase;
import issueledger.events.Severity;
import issueledger.template.Template.Reference;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Meaning of single values' texts, shared by reader and writer. */
final class Values {
    private static final String SEVERITIES = "Critical/High/Medium/Low";
    private static final Pattern LINK = Pattern.compile("\\[(.*)\\]\\((?:<([^<>]*)>|(\\S*))(?: +\"([^\"]*)\")?\\)");
    private static final Pattern PERCENTAGE = Pattern.compile("(\\d+(?:\\.\\d+)?) ?%.*", Pattern.DOTALL);
    private static final Pattern COUNT =
            Pattern.compile("(\\d{1,3}(?:,\\d{3})+|\\d+) users?\\b.*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final Pattern EXACT_USERS =
            Pattern.compile(" \\((?:percentage ([0-9.]+))?(?:, )?(?:count (\\d+))?\\)");
    private static final Pattern DATES =
            Pattern.compile("(?:(.*?); ?)?(\\d{4}-\\d\\d-\\d\\d)? ?to ?(\\d{4}-\\d\\d-\\d\\d)?", Pattern.DOTALL);

    private Values() {}

    static boolean isPlaceholder(String value) {
        return value.equalsIgnoreCase(SEVERITIES) || isBracketed(value);
    }

    /** Wholly in square brackets: what opens first closes last. */
    private static boolean isBracketed(String value) {
        if (!value.startsWith("[") || !value.endsWith("]")) {
            return false;
        }
        int depth = 0;
        for (int i = 0; i < value.length(); i++) {
            depth += value.charAt(i) == '[' ? 1 : value.charAt(i) == ']' ? -1 : 0;
            if (depth == 0 && i < value.length() - 1) {
                return false;
            }
        }
        return depth == 0;
    }

    static @Nullable Severity severity(String text) {
        try {
            return Severity.valueOf(text.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static AffectedUsers users(String text) {
        Escaped wrapped = Escaped.at(text);
        Matcher exact = EXACT_USERS.matcher(wrapped == null ? "" : wrapped.rest());
        if (wrapped != null && exact.matches()) {
            return new AffectedUsers(
                    wrapped.value().isEmpty() ? null : wrapped.value(),
                    exact.group(1) == null ? null : new BigDecimal(exact.group(1)),
                    exact.group(2) == null ? null : Long.valueOf(exact.group(2)));
        }
        String words = Escaped.unwrap(text);
        Matcher percentage = PERCENTAGE.matcher(words);
        Matcher count = COUNT.matcher(words);
        BigDecimal percent =
                percentage.matches() && percentage.group(1).length() < 12 ? new BigDecimal(percentage.group(1)) : null;
        return new AffectedUsers(
                words,
                percent == null || percent.compareTo(BigDecimal.valueOf(100)) > 0 ? null : percent,
                count.matches() && count.group(1).length() < 18
                        ? Long.valueOf(count.group(1).replace(",", ""))
                        : null);
    }

    static PlannedPhase phase(String text, @Nullable String description) {
        String line = joined(text).strip();
        Escaped wrapped = Escaped.at(line);
        String name;
        String bracket = null;
        if (wrapped != null
                && (wrapped.rest().isEmpty()
                        || (wrapped.rest().startsWith(" (") && wrapped.rest().endsWith(")")))) {
            name = wrapped.value();
            bracket = wrapped.rest().isEmpty()
                    ? null
                    : wrapped.rest().substring(2, wrapped.rest().length() - 1);
        } else {
            int open = lastBracket(line);
            name = open > 0 ? line.substring(0, open).strip() : line;
            bracket = open > 0 ? line.substring(open + 1, line.length() - 1).strip() : null;
        }
        String timeline = bracket == null || Checks.isBlank(bracket) ? null : bracket;
        LocalDate start = null;
        LocalDate end = null;
        Escaped exact = bracket == null ? null : Escaped.at(bracket);
        if (exact != null && exact.rest().isEmpty()) {
            timeline = exact.value();
        } else if (bracket != null) {
            String beside = exact != null && exact.rest().startsWith("; ")
                    ? exact.rest().substring(2)
                    : bracket;
            Matcher dates = DATES.matcher(beside);
            if (dates.matches() && (dates.group(2) != null || dates.group(3) != null)) {
                start = plannedDate(dates.group(2));
                end = plannedDate(dates.group(3));
                timeline = exact != null && !beside.equals(bracket) ? exact.value() : dates.group(1);
            }
        }
        return new PlannedPhase(name, description, timeline, start, end);
    }

    private static @Nullable LocalDate plannedDate(@Nullable String text) {
        LocalDate date = date(text);
        if (text != null && date == null) {
            throw new InvalidValue(List.of(new Offence("", "has a date that is none: " + text)));
        }
        return date;
    }

    /** Where the last balanced bracket opens, if it ends the line; else −1. */
    private static int lastBracket(String line) {
        if (!line.endsWith(")")) {
            return -1;
        }
        int depth = 0;
        for (int i = line.length() - 1; i >= 0; i--) {
            depth += line.charAt(i) == ')' ? 1 : line.charAt(i) == '(' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }

    static @Nullable LocalDate date(@Nullable String text) {
        try {
            return text == null ? null : LocalDate.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    static Reference reference(String entry) {
        Checks checks = new Checks();
        Reference reference = referenceOf(entry);
        checks.line("/title", reference.title());
        checks.done();
        return reference;
    }

    private static Reference referenceOf(String entry) {
        Escaped wrapped = Escaped.at(entry);
        if (wrapped != null && wrapped.rest().isEmpty()) {
            return new Reference(wrapped.value(), null);
        }
        if (wrapped != null
                && wrapped.rest().startsWith(" ")
                && Checks.isHttpUrl(wrapped.rest().substring(1))) {
            return new Reference(wrapped.value(), wrapped.rest().substring(1));
        }
        Matcher link = LINK.matcher(entry);
        if (link.matches()
                && isBracketed("[" + link.group(1) + "]")
                && !link.group(1).isBlank()) {
            String url = link.group(2) == null ? link.group(3) : link.group(2);
            if (Checks.isHttpUrl(url)) {
                return new Reference(link.group(1), url);
            }
        }
        String bare = entry.startsWith("<") && entry.endsWith(">") ? entry.substring(1, entry.length() - 1) : entry;
        if (Checks.isHttpUrl(bare) && bare.length() <= Checks.LINE_LENGTH) {
            return new Reference(bare, bare);
        }
        return new Reference(entry, null);
    }

    /** The quoted title after a link's address; null without one. */
    static @Nullable String linkTitle(String entry) {
        Matcher link = LINK.matcher(entry);
        return link.matches() ? link.group(4) : null;
    }

    /** A note that is too long becomes several, cut at line ends, or within a line that is too long itself. */
    static List<String> parts(String text) {
        if (text.codePointCount(0, text.length()) <= Checks.TEXT_LENGTH) {
            return List.of(text);
        }
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int length = 0;
        for (String line : text.split("\n", -1)) {
            int count = line.codePointCount(0, line.length());
            if (length > 0 && length + 1 + count > Checks.TEXT_LENGTH) {
                parts.add(part.toString());
                part.setLength(0);
                length = 0;
            }
            String rest = line;
            while (count > Checks.TEXT_LENGTH) {
                int cut = rest.offsetByCodePoints(0, Checks.TEXT_LENGTH);
                parts.add(rest.substring(0, cut));
                rest = rest.substring(cut);
                count -= Checks.TEXT_LENGTH;
            }
            if (length > 0 || !part.isEmpty()) {
                part.append('\n');
                length++;
            }
            part.append(rest);
            length += count;
        }
        parts.add(part.toString());
        return parts.stream().filter(p -> !p.isBlank()).toList();
    }

    /** In one line. */
    static String joined(String text) {
        return text.indexOf('\n') < 0
                ? text
                : text.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .collect(Collectors.joining(" "));
    }

    static String abridged(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
