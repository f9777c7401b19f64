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
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.jspecify.annotations.Nullable;

/** Reads the blocks of a section into its text, its labels' values and notes. A section with more rules has a reader of its own. */
class SectionReader {
    static final Set<String> INTRODUCTIONS =
            Set.of("List all files that need to be modified:", "Track progress and implementation details:");

    final Markdown document;
    final Remarks remarks;
    private final Section section;
    private final Map<Label, List<Text>> values = new EnumMap<>(Label.class);

    private final List<Node> beside = new ArrayList<>();
    private List<Text> texts = new ArrayList<>();
    private List<Text> main = List.of();
    private @Nullable Label open;

    SectionReader(Section section, Markdown document, Remarks remarks) {
        this.section = section;
        this.document = document;
        this.remarks = remarks;
    }

    void read(List<Node> blocks) {
        open = null;
        texts = new ArrayList<>();
        blocks.forEach(this::readBlock);
        endBeside();
        if (!texts.isEmpty()) {
            main = texts;
        }
    }

    private void readBlock(Node block) {
        String fenced = Markdown.fenced(block);
        if (fenced != null) {
            endBeside();
            readFenced(new Text(fenced, Markdown.first(block) + 1, true));
        } else if (block instanceof Paragraph paragraph) {
            readParagraph(paragraph);
        } else if (Markdown.isList(block) && takesItems(block)) {
            endBeside();
            document.items(block).forEach(this::readItem);
        } else {
            open = null;
            beside.add(block);
        }
    }

    private boolean takesItems(Node list) {
        return (open != null && open.isList())
                || section.isItemised()
                || document.items(list).stream().anyMatch(item -> labelled(item.text()) != null);
    }

    void readFenced(Text exact) {
        Label label = open;
        if (label != null) {
            add(label, exact);
            open = label.isList() ? label : null;
        } else if (section.hasText()) {
            texts.add(exact);
        } else {
            remarks.notes().add(exact);
        }
    }

    private void endBeside() {
        if (!beside.isEmpty()) {
            readBeside(document.raw(beside));
            beside.clear();
        }
    }

    /** Text beside the labels is the section's own, or else a note. */
    private void readBeside(Text text) {
        if (section.hasText()) {
            texts.add(text);
        } else {
            remarks.note(text);
        }
    }

    private void readParagraph(Paragraph paragraph) {
        List<String> lines = document.content(paragraph);
        int line = Markdown.first(paragraph) + 1;
        if (lines.size() == 1
                && INTRODUCTIONS.contains(lines.get(0).strip())
                && (section == Section.FILES || section == Section.NOTES)) {
            return;
        }
        int[] labels = IntStream.range(0, lines.size())
                .filter(i -> labelled(lines.get(i)) != null)
                .toArray();
        if (labels.length == 0) {
            open = null;
            beside.add(paragraph);
            return;
        }
        endBeside();
        if (labels[0] > 0) {
            String before = String.join("\n", lines.subList(0, labels[0]));
            readBeside(new Text(before.stripTrailing(), line));
        }
        for (int i = 0; i < labels.length; i++) {
            int end = i + 1 < labels.length ? labels[i + 1] : lines.size();
            String text = String.join("\n", lines.subList(labels[i], end));
            readLabelled(Objects.requireNonNull(labelled(text)), line + labels[i], null);
        }
    }

    /** The label of this section that a text begins with, or null. */
    private @Nullable Labelled labelled(String text) {
        Labelled labelled = Labelled.of(text);
        return labelled != null && takes(labelled) ? labelled : null;
    }

    boolean takes(Labelled labelled) {
        return labelled.in(section) != null;
    }

    /** @param item null for a paragraph */
    void readLabelled(Labelled labelled, int line, @Nullable Item item) {
        Label label = Objects.requireNonNull(labelled.in(section));
        if (item == null) {
            open = label;
            value(label, labelled.rest(), line);
        } else {
            open = null;
            readLabelledItem(label, labelled.rest(), item);
        }
    }

    void readItem(Item item) {
        Labelled labelled = labelled(item.text());
        if (labelled != null) {
            readLabelled(labelled, item.line(), item);
        } else if (open != null && open.isList()) {
            add(open, item.whole());
        } else {
            Text whole = item.whole();
            if (whole.exact()) {
                remarks.notes().add(whole);
            } else if (!remarks.isPlaceholder(whole)) {
                remarks.note(whole);
            }
        }
    }

    private void readLabelledItem(Label label, String rest, Item item) {
        if (label.isList()) {
            value(label, rest, item.line());
            for (Node child : item.children().subList(1, item.children().size())) {
                if (Markdown.isList(child)) {
                    document.items(child).forEach(nested -> add(label, nested.whole()));
                } else {
                    add(label, new Text(document.dedented(child, child), Markdown.first(child) + 1));
                }
            }
            return;
        }
        Text more = item.more();
        if (more != null && label.kind() == Label.Kind.TEXT) {
            int between = more.line() - 1 - Markdown.last(item.children().get(0));
            value(label, (rest + "\n".repeat(Math.max(1, between)) + more.text()).strip(), item.line());
        } else {
            value(label, rest, item.line());
            if (more != null) {
                remarks.note(more);
            }
        }
    }

    private void value(Label label, String rest, int line) {
        if (!Checks.isBlank(rest)) {
            add(label, label == Label.AFFECTED_USERS ? new Text(rest, line) : Text.of(rest, line));
        }
    }

    private void add(Label label, Text text) {
        if (remarks.isPlaceholder(text)) {
            return;
        }
        if (!label.isList() && values.containsKey(label)) {
            remarks.note(
                    label.written() + ": " + text.text(),
                    text.line(),
                    "a second \"" + label.written() + "\" is kept as a PROGRESS note");
            return;
        }
        String plain =
                label.isLine() && !text.exact() ? Values.joined(text.text()).strip() : text.text();
        values.computeIfAbsent(label, l -> new ArrayList<>()).add(new Text(plain, text.line(), text.exact()));
    }

    /** The section's own text; its pieces between labels are joined. */
    @Nullable
    Text main() {
        if (main.isEmpty()) {
            return null;
        }
        Text first = main.get(0);
        String whole = String.join("\n\n", main.stream().map(Text::text).toList());
        Text text = new Text(whole, first.line(), first.exact());
        return remarks.isPlaceholder(text) ? null : text;
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
        if (all.size() > Checks.LIST_LENGTH) {
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
