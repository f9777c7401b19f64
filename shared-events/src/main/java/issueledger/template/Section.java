package issueledger.template;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

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

    static Optional<Section> of(String heading) {
        String wanted = heading.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(section -> section.heading.toLowerCase(Locale.ROOT).equals(wanted))
                .findFirst();
    }
}
