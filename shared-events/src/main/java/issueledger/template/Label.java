package issueledger.template;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Labels of a section's items with their synonyms; the writer uses the first. */
enum Label {
    SYMPTOMS(Section.DESCRIPTION, Kind.TEXTS, "Symptoms"),
    AFFECTED_FEATURES(Section.DESCRIPTION, Kind.LINES, "Affected features"),
    USER_IMPACT(Section.DESCRIPTION, Kind.TEXT, "User impact"),
    ENDPOINTS(Section.DESCRIPTION, Kind.LINES, "Endpoints"),
    TECHNICAL_CAUSE(Section.ROOT_CAUSE, Kind.TEXT, "Technical root cause"),
    CONTRIBUTING_FACTORS(Section.ROOT_CAUSE, Kind.TEXTS, "Contributing factors"),
    TRIGGER_CONDITIONS(
            Section.ROOT_CAUSE, Kind.TEXTS, "Trigger conditions", "System conditions that trigger the issue"),
    SEVERITY(Section.IMPACT, Kind.LINE, "Severity"),
    AFFECTED_USERS(Section.IMPACT, Kind.LINE, "Affected Users"),
    BUSINESS_IMPACT(Section.IMPACT, Kind.TEXT, "Business Impact"),
    WORKAROUNDS(Section.IMPACT, Kind.TEXTS, "Workarounds"),
    CODE_CHANGES(Section.APPROACH, Kind.TEXTS, "Code changes", "Code changes required"),
    ARCHITECTURE_MODIFICATIONS(
            Section.APPROACH, Kind.TEXTS, "Architecture modifications", "Architecture modifications required"),
    SCHEMA_UPDATES(
            Section.APPROACH,
            Kind.TEXTS,
            "Schema updates",
            "Schema updates required",
            "Database schema updates",
            "Database schema updates required"),
    EXPECTED_IMPROVEMENTS(
            Section.APPROACH,
            Kind.TEXTS,
            "Expected improvements",
            "Expected improvements required",
            "Performance improvements expected",
            "Performance improvements expected required"),
    UNIT_TESTS(Section.TESTING, Kind.TEXTS, "Unit Tests"),
    INTEGRATION_TESTS(Section.TESTING, Kind.TEXTS, "Integration Tests"),
    PERFORMANCE_TESTS(Section.TESTING, Kind.TEXTS, "Performance Tests"),
    REGRESSION_TESTS(Section.TESTING, Kind.TEXTS, "Regression Tests"),
    STARTED(Section.NOTES, Kind.LINE, "Date started"),
    RELEASE(Section.NOTES, Kind.LINE, "Release"),
    RESOLUTION(Section.NOTES, Kind.LINE, "Resolution"),
    DECISIONS(Section.NOTES, Kind.NOTES, "Key decisions made"),
    CHALLENGES(Section.NOTES, Kind.NOTES, "Challenges encountered"),
    IMPROVEMENTS(Section.NOTES, Kind.METRICS, "Performance improvements achieved");

    private static final Map<Section, Map<String, Label>> BY_NAME = byName();

    /** No name is longer, with its emphasis. */
    private static final int LONGEST = 80;

    enum Kind {
        LINE,
        TEXT,
        LINES,
        TEXTS,
        NOTES,
        METRICS
    }

    private final Section section;
    private final Kind kind;

    @SuppressWarnings("ImmutableEnumChecker") // It is List.of.
    private final List<String> names;

    Label(Section section, Kind kind, String... names) {
        this.section = section;
        this.kind = kind;
        this.names = List.of(names);
    }

    String written() {
        return names.get(0);
    }

    Section section() {
        return section;
    }

    Kind kind() {
        return kind;
    }

    boolean isList() {
        return kind != Kind.LINE && kind != Kind.TEXT;
    }

    /** Whether each of its values is a note; no field limits their number. */
    boolean isNotes() {
        return kind == Kind.NOTES || kind == Kind.METRICS;
    }

    boolean isLine() {
        return kind == Kind.LINE || kind == Kind.LINES;
    }

    /**
     * A line that begins with a name and a colon.
     *
     * @param name in lower case
     * @param bold whether it is emphasised
     * @param rest what follows the colon
     */
    record Labelled(String name, boolean bold, String rest) {

        /** Null where the line begins with nothing like it. */
        static @Nullable Labelled of(String line) {
            int colon = colon(line);
            if (colon < 1 || colon > LONGEST) {
                return null;
            }
            String mark = Decoration.mark(line);
            String name = line.substring(0, colon).stripTrailing();
            String rest = line.substring(colon + 1).strip();
            if (name.length() >= 2 * mark.length() && name.endsWith(mark)) {
                name = name.substring(mark.length(), name.length() - mark.length());
            } else if (rest.startsWith(mark)) {
                name = name.substring(mark.length());
                rest = rest.substring(mark.length());
            } else if (rest.contains(mark)) {
                name = name.substring(mark.length());
                rest = unmarked(mark, rest);
            } else {
                return null;
            }
            return isName(name.strip()) ? new Labelled(spaced(name.strip()), !mark.isEmpty(), rest.strip()) : null;
        }

        private static int colon(String line) {
            int colon = line.indexOf(':');
            int wide = line.indexOf('：');
            return colon < 0 ? wide : wide < 0 ? colon : Math.min(colon, wide);
        }

        /** What follows the colon inside an emphasis: without its end where that is the end of all, else emphasised again. */
        static String unmarked(String mark, String rest) {
            int end = rest.indexOf(mark);
            String behind = rest.substring(end + mark.length());
            return behind.isBlank() || behind.matches("\\s*[(（].*[)）]\\s*")
                    ? rest.substring(0, end) + behind
                    : mark + rest;
        }

        private static boolean isName(String name) {
            return !name.isEmpty() && name.codePoints().allMatch(c -> c == ' ' || Character.isLetterOrDigit(c));
        }

        /** A paragraph that is a name alone in bold, or null. */
        static @Nullable Labelled ofBold(String line) {
            String text = line.strip();
            return text.length() <= LONGEST && (text.startsWith("**") || text.startsWith("__"))
                    ? ofName(Decoration.withoutEmphasis(text))
                    : null;
        }

        /** A heading that begins with a name, or null. */
        static @Nullable Labelled ofHeading(String heading) {
            String plain = Decoration.heading(heading);
            Labelled labelled = of(plain);
            return labelled == null ? ofName(plain) : labelled;
        }

        private static @Nullable Labelled ofName(String name) {
            return isName(name) ? new Labelled(spaced(name), true, "") : null;
        }

        private static String spaced(String name) {
            return String.join(
                            " ",
                            Arrays.stream(name.split(" "))
                                    .filter(word -> !word.isEmpty())
                                    .toList())
                    .toLowerCase(Locale.ROOT);
        }

        @Nullable
        Label in(Section section) {
            return BY_NAME.getOrDefault(section == Section.SOLUTION ? Section.APPROACH : section, Map.of())
                    .get(name);
        }
    }

    private static Map<Section, Map<String, Label>> byName() {
        Map<Section, Map<String, Label>> byName = new EnumMap<>(Section.class);
        for (Label label : values()) {
            Map<String, Label> names = byName.computeIfAbsent(label.section, section -> new HashMap<>());
            label.names.forEach(name -> names.put(name.toLowerCase(Locale.ROOT), label));
        }
        return byName;
    }
}
