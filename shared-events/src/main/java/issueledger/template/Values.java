package issueledger.template;

import issueledger.events.AffectedUsers;
import issueledger.events.Checks;
import issueledger.events.PlannedPhase;
import issueledger.events.Severity;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Meaning of single values' texts, shared by reader and writer. */
final class Values {
    private static final String SEVERITIES = "Critical/High/Medium/Low";
    private static final String NO_RANGE = "(?! *(?:[-–—]|to\\b|until\\b) *[0-9]).*";
    private static final Pattern PERCENTAGE = Pattern.compile("(\\d+(?:\\.\\d+)?) ?%" + NO_RANGE, Pattern.DOTALL);
    private static final Pattern COUNT = Pattern.compile(
            "([1-9]\\d{0,2}(?:,\\d{3})+|\\d+) users?\\b" + NO_RANGE, Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final Pattern EXACT_USERS =
            Pattern.compile(" \\((?:percentage ([0-9.]+))?(?:, )?(?:count (\\d+))?\\)");
    private static final Pattern FROM_TO = Pattern.compile(
            " *(?:\\b(?:to|until)\\b|至|–|—|(?<= )-(?= )|(?<=\\d)-(?=\\d{4})) *", Pattern.CASE_INSENSITIVE);
    private static final Pattern CHOSEN = Pattern.compile("(\\*\\*|__|\\*|_|`)(\\w+)\\1");
    private static final Pattern SEVERITY = Pattern.compile(
            "[*_`]*(critical|high|medium|low)[*_`]*\\.?[*_`]*(?:\\s*[(（\\[](.*)[)）\\]][.*_`]*|(?:\\s+-|\\s*[–—,，])\\s*(.*))?",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Set<String> NOTHING = Set.of("none", "n/a", "tbd", "-");

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

    /** Whether a value says that there is none. */
    static boolean isNothing(String value) {
        return NOTHING.contains(value.toLowerCase(Locale.ROOT));
    }

    /** A severity and what is said about it. */
    record GivenSeverity(Severity severity, @Nullable String remark) {}

    /** Null for words that are none, and for the template's choice with nothing chosen. */
    static @Nullable GivenSeverity severity(String text) {
        String plain = Decoration.withoutEmphasis(text);
        if (plain.replaceAll("[*_`]", "").equalsIgnoreCase(SEVERITIES)) {
            Matcher chosen = CHOSEN.matcher(plain);
            String choice = chosen.find() ? chosen.group(2) : "";
            return choice.isEmpty() || chosen.find() ? null : severity(choice);
        }
        Matcher given = SEVERITY.matcher(plain);
        if (!given.matches()) {
            return null;
        }
        String remark = given.group(2) == null ? given.group(3) : given.group(2);
        return new GivenSeverity(
                Severity.valueOf(given.group(1).toUpperCase(Locale.ROOT)),
                remark == null || remark.isBlank() ? null : remark.strip());
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
        String words = text;
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

    /**
     * A phase as it was read.
     *
     * @param warning null unless its dates became its timeline
     */
    record Phase(PlannedPhase planned, @Nullable String warning) {}

    static Phase phase(String text, @Nullable String description) {
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
        if (bracket == null || Checks.isBlank(bracket)) {
            return new Phase(new PlannedPhase(name, description, null, null, null), null);
        }
        Escaped exact = Escaped.at(bracket);
        if (exact != null && exact.rest().isEmpty()) {
            return new Phase(new PlannedPhase(name, description, exact.value(), null, null), null);
        }
        boolean beside = exact != null && exact.rest().startsWith("; ");
        int semicolon = bracket.lastIndexOf(';');
        String dates = beside && exact != null ? exact.rest().substring(2) : bracket.substring(semicolon + 1);
        String timeline = beside && exact != null
                ? exact.value()
                : semicolon < 0 ? null : bracket.substring(0, semicolon).strip();
        Planned planned = planned(dates.strip());
        if (planned == null) {
            return new Phase(new PlannedPhase(name, description, bracket, null, null), null);
        }
        LocalDate start = planned.start();
        LocalDate end = planned.end();
        if (start != null && end != null && end.isBefore(start)) {
            return new Phase(
                    new PlannedPhase(name, description, bracket, null, null),
                    "the phase is planned to end before it begins: its dates are kept as its timeline");
        }
        return new Phase(
                new PlannedPhase(
                        name, description, timeline == null || timeline.isEmpty() ? null : timeline, start, end),
                null);
    }

    private record Planned(
            @Nullable LocalDate start, @Nullable LocalDate end) {}

    /** Null for words that are no two dates; one of them may be missing. */
    private static @Nullable Planned planned(String text) {
        Matcher between = FROM_TO.matcher(text);
        while (between.find()) {
            String from = text.substring(0, between.start()).strip();
            String to = text.substring(between.end()).strip();
            LocalDate start = Dates.date(from);
            LocalDate end = Dates.date(to);
            if ((start != null || from.isEmpty()) && (end != null || to.isEmpty()) && (start != null || end != null)) {
                return new Planned(start, end);
            }
        }
        return null;
    }

    /** Where the last balanced bracket opens, if it ends the line; else −1. */
    private static int lastBracket(String line) {
        if (!line.endsWith(")") && !line.endsWith("）")) {
            return -1;
        }
        int depth = 0;
        for (int i = line.length() - 1; i >= 0; i--) {
            char c = line.charAt(i);
            depth += c == ')' || c == '）' ? 1 : c == '(' || c == '（' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
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
