package issueledger.template;

import issueledger.events.Status;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the boxes: {@code [x] **Open** - Issue identified and documented}. */
final class StatusReader extends SectionReader {
    /** The remark that the template has at each box. */
    static final Map<Status, String> BOXES = Collections.unmodifiableMap(new EnumMap<>(Map.of(
            Status.OPEN, "Issue identified and documented",
            Status.IN_PROGRESS, "Solution being implemented",
            Status.TESTING, "Fix implemented, undergoing testing",
            Status.FIXED, "Issue resolved and deployed",
            Status.CLOSED, "Issue confirmed resolved in production")));

    private static final Pattern BOX = Pattern.compile(
            "\\[([ xX])\\] +(\\*\\*|__)?(Open|In"
                    + " Progress|Testing|Fixed|Closed)(?![\\p{L}\\p{N}])(\\*\\*|__)?(?:\\s*[-–—:]+)?\\s*(.*)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final Set<Status> ticked = EnumSet.noneOf(Status.class);

    StatusReader(Markdown document, Remarks remarks) {
        super(Section.STATUS, document, remarks);
    }

    @Override
    void readItem(Item item) {
        Matcher box = BOX.matcher(item.text());
        if (!box.matches()) {
            super.readItem(item);
            return;
        }
        Status status = Status.valueOf(box.group(3).toUpperCase(Locale.ROOT).replace(' ', '_'));
        if (!box.group(1).isBlank()) {
            ticked.add(status);
        }
        Text more = item.more();
        String remark = box.group(5).strip() + (more == null ? "" : "\n" + more.text());
        if (!remark.isEmpty() && !remark.equals(BOXES.get(status))) {
            remarks.note(box.group(3) + ": " + remark, item.line(), "a remark at a box is kept as a PROGRESS note");
        }
    }

    Set<Status> ticked() {
        return Collections.unmodifiableSet(ticked);
    }
}
