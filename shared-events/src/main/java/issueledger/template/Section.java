package issueledger.template;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The template's headings, in its order. */
enum Section {
    DESCRIPTION(2, "Issue Description"),
    ROOT_CAUSE(2, "Root Cause"),
    IMPACT(2, "Impact Assessment"),
    SOLUTION(2, "Proposed Solution"),
    APPROACH(3, "Technical Approach"),
    PLAN(3, "Implementation Plan"),
    TESTING(2, "Testing Strategy"),
    FILES(2, "Related Files"),
    REFERENCES(2, "References"),
    STATUS(2, "Status"),
    NOTES(2, "Implementation Notes");

    private static final int LONGEST = 100;
    private static final Map<String, Section> BY_HEADING = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(
                    section -> section.heading.toLowerCase(Locale.ROOT), section -> section));

    private final int level;
    private final String heading;

    Section(int level, String heading) {
        this.level = level;
        this.heading = heading;
    }

    int level() {
        return level;
    }

    String heading() {
        return heading;
    }

    /** Whether text under the heading goes to a field. */
    boolean hasText() {
        return this == DESCRIPTION || this == ROOT_CAUSE || this == SOLUTION || this == APPROACH;
    }

    /** Whether each item of a list under the heading is read by itself; elsewhere only a list under a label or with one is. */
    boolean isItemised() {
        return switch (this) {
            case PLAN, FILES, REFERENCES, STATUS, NOTES -> true;
            default -> false;
        };
    }

    static Optional<Section> of(String heading) {
        return heading.length() > LONGEST ? Optional.empty() : Optional.ofNullable(BY_HEADING.get(plain(heading)));
    }

    private static String plain(String heading) {
        return String.join(" ", Decoration.heading(heading).split("\\s+")).toLowerCase(Locale.ROOT);
    }

    /** Whether a heading may be meant as this one. */
    boolean isNearly(String text) {
        if (text.length() > LONGEST) {
            return false;
        }
        String plain = plain(text);
        String known = heading.toLowerCase(Locale.ROOT);
        String lastWord = known.substring(known.lastIndexOf(' ') + 1);
        return plain.contains(lastWord) || distance(plain, known) <= 4;
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] before = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(before[j], row[j - 1]) + 1);
            }
            before = row;
        }
        return before[b.length()];
    }

    /** Whether it opens at any level, also inside another section. */
    boolean opensAnywhere() {
        return this == APPROACH || this == PLAN;
    }
}
