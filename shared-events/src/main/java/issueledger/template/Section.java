package issueledger.template;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
        return this == DESCRIPTION || this == ROOT_CAUSE || this == APPROACH;
    }

    /** Whether each item of a list under the heading is read by itself; elsewhere only a list under a label or with one is. */
    boolean isItemised() {
        return switch (this) {
            case PLAN, FILES, REFERENCES, STATUS, NOTES -> true;
            default -> false;
        };
    }

    static Optional<Section> of(String heading) {
        return heading.length() > LONGEST
                ? Optional.empty()
                : Optional.ofNullable(BY_HEADING.get(
                        String.join(" ", heading.strip().split("\\s+")).toLowerCase(Locale.ROOT)));
    }
}
