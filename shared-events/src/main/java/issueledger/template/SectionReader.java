package issueledger.template;

import issueledger.events.Checks;
import issueledger.template.Label.Labelled;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.ThematicBreak;
import org.jspecify.annotations.Nullable;

/** Reads the blocks of a section into its text, its labels' values and notes. A section with more rules has a reader of its own. */
class SectionReader {
    static final Set<String> INTRODUCTIONS =
            Set.of("List all files that need to be modified:", "Track progress and implementation details:");

    /** 500 notes, or four lists of 100, and what stands beside them. */
    private static final int MOST_ESCAPES = 600;

    final Markdown document;
    final Remarks remarks;
    private final Section section;
    private final Map<Label, List<Text>> values = new EnumMap<>(Label.class);

    private final List<Run> main = new ArrayList<>();
    private final List<Node> beside = new ArrayList<>();
    private @Nullable Taken open;
    private boolean underHeading;
    private int escapes;

    /** Whether a label that has a value beside it takes the blocks behind it, too. */
    boolean takesBehindValue = true;

    /** Neighbouring blocks of the section's own text; or a text alone, which is no block. */
    private record Run(List<Node> blocks, @Nullable Text text) {}

    /**
     * A label and what belongs to it.
     *
     * @param rest what stands beside it
     * @param end the last line of the rest, from 0
     * @param inItem whether it is an item of a list
     */
    record Taken(Labelled labelled, String rest, int line, int end, boolean inItem, List<Node> blocks) {}

    SectionReader(Section section, Markdown document, Remarks remarks) {
        this.section = section;
        this.document = document;
        this.remarks = remarks;
    }

    void read(List<Node> blocks) {
        underHeading = false;
        blocks.forEach(this::readBlock);
        close();
        endBeside();
    }

    private void readBlock(Node block) {
        if (block instanceof Heading heading) {
            readHeading(heading);
        } else if (block instanceof ThematicBreak) {
            close();
            beside.add(block);
        } else if (block instanceof Paragraph paragraph) {
            readParagraph(paragraph);
        } else if (Markdown.isList(block)) {
            readList(block);
        } else {
            readOther(block);
        }
    }

    private void readHeading(Heading heading) {
        close();
        String text = document.heading(heading);
        Labelled labelled = headingLabel(text);
        if (labelled == null) {
            if (!section.hasText()) {
                endBeside();
            }
            beside.add(heading);
        } else {
            endBeside();
            open(labelled, document.line(heading), Markdown.last(heading));
        }
        underHeading = labelled == null;
    }

    private void readParagraph(Paragraph paragraph) {
        List<String> lines = document.content(paragraph);
        int first = Markdown.first(paragraph);
        if (isIntroduction(lines)) {
            close();
            endBeside();
            return;
        }
        Labelled bold = lines.size() == 1 ? boldLabel(lines.get(0)) : null;
        if (bold != null) {
            close();
            endBeside();
            open(bold, document.number(first), first);
            return;
        }
        int[] labels = IntStream.range(0, lines.size())
                .filter(i -> label(lines.get(i)) != null)
                .toArray();
        if (labels.length == 0) {
            readOther(paragraph);
            return;
        }
        close();
        endBeside();
        if (labels[0] > 0) {
            String before = String.join("\n", lines.subList(0, labels[0]));
            addBeside(new Run(List.of(), new Text(before.stripTrailing(), document.number(first))));
        }
        for (int i = 0; i < labels.length; i++) {
            int end = i + 1 < labels.length ? labels[i + 1] : lines.size();
            Labelled labelled = Objects.requireNonNull(label(String.join("\n", lines.subList(labels[i], end))));
            close();
            open(labelled, document.number(first + labels[i]), first + end - 1);
        }
    }

    private boolean isIntroduction(List<String> lines) {
        return lines.size() == 1
                && INTRODUCTIONS.contains(lines.get(0).strip())
                && (section == Section.FILES || section == Section.NOTES);
    }

    private void readList(Node list) {
        List<Item> items = document.items(list);
        boolean labels = items.stream().anyMatch(item -> label(Decoration.withoutBox(item.text())) != null);
        boolean itemised = section.isItemised() && !(section == Section.NOTES && underHeading);
        if (!labels && (open != null || !itemised)) {
            readOther(list);
        } else {
            close();
            endBeside();
            items.forEach(this::readItem);
        }
    }

    private void readOther(Node block) {
        if (open != null) {
            open.blocks().add(block);
            return;
        }
        String fenced = Markdown.fenced(block);
        if (fenced == null) {
            beside.add(block);
        } else {
            endBeside();
            addBeside(new Run(List.of(), new Text(fenced, document.line(block), true)));
        }
    }

    private void open(Labelled labelled, int line, int end) {
        open = new Taken(labelled, labelled.rest(), line, end, false, new ArrayList<>());
        if (!takesBehindValue && !Checks.isBlank(labelled.rest())) {
            close();
        }
    }

    private void close() {
        Taken taken = open;
        open = null;
        if (taken != null) {
            take(taken);
        }
    }

    private void endBeside() {
        if (!beside.isEmpty()) {
            addBeside(new Run(List.copyOf(beside), null));
            beside.clear();
        }
    }

    /** Text beside the labels is the section's own, or else a note. */
    private void addBeside(Run run) {
        Text text = run.text();
        if (section.hasText()) {
            main.add(run);
        } else if (text == null) {
            List<Node> blocks = new ArrayList<>(run.blocks());
            trim(blocks);
            if (!blocks.isEmpty()) {
                remarks.note(document.raw(blocks));
            }
        } else if (text.exact()) {
            remarks.notes().add(text);
        } else {
            remarks.note(text);
        }
    }

    /** Removes thematic breaks from both ends. */
    static void trim(List<Node> blocks) {
        while (!blocks.isEmpty() && blocks.getFirst() instanceof ThematicBreak) {
            blocks.removeFirst();
        }
        while (!blocks.isEmpty() && blocks.getLast() instanceof ThematicBreak) {
            blocks.removeLast();
        }
    }

    /** The label of this section that a text begins with, or null. */
    @Nullable
    Labelled label(String text) {
        return known(Labelled.of(text));
    }

    @Nullable
    Labelled boldLabel(String line) {
        return known(Labelled.ofBold(line));
    }

    @Nullable
    Labelled headingLabel(String heading) {
        return known(Labelled.ofHeading(heading));
    }

    private @Nullable Labelled known(@Nullable Labelled labelled) {
        return labelled != null && labelled.in(section) != null ? labelled : null;
    }

    private void readItem(Item item) {
        Labelled labelled = label(Decoration.withoutBox(item.text()));
        if (labelled == null) {
            readUnlabelled(item);
        } else {
            take(new Taken(
                    labelled,
                    labelled.rest(),
                    item.line(),
                    Markdown.last(item.children().get(0)),
                    true,
                    item.children().subList(1, item.children().size())));
        }
    }

    void readUnlabelled(Item item) {
        String fenced = item.fenced();
        Text whole = section == Section.NOTES
                ? decoded(Place.PROGRESS, item.written(), item.line())
                : new Text(item.written(), item.line());
        if (fenced != null) {
            remarks.notes().add(new Text(fenced, item.line(), true));
        } else if (whole.exact() && section == Section.NOTES) {
            remarks.notes().add(whole);
        } else if (!remarks.isPlaceholder(whole) && !(section.isItemised() && remarks.isNothing(whole))) {
            remarks.note(whole);
        }
    }

    // ---- what belongs to a label

    void take(Taken taken) {
        Label label = Objects.requireNonNull(taken.labelled().in(section));
        switch (label.kind()) {
            case LINE -> takeLine(label, taken);
            case TEXT -> addOnly(label, whole(label, taken));
            case TEXTS -> takeItems(label, taken);
            case LINES -> takeLines(label, taken);
            case NOTES -> takeNotes(label, taken);
            case METRICS -> takeMetrics(label, taken);
        }
    }

    private void takeLine(Label label, Taken taken) {
        Text whole = whole(label, taken);
        int end = whole.exact() ? -1 : whole.text().indexOf('\n');
        if (end < 0) {
            addOnly(label, whole);
            return;
        }
        addOnly(label, new Text(whole.text().substring(0, end).stripTrailing(), whole.line()));
        noteRest(whole.text().substring(end + 1), whole.line() + 1);
    }

    private void noteRest(String rest, int line) {
        String plain = rest.strip();
        if (!plain.isEmpty()) {
            remarks.note(new Text(plain, line));
        }
    }

    private void takeItems(Label label, Taken taken) {
        addBesideLabel(label, taken);
        for (Node block : taken.blocks()) {
            if (Markdown.isList(block)) {
                document.items(block).forEach(item -> add(label, whole(label, item, taken)));
            } else {
                add(label, written(block, taken));
            }
        }
    }

    private void takeLines(Label label, Taken taken) {
        if (taken.rest().indexOf('\n') < 0) {
            addBesideLabel(label, taken);
        } else {
            addLines(label, taken.rest(), new Text(taken.rest(), taken.line()));
        }
        for (Node block : taken.blocks()) {
            if (Markdown.isList(block)) {
                document.items(block).forEach(item -> add(label, whole(label, item, taken)));
            } else {
                Text written = written(block, taken);
                String code = Markdown.code(block);
                if (written.exact()) {
                    add(label, written);
                } else {
                    addLines(label, code == null ? written.text() : code, written);
                }
            }
        }
    }

    /** Each line that is not blank as a value; where one is no line, the whole block as a note. */
    private void addLines(Label label, String lines, Text block) {
        List<String> all =
                lines.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (all.stream().allMatch(Checks::isLine)) {
            all.forEach(line -> add(label, new Text(line, block.line())));
        } else {
            remarks.note(
                    label.written() + ":\n\n" + block.text(),
                    block.line(),
                    "a line of it is too long for " + label.written() + ": the block is kept as a PROGRESS note");
        }
    }

    private void takeNotes(Label label, Taken taken) {
        boolean itemised =
                taken.blocks().stream().allMatch(block -> Markdown.isList(block) || Markdown.fenced(block) != null);
        if (taken.blocks().isEmpty() || (itemised && Checks.isBlank(taken.rest()))) {
            takeItems(label, taken);
        } else {
            add(label, whole(label, taken));
        }
    }

    private void takeMetrics(Label label, Taken taken) {
        if (!Checks.isBlank(taken.rest())) {
            add(label, new Text(taken.rest(), taken.line()));
        }
        for (Node block : taken.blocks()) {
            if (Markdown.isList(block)) {
                document.items(block).forEach(item -> takeMetric(label, item));
            } else {
                Text written = written(block, taken);
                // A value of several lines is no line of a metric: written as it is, it stays a note.
                add(label, block instanceof Paragraph ? written : new Text(written.text(), written.line(), true));
            }
        }
    }

    private void takeMetric(Label label, Item item) {
        Text first = new Text(item.text(), item.line());
        Text more = item.more();
        if (more == null || MetricLine.all(first.text()).isEmpty()) {
            add(label, new Text(item.written(), item.line()));
        } else {
            add(label, first);
            remarks.note(more);
        }
    }

    /** What stands beside the label, as a value. */
    private void addBesideLabel(Label label, Taken taken) {
        if (!Checks.isBlank(taken.rest())) {
            add(label, beside(label, taken));
        }
    }

    /** Takes an escape back; not of more values than an issue may have, which are refused anyway. */
    private Text decoded(Place place, String written, int line) {
        boolean escaped = written.startsWith("\\") && escapes++ < MOST_ESCAPES;
        return escaped ? place.decoded(written, line) : new Text(written, line);
    }

    private Text beside(Label label, Taken taken) {
        boolean free = label.kind() != Label.Kind.LINE || label == Label.RELEASE;
        return free ? decoded(Place.beside(label), taken.rest(), taken.line()) : new Text(taken.rest(), taken.line());
    }

    private Text whole(Label label, Item item, Taken taken) {
        String fenced = item.fenced();
        Place place = taken.inItem() ? Place.nested(label) : Place.item(label);
        return fenced == null ? decoded(place, item.written(), item.line()) : new Text(fenced, item.line(), true);
    }

    /** All of it in one text. */
    private Text whole(Label label, Taken taken) {
        List<Node> blocks = taken.blocks();
        boolean blank = Checks.isBlank(taken.rest());
        if (blocks.isEmpty()) {
            return beside(label, taken);
        }
        if (blocks.stream().allMatch(block -> Markdown.fenced(block) == null)) {
            Text written = written(blocks.get(0), blocks.get(blocks.size() - 1), taken);
            int gap = Math.max(1, Markdown.first(blocks.get(0)) - taken.end());
            return blank ? written : new Text(taken.rest() + "\n".repeat(gap) + written.text(), taken.line());
        }
        List<Text> pieces = new ArrayList<>();
        if (!blank) {
            pieces.add(new Text(taken.rest(), taken.line()));
        }
        blocks.forEach(block -> pieces.add(written(block, taken)));
        return joined(pieces);
    }

    private Text written(Node block, Taken taken) {
        String fenced = Markdown.fenced(block);
        return fenced == null ? written(block, block, taken) : new Text(fenced, document.line(block), true);
    }

    Text written(Node from, Node to, Taken taken) {
        return taken.inItem()
                ? new Text(document.dedented(from, to), document.line(from))
                : document.raw(List.of(from, to));
    }

    private void addOnly(Label label, Text text) {
        if (Checks.isBlank(text.text()) || isLeftOut(label, text)) {
            return;
        }
        if (values.containsKey(label)) {
            remarks.note(
                    label.written() + ": " + text.text(),
                    text.line(),
                    "a second \"" + label.written() + "\" is kept as a PROGRESS note");
        } else {
            values.put(label, new ArrayList<>(List.of(text)));
        }
    }

    private void add(Label label, Text text) {
        if (!isLeftOut(label, text)) {
            boolean one = label.kind() == Label.Kind.LINES && !text.exact();
            values.computeIfAbsent(label, l -> new ArrayList<>())
                    .add(one ? new Text(Values.joined(text.text()).strip(), text.line()) : text);
        }
    }

    boolean isLeftOut(Label label, Text text) {
        return remarks.isPlaceholder(text) || ((label.isList() || label == Label.STARTED) && remarks.isNothing(text));
    }

    // ---- results

    boolean hasMain() {
        return !main.isEmpty();
    }

    /** The section's own text; its pieces between labels are joined. */
    @Nullable
    Text main() {
        List<Run> runs = new ArrayList<>(main);
        trimEnds(runs);
        if (runs.isEmpty()) {
            return null;
        }
        List<Text> pieces = new ArrayList<>();
        for (Run run : runs) {
            Text text = run.text();
            pieces.add(text == null ? document.raw(run.blocks()) : text);
        }
        Text text = joined(pieces);
        return remarks.isPlaceholder(text) ? null : text;
    }

    private static void trimEnds(List<Run> runs) {
        while (!runs.isEmpty() && runs.getFirst().text() == null) {
            List<Node> blocks = new ArrayList<>(runs.removeFirst().blocks());
            while (!blocks.isEmpty() && blocks.getFirst() instanceof ThematicBreak) {
                blocks.removeFirst();
            }
            if (!blocks.isEmpty()) {
                runs.addFirst(new Run(blocks, null));
                break;
            }
        }
        while (!runs.isEmpty() && runs.getLast().text() == null) {
            List<Node> blocks = new ArrayList<>(runs.removeLast().blocks());
            while (!blocks.isEmpty() && blocks.getLast() instanceof ThematicBreak) {
                blocks.removeLast();
            }
            if (!blocks.isEmpty()) {
                runs.addLast(new Run(blocks, null));
                break;
            }
        }
    }

    private static Text joined(List<Text> pieces) {
        Text first = pieces.get(0);
        return pieces.size() == 1
                ? first
                : new Text(String.join("\n\n", pieces.stream().map(Text::text).toList()), first.line(), first.exact());
    }

    List<Text> values(Label label) {
        return values.getOrDefault(label, List.of());
    }

    @Nullable
    Text one(Label label) {
        List<Text> found = values(label);
        return found.isEmpty() ? null : found.get(0);
    }

    @Nullable
    String text(Label label) {
        Text text = one(label);
        return text != null && remarks.isGood(text, label.isLine()) ? text.text() : null;
    }

    List<String> all(Label label) {
        List<Text> all = values(label);
        if (all.size() > Checks.LIST_LENGTH && !label.isNotes()) {
            remarks.error(
                    all.get(Checks.LIST_LENGTH).line(),
                    label.written() + " has " + all.size() + " items; at most " + Checks.LIST_LENGTH);
            return List.of();
        }
        return all.stream()
                .filter(text -> remarks.isGood(text, label.isLine()))
                .map(Text::text)
                .toList();
    }

    /** Whether a label has a value. */
    boolean hasValues() {
        return values.values().stream().anyMatch(texts -> !texts.isEmpty());
    }

    void forgetValues() {
        values.clear();
    }

    /** Keeps the values as notes where the field that they belong to is not in the document. */
    void noteValues(String why) {
        values.forEach((label, texts) -> texts.forEach(text -> remarks.note(
                label.written() + ": " + text.text(), text.line(), why + ": it is kept as a PROGRESS note")));
        values.clear();
    }
}
