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
import org.jspecify.annotations.Nullable;

/** Reads the boxes: {@code [x] **Open** - Issue identified and documented}. */
final class StatusReader extends SectionReader {
    /** The remark that the template has at each box. */
    static final Map<Status, String> BOXES = Collections.unmodifiableMap(new EnumMap<>(Map.of(
            Status.OPEN, "Issue identified and documented",
            Status.IN_PROGRESS, "Solution being implemented",
            Status.TESTING, "Fix implemented, undergoing testing",
            Status.FIXED, "Issue resolved and deployed",
            Status.CLOSED, "Issue confirmed resolved in production")));

    private static final Pattern BOX = Pattern.compile("\\[([ xX])\\]\\s+(.*)", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile(
            "(Open|In[ -]?Progress|Testing|Fixed|Closed)(?![\\p{L}\\p{N}_])(.*)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern SEPARATOR = Pattern.compile("^\\s*(?:[-–—:：]+\\s*)?");

    private final Set<Status> ticked = EnumSet.noneOf(Status.class);
    private final Map<Status, Integer> lines = new EnumMap<>(Status.class);
    private @Nullable Text closedRemark;

    StatusReader(Markdown document, Remarks remarks) {
        super(Section.STATUS, document, remarks);
    }

    /** @param remark what follows the name, or what the name has beside the status's own */
    private record Box(boolean ticks, Status status, String name, String remark) {}

    private static @Nullable Box box(String text) {
        Matcher box = BOX.matcher(text);
        if (!box.matches()) {
            return null;
        }
        String rest = box.group(2);
        String mark = Decoration.mark(rest);
        int end = mark.isEmpty() ? -1 : rest.indexOf(mark, mark.length());
        String inside = end < 0 ? rest : rest.substring(mark.length(), end);
        Matcher name = NAME.matcher(inside);
        if (!name.matches() || (end < 0 && !mark.isEmpty())) {
            return null;
        }
        String beside = name.group(2);
        String behind = end < 0 ? "" : rest.substring(end + mark.length());
        boolean separated = SEPARATOR.matcher(beside).replaceFirst("").isBlank();
        String whole = separated || end < 0 ? name.group(1) : inside.strip();
        String remark = SEPARATOR
                .matcher(separated ? behind : end < 0 ? beside : behind)
                .replaceFirst("");
        return new Box(
                !box.group(1).isBlank(),
                Status.valueOf(name.group(1).toUpperCase(Locale.ROOT).replaceAll("^IN.?PROGRESS$", "IN_PROGRESS")),
                whole,
                remark.strip());
    }

    @Override
    void readUnlabelled(Item item) {
        Box box = box(item.text());
        if (box == null) {
            super.readUnlabelled(item);
            return;
        }
        if (box.ticks()) {
            ticked.add(box.status());
            lines.putIfAbsent(box.status(), item.line());
        }
        Text more = item.more();
        String remark = box.remark() + (more == null ? "" : "\n" + more.text());
        boolean plain = box.name().equalsIgnoreCase(box.status().name().replace('_', ' '))
                || box.name().matches("(?i)in-?progress");
        String note = plain ? box.name() + ": " + remark : box.name() + (remark.isBlank() ? "" : ": " + remark);
        if (box.status() == Status.CLOSED && box.ticks() && closedRemark == null && plain) {
            closedRemark = new Text(remark.strip(), item.line());
            Resolved resolved = Resolved.of(remark.strip());
            if (resolved != null && resolved.remark().isEmpty()) {
                return;
            }
        }
        if (!plain || !(remark.isBlank() || remark.equals(BOXES.get(box.status())))) {
            remarks.note(note, item.line(), "a remark at a box is kept as a PROGRESS note");
        }
    }

    /** The remark at the ticked box Closed, or null. */
    @Nullable
    Text closedRemark() {
        return closedRemark;
    }

    Set<Status> ticked() {
        return Collections.unmodifiableSet(ticked);
    }

    /** The line of a ticked box; 1 for another. */
    int line(Status status) {
        return lines.getOrDefault(status, 1);
    }
}
