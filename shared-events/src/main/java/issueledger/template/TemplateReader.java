package issueledger.template;

import issueledger.events.AffectedUsers;
import issueledger.events.Checks;
import issueledger.events.Description;
import issueledger.events.InvalidValue;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.IssueEvent.RootCauseRecorded;
import issueledger.events.IssueEvent.SolutionProposed;
import issueledger.events.IssueEvent.TestingStrategyDefined;
import issueledger.events.NoteKind;
import issueledger.events.PlannedPhase;
import issueledger.events.Resolution;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.template.Label.Labelled;
import issueledger.template.Reading.Remark;
import issueledger.template.Template.Note;
import issueledger.template.Template.Reference;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.ThematicBreak;
import org.jspecify.annotations.Nullable;

/** Reads one document. Every word of it ends up in a field, or in a PROGRESS note with a warning. */
public final class TemplateReader {
    static final Set<String> INTRODUCTIONS =
            Set.of("List all files that need to be modified:", "Track progress and implementation details:");
    static final String FOOTER_START = "*This template provides a structured approach to documenting";
    static final Map<Status, String> BOXES = boxes();

    private static final Pattern BOX = Pattern.compile(
            "\\[([ xX])\\] +(\\*\\*|__)?(Open|In"
                    + " Progress|Testing|Fixed|Closed)(?![\\p{L}\\p{N}])(\\*\\*|__)?(?:\\s*[-–—:]+)?\\s*(.*)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern FILE =
            Pattern.compile("(?:`([^`]+)`(?!`)|(``+)(.+?)(?<!`)\\2(?!`))(?: +[-–—] +(.*)| *: +(.*))?");
    private static final Pattern BARE_FILE = Pattern.compile("(.+?) +[-–—] +(.*)");
    private static final Pattern DUPLICATE = Pattern.compile("DUPLICATE(?: of)?:? +(\\S+)", Pattern.CASE_INSENSITIVE);

    private final Markdown document;
    private final List<Remark> errors = new ArrayList<>();
    private final List<Remark> warnings = new ArrayList<>();
    private final Map<Label, List<Text>> values = new EnumMap<>(Label.class);
    private final Map<Section, List<Text>> mains = new EnumMap<>(Section.class);
    private final Map<Section, Integer> headings = new EnumMap<>(Section.class);
    private final List<Text> progress = new ArrayList<>();
    private final List<Text> phases = new ArrayList<>();
    private final Map<Integer, String> phaseDescriptions = new HashMap<>();
    private final List<RelatedFileLinked> files = new ArrayList<>();
    private final Map<String, RelatedFileLinked> filesByPath = new HashMap<>();
    private final List<Reference> references = new ArrayList<>();
    private final Set<Status> ticked = EnumSet.noneOf(Status.class);
    private @Nullable Text title;

    /** A piece of the document and the line that it begins on, from 1; {@code exact} where nothing in it may be interpreted. */
    private record Text(String text, int line, boolean exact) {
        Text(String text, int line) {
            this(text, line, false);
        }
    }

    private TemplateReader(String text) {
        this.document = new Markdown(text);
    }

    /** Reads a document's text; a byte order mark, CRLF and CR are fine. */
    public static Reading read(String text) {
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        String lines = plain.replace("\r\n", "\n").replace('\r', '\n');
        int endless = Markdown.endless(lines);
        if (endless > 0) {
            return new Reading(
                    null,
                    List.of(new Remark(
                            endless,
                            "a paragraph of tens of thousands of lines: put a blank line into it, or a fence"
                                    + " around it")),
                    List.of());
        }
        TemplateReader reader = new TemplateReader(lines);
        reader.readSections();
        Template template = reader.template();
        Comparator<Remark> byLine = Comparator.comparingInt(Remark::line);
        return new Reading(
                reader.errors.isEmpty() ? template : null,
                reader.errors.stream().sorted(byLine).toList(),
                reader.warnings.stream().sorted(byLine).toList());
    }

    private static Map<Status, String> boxes() {
        Map<Status, String> boxes = new EnumMap<>(Status.class);
        boxes.put(Status.OPEN, "Issue identified and documented");
        boxes.put(Status.IN_PROGRESS, "Solution being implemented");
        boxes.put(Status.TESTING, "Fix implemented, undergoing testing");
        boxes.put(Status.FIXED, "Issue resolved and deployed");
        boxes.put(Status.CLOSED, "Issue confirmed resolved in production");
        return boxes;
    }

    // ---- sections

    private void readSections() {
        Section section = null;
        int level = 0;
        List<Node> blocks = new ArrayList<>();
        Heading unknown = null;
        for (Node block : document.blocks()) {
            if (!(block instanceof Heading heading)) {
                blocks.add(block);
                continue;
            }
            String text = document.heading(heading);
            if (title == null && heading.getLevel() == 1) {
                endSection(section, unknown, blocks);
                section = null;
                unknown = null;
                level = 1;
                title = new Text(Escaped.unwrap(text), Markdown.first(heading) + 1, Escaped.isWhole(text));
                continue;
            }
            Optional<Section> known = Section.of(text);
            boolean within = known.isEmpty()
                    && heading.getLevel() > level
                    && (unknown != null || (section != null && section.hasText()));
            if (within) {
                blocks.add(heading);
                continue;
            }
            endSection(section, unknown, blocks);
            level = heading.getLevel();
            section = known.orElse(null);
            unknown = known.isPresent() ? null : heading;
            if (section != null) {
                Integer before = headings.putIfAbsent(section, Markdown.first(heading) + 1);
                if (before != null) {
                    error(
                            Markdown.first(heading) + 1,
                            "a second section \"" + section.heading() + "\"; the first is on line " + before);
                }
            }
        }
        endSection(section, unknown, blocks);
    }

    private void endSection(@Nullable Section section, @Nullable Heading unknown, List<Node> blocks) {
        List<Node> body = List.copyOf(blocks);
        blocks.clear();
        if (unknown != null) {
            List<Node> all = new ArrayList<>(List.of(unknown));
            all.addAll(body);
            keep(withoutFooter(all), "the section has no field: it is kept as a PROGRESS note");
        } else if (section == null) {
            keep(withoutFooter(body), "there is no section for it: it is kept as a PROGRESS note");
        } else if (section == Section.IMPACT) {
            readImpact(body);
        } else {
            new SectionReader(section, withoutFooter(body)).read();
        }
    }

    /** The template's rule and footer, wherever they stand. */
    private List<Node> withoutFooter(List<Node> blocks) {
        List<Node> kept = new ArrayList<>(blocks);
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i) instanceof Paragraph paragraph
                    && String.join(" ", document.content(paragraph)).startsWith(FOOTER_START)) {
                kept.remove(i);
                if (i > 0 && kept.get(i - 1) instanceof ThematicBreak) {
                    kept.remove(i - 1);
                }
                return kept;
            }
        }
        return kept;
    }

    /** One note of neighbouring blocks. */
    private void keep(List<Node> blocks, String why) {
        if (!blocks.isEmpty()) {
            int first = Markdown.first(blocks.get(0));
            note(document.raw(first, Markdown.last(blocks.get(blocks.size() - 1))), first + 1, why);
        }
    }

    private void note(String text, int line, String why) {
        if (!Checks.isBlank(text)) {
            warn(line, why);
            progress.add(new Text(text, line));
        }
    }

    /** A section without a severity cannot be an assessment. */
    private void readImpact(List<Node> body) {
        List<Node> blocks = withoutFooter(body);
        SectionReader reader = new SectionReader(Section.IMPACT, blocks);
        int notes = progress.size();
        int warned = warnings.size();
        reader.read();
        Text severity = one(Label.SEVERITY);
        if (severity == null || Values.severity(severity.text()) == null) {
            while (progress.size() > notes) {
                progress.remove(progress.size() - 1);
            }
            List<Remark> placeholders = warnings.subList(warned, warnings.size()).stream()
                    .filter(remark -> remark.detail().startsWith(PLACEHOLDER))
                    .toList();
            while (warnings.size() > warned) {
                warnings.remove(warnings.size() - 1);
            }
            warnings.addAll(placeholders);
            for (Label label : Label.values()) {
                if (label.section() == Section.IMPACT) {
                    values.remove(label);
                }
            }
            keep(blocks, "no severity is chosen: the section is kept as a PROGRESS note");
        }
    }

    private static final String PLACEHOLDER = "a placeholder is left out: ";

    private final class SectionReader {
        private final Section section;
        private final List<Node> blocks;
        private final List<Node> left = new ArrayList<>();
        private final List<Text> main = new ArrayList<>();
        private @Nullable Label open;
        private @Nullable Integer openPhase;

        SectionReader(Section section, List<Node> blocks) {
            this.section = section;
            this.blocks = blocks;
        }

        void read() {
            for (Node block : blocks) {
                read(block);
            }
            endLeft();
            if (!main.isEmpty()) {
                mains.put(section, List.copyOf(main));
            }
        }

        private void read(Node block) {
            String fenced = Markdown.fenced(block);
            if (fenced != null) {
                readFenced(fenced, Markdown.first(block) + 1);
            } else if (block instanceof Paragraph paragraph) {
                readParagraph(paragraph);
            } else if (Markdown.isList(block) && (section == Section.FILES || section == Section.REFERENCES)) {
                endLeft();
                Markdown.children(block).forEach(this::readEntry);
            } else if (Markdown.isList(block)
                    && ((open != null && open.isList()) || isItemised() || hasLabelledItem(block))) {
                readItems(block);
            } else {
                open = null;
                left.add(block);
            }
        }

        private boolean isItemised() {
            return section == Section.NOTES || section == Section.STATUS || section == Section.PLAN;
        }

        private boolean hasLabelledItem(Node list) {
            return Markdown.children(list).stream().anyMatch(item -> labelOf(itemText(item)) != null);
        }

        private void readFenced(String text, int line) {
            endLeft();
            Text exact = new Text(text, line, true);
            if (openPhase != null) {
                phaseDescriptions.put(openPhase, text);
                openPhase = null;
            } else if (open != null) {
                add(open, exact);
                open = open.isList() ? open : null;
            } else if (section.hasText()) {
                main.add(exact);
            } else {
                progress.add(exact);
            }
        }

        /** What stood beside the labels so far: the section's text, or else a note. */
        private void endLeft() {
            if (left.isEmpty()) {
                return;
            }
            int first = Markdown.first(left.get(0));
            String raw = document.raw(first, Markdown.last(left.get(left.size() - 1)));
            left.clear();
            if (section.hasText()) {
                main.add(new Text(raw, first + 1));
            } else {
                note(raw, first + 1, "there is no field for it here: it is kept as a PROGRESS note");
            }
        }

        private @Nullable Label labelOf(String text) {
            Labelled labelled = Labelled.of(text);
            return labelled == null ? null : labelled.in(section);
        }

        private void readParagraph(Paragraph paragraph) {
            List<String> lines = document.content(paragraph);
            int first = Markdown.first(paragraph);
            if (lines.size() == 1
                    && INTRODUCTIONS.contains(lines.get(0).strip())
                    && (section == Section.FILES || section == Section.NOTES)) {
                return;
            }
            int begin = -1;
            boolean labels = false;
            for (int i = 0; i < lines.size(); i++) {
                Labelled labelled = Labelled.of(lines.get(i));
                boolean begins = labelled != null
                        && (labelled.in(section) != null || (section == Section.PLAN && isPhase(labelled)));
                if (begins) {
                    if (i > 0 && !labels) {
                        readLeftLines(lines.subList(0, i), first);
                    } else if (labels) {
                        readLabelled(lines.subList(begin, i), first + begin);
                    }
                    labels = true;
                    begin = i;
                }
            }
            if (labels) {
                readLabelled(lines.subList(begin, lines.size()), first + begin);
            } else {
                open = null;
                left.add(paragraph);
            }
        }

        private void readLeftLines(List<String> lines, int first) {
            endLeft();
            String text = String.join("\n", lines).stripTrailing();
            if (section.hasText()) {
                main.add(new Text(text, first + 1));
            } else {
                note(text, first + 1, "there is no field for it here: it is kept as a PROGRESS note");
            }
        }

        private void readLabelled(List<String> lines, int first) {
            endLeft();
            Labelled labelled = Labelled.of(String.join("\n", lines));
            if (labelled == null) {
                throw new IllegalStateException("begins with a label: " + lines);
            }
            Label label = labelled.in(section);
            if (label == null) {
                readPhase(labelled, labelled.rest(), first + 1, null);
                return;
            }
            open = label;
            value(label, labelled.rest(), first + 1);
        }

        private boolean isPhase(Labelled labelled) {
            return labelled.name().startsWith("phase ") && labelled.isKnown();
        }

        private void readItems(Node list) {
            endLeft();
            for (Node item : Markdown.children(list)) {
                readItem(item);
            }
        }

        private String itemText(Node item) {
            List<Node> children = Markdown.children(item);
            return children.isEmpty() || !(children.get(0) instanceof Paragraph paragraph)
                    ? ""
                    : String.join("\n", document.content(paragraph));
        }

        private void readItem(Node item) {
            List<Node> children = Markdown.children(item);
            if (children.isEmpty()) {
                return;
            }
            int line = Markdown.first(children.get(0)) + 1;
            String text = itemText(item);
            Labelled labelled = Labelled.of(text);
            Label label = labelled == null ? null : labelled.in(section);
            if (labelled != null && label != null) {
                open = null;
                readLabelledItem(label, labelled.rest(), children, item, line);
            } else if (labelled != null && section == Section.PLAN && isPhase(labelled)) {
                String description = children.size() > 1 ? document.dedented(children.get(1), item) : null;
                readPhase(labelled, labelled.rest(), line, description);
            } else if (open != null && open.isList()) {
                add(open, wholeItem(item, children, line));
            } else if (section == Section.STATUS && BOX.matcher(text).matches()) {
                readBox(text, children, item, line);
            } else {
                Text whole = wholeItem(item, children, line);
                if (isPlaceholder(whole)) {
                    return;
                }
                if (whole.exact()) {
                    progress.add(whole);
                } else {
                    note(whole.text(), line, "there is no field for it here: it is kept as a PROGRESS note");
                }
            }
        }

        private Text wholeItem(Node item, List<Node> children, int line) {
            String text = document.dedented(children.get(0), item);
            return new Text(Escaped.unwrap(text), line, Escaped.isWhole(text));
        }

        private void readLabelledItem(Label label, String rest, List<Node> children, Node item, int line) {
            if (!label.isList()) {
                String more = children.size() > 1 ? document.dedented(children.get(1), item) : "";
                boolean joins = label.kind() == Label.Kind.TEXT && !more.isEmpty();
                value(label, joins ? (rest + between(children) + more).strip() : rest, line);
                if (!joins && !more.isEmpty()) {
                    note(
                            more,
                            Markdown.first(children.get(1)) + 1,
                            "there is no field for it here: it is kept as a PROGRESS note");
                }
                return;
            }
            value(label, rest, line);
            for (Node child : children.subList(1, children.size())) {
                if (Markdown.isList(child)) {
                    for (Node nested : Markdown.children(child)) {
                        List<Node> parts = Markdown.children(nested);
                        if (!parts.isEmpty()) {
                            add(label, wholeItem(nested, parts, Markdown.first(parts.get(0)) + 1));
                        }
                    }
                } else {
                    add(label, new Text(document.dedented(child, child), Markdown.first(child) + 1));
                }
            }
        }

        /** The line end, and the blank lines, between an item's first block and the next. */
        private static String between(List<Node> children) {
            return "\n".repeat(Math.max(1, Markdown.first(children.get(1)) - Markdown.last(children.get(0))));
        }

        private void value(Label label, String rest, int line) {
            if (!Checks.isBlank(rest)) {
                boolean users = label == Label.AFFECTED_USERS;
                add(
                        label,
                        users || !Escaped.isWhole(rest)
                                ? new Text(rest, line)
                                : new Text(Escaped.unwrap(rest), line, true));
            }
        }

        private void add(Label label, Text text) {
            if (isPlaceholder(text)) {
                return;
            }
            if (!label.isList() && values.containsKey(label)) {
                note(
                        label.written() + ": " + text.text(),
                        text.line(),
                        "a second \"" + label.written() + "\" is kept as a PROGRESS note");
                return;
            }
            String plain =
                    label.isLine() && !text.exact() ? Values.joined(text.text()).strip() : text.text();
            values.computeIfAbsent(label, l -> new ArrayList<>()).add(new Text(plain, text.line(), text.exact()));
        }

        private void readPhase(Labelled labelled, String rest, int line, @Nullable String description) {
            open = null;
            int number = Integer.parseInt(labelled.name().replaceAll("\\D", ""));
            if (labelled.name().endsWith("description")) {
                openPhase = number;
                if (!rest.isBlank()) {
                    phaseDescriptions.put(number, rest);
                    openPhase = null;
                }
                return;
            }
            if (isPlaceholder(new Text(rest, line))) {
                return;
            }
            if (Checks.isBlank(rest)) {
                note("Phase " + number, line, "a phase without a name is kept as a PROGRESS note");
                return;
            }
            phases.add(new Text(rest, line));
            if (number != phases.size()) {
                warn(
                        line,
                        "phase " + number + " becomes phase " + phases.size() + ": phases are numbered in their order");
            }
            if (description != null) {
                phaseDescriptions.put(phases.size(), description);
            }
        }

        private void readBox(String text, List<Node> children, Node item, int line) {
            Matcher box = BOX.matcher(text);
            if (!box.matches()) {
                throw new IllegalStateException("is a box: " + text);
            }
            Status status = Status.valueOf(box.group(3).toUpperCase(Locale.ROOT).replace(' ', '_'));
            if (!box.group(1).isBlank()) {
                ticked.add(status);
            }
            String remark = box.group(5).strip();
            String more = children.size() > 1 ? "\n" + document.dedented(children.get(1), item) : "";
            if (!(remark + more).isEmpty() && !(remark + more).equals(BOXES.get(status))) {
                note(box.group(3) + ": " + remark + more, line, "a remark at a box is kept as a PROGRESS note");
            }
        }

        private void readEntry(Node item) {
            List<Node> children = Markdown.children(item);
            if (children.isEmpty()) {
                return;
            }
            int line = Markdown.first(children.get(0)) + 1;
            if (!(children.get(0) instanceof Paragraph)) {
                note(
                        document.dedented(children.get(0), item),
                        line,
                        "there is no field for it here: it is kept as a PROGRESS note");
                return;
            }
            String entry = Values.joined(itemText(item)).strip();
            if (isPlaceholder(new Text(entry, line, Escaped.isWhole(entry)))) {
                return;
            }
            if (section == Section.FILES) {
                readFile(entry, line);
            } else {
                readReference(entry, line);
            }
            if (children.size() > 1) {
                note(
                        document.dedented(children.get(1), item),
                        Markdown.first(children.get(1)) + 1,
                        "there is no field for it here: it is kept as a PROGRESS note");
            }
        }
    }

    // ---- values

    private boolean isPlaceholder(Text text) {
        if (text.exact()) {
            return false;
        }
        String value = text.text().strip();
        if (Values.isPlaceholder(value)) {
            warn(text.line(), PLACEHOLDER + value);
            return true;
        }
        return false;
    }

    private void readFile(String entry, int line) {
        Escaped wrapped = Escaped.at(entry);
        Matcher quoted = FILE.matcher(entry);
        Matcher bare = BARE_FILE.matcher(entry);
        String path;
        String purpose;
        if (wrapped != null && (wrapped.rest().isEmpty() || wrapped.rest().startsWith(" - "))) {
            path = wrapped.value();
            purpose = wrapped.rest().isEmpty() ? null : wrapped.rest().substring(3);
        } else if (quoted.matches()) {
            path = quoted.group(1) == null ? quoted.group(3) : quoted.group(1);
            purpose = quoted.group(4) == null ? quoted.group(5) : quoted.group(4);
        } else if (bare.matches()) {
            path = bare.group(1);
            purpose = bare.group(2);
        } else {
            path = entry;
            purpose = null;
        }
        boolean placeholder = purpose != null && isPlaceholder(new Text(purpose, line));
        String meant = purpose == null || placeholder ? null : Escaped.unwrap(purpose);
        checked(line, () -> {
            RelatedFileLinked file = new RelatedFileLinked(path, meant == null || meant.isEmpty() ? null : meant);
            RelatedFileLinked known = filesByPath.putIfAbsent(path, file);
            if (known == null) {
                files.add(file);
            } else if (!known.equals(file)) {
                note(entry, line, "a file that is linked already is kept as a PROGRESS note");
            }
        });
    }

    private void readReference(String entry, int line) {
        checked(line, () -> references.add(Values.reference(entry)));
        String title = Values.linkTitle(entry);
        if (title != null) {
            note(title, line, "a link's title is kept as a PROGRESS note");
        }
    }

    private @Nullable Text one(Label label) {
        List<Text> found = values.get(label);
        return found == null ? null : found.get(0);
    }

    private List<String> all(Label label) {
        List<Text> all = values.getOrDefault(label, List.of());
        if (all.size() > Checks.LIST_LENGTH) {
            error(
                    all.get(Checks.LIST_LENGTH).line(),
                    label.written() + " has " + all.size() + " items; at most " + Checks.LIST_LENGTH);
            return List.of();
        }
        return all.stream()
                .filter(text -> isGood(text, label.isLine()))
                .map(Text::text)
                .toList();
    }

    private boolean isGood(Text text, boolean line) {
        return checked(text.line(), () -> {
            Checks checks = new Checks();
            if (line) {
                checks.line("", text.text());
            } else {
                checks.text("", text.text());
            }
            checks.done();
        });
    }

    private boolean checked(int line, Runnable making) {
        try {
            making.run();
            return true;
        } catch (InvalidValue e) {
            e.offences()
                    .forEach(offence -> error(
                            line,
                            (offence.pointer().isEmpty()
                                            ? "the value "
                                            : offence.pointer().substring(1) + " ")
                                    + offence.detail()));
            return false;
        }
    }

    private @Nullable String text(Label label) {
        Text text = one(label);
        return text != null && isGood(text, label.isLine()) ? text.text() : null;
    }

    /** A section's own text; what was interrupted by labels is put together again. */
    private @Nullable Text main(Section section) {
        List<Text> parts = mains.getOrDefault(section, List.of());
        if (parts.isEmpty()) {
            return null;
        }
        Text whole = new Text(
                String.join("\n\n", parts.stream().map(Text::text).toList()),
                parts.get(0).line(),
                parts.get(0).exact());
        return isPlaceholder(whole) ? null : whole;
    }

    // ---- the whole

    private @Nullable Template template() {
        Text name = title;
        if (name == null || isPlaceholder(name) || Checks.isBlank(name.text())) {
            error(name == null ? 1 : name.line(), "there is no title: a heading of level 1");
        } else {
            isGood(name, true);
        }
        Description description = description();
        RootCauseRecorded cause = rootCause();
        SolutionProposed solution = solution();
        ImpactAssessed impact = impact();
        TestingStrategyDefined strategy = strategy();
        List<PlannedPhase> planned = phases();
        List<Note> notes = new ArrayList<>();
        all(Label.DECISIONS).forEach(text -> notes.add(new Note(NoteKind.DECISION, text)));
        all(Label.CHALLENGES).forEach(text -> notes.add(new Note(NoteKind.CHALLENGE, text)));
        List<MetricRecorded> metrics = metrics();
        LocalDate started = started();
        Resolution resolution = null;
        String duplicateOf = null;
        Text resolved = one(Label.RESOLUTION);
        if (resolved != null) {
            Matcher duplicate = DUPLICATE.matcher(resolved.text());
            if (duplicate.matches() && Checks.isIssueId(duplicate.group(1))) {
                resolution = Resolution.DUPLICATE;
                duplicateOf = duplicate.group(1);
            } else {
                resolution = resolution(resolved);
            }
        }
        String release = text(Label.RELEASE);
        boolean closes = resolution != null && resolution != Resolution.CONFIRMED;
        Status furthest = ticked.stream().max(Comparator.naturalOrder()).orElse(Status.OPEN);
        Text releaseText = one(Label.RELEASE);
        boolean fixed = closes ? ticked.contains(Status.FIXED) : furthest.compareTo(Status.FIXED) >= 0;
        if (releaseText != null && !fixed) {
            note(
                    "Release: " + releaseText.text(),
                    releaseText.line(),
                    "a release of an issue that is not fixed is kept as a PROGRESS note");
            release = null;
        }
        if (resolved != null && resolution == Resolution.CONFIRMED && furthest != Status.CLOSED) {
            note(
                    "Resolution: " + resolved.text(),
                    resolved.line(),
                    "a resolution of an issue that is not closed is kept as a PROGRESS note");
            resolution = null;
        }
        Text date = one(Label.STARTED);
        boolean works = closes
                ? ticked.stream().anyMatch(s -> s != Status.OPEN && s != Status.CLOSED)
                : furthest != Status.OPEN;
        if (date != null && !works) {
            note(
                    "Date started: " + date.text(),
                    date.line(),
                    "a date started of an issue that is open is kept as a PROGRESS note");
            started = null;
        }
        for (Text text : progress) {
            for (String part : Values.parts(text.text())) {
                if (isGood(new Text(part, text.line()), false)) {
                    notes.add(new Note(NoteKind.PROGRESS, part));
                }
            }
        }
        if (name == null || description == null || !errors.isEmpty()) {
            return null;
        }
        return new Template(
                name.text(),
                description,
                cause,
                impact,
                solution,
                planned,
                strategy,
                List.copyOf(files),
                List.copyOf(references),
                Collections.unmodifiableSet(ticked),
                started,
                release,
                resolution,
                duplicateOf,
                notes,
                metrics);
    }

    private @Nullable Description description() {
        Text text = main(Section.DESCRIPTION);
        if (text == null) {
            error(
                    headings.getOrDefault(Section.DESCRIPTION, title == null ? 1 : title.line()),
                    "there is no description: text under the heading Issue Description");
            return null;
        }
        boolean good = isGood(text, false);
        List<String> symptoms = all(Label.SYMPTOMS);
        List<String> features = all(Label.AFFECTED_FEATURES);
        String impact = text(Label.USER_IMPACT);
        List<String> endpoints = all(Label.ENDPOINTS);
        return good ? new Description(text.text(), symptoms, features, impact, endpoints) : null;
    }

    private @Nullable RootCauseRecorded rootCause() {
        Text main = main(Section.ROOT_CAUSE);
        Text labelled = one(Label.TECHNICAL_CAUSE);
        Text cause = main == null || labelled == null
                ? (main == null ? labelled : main)
                : new Text(main.text() + "\n\n" + labelled.text(), main.line());
        if (cause == null) {
            keepLabels(Section.ROOT_CAUSE, "a cause is lacking");
            return null;
        }
        boolean good = isGood(cause, false);
        List<String> factors = all(Label.CONTRIBUTING_FACTORS);
        List<String> conditions = all(Label.TRIGGER_CONDITIONS);
        return good ? new RootCauseRecorded(cause.text(), factors, conditions) : null;
    }

    private @Nullable SolutionProposed solution() {
        Text approach = main(Section.APPROACH);
        if (approach == null) {
            keepLabels(Section.APPROACH, "an approach is lacking");
            return null;
        }
        boolean good = isGood(approach, false);
        List<String> code = all(Label.CODE_CHANGES);
        List<String> architecture = all(Label.ARCHITECTURE_MODIFICATIONS);
        List<String> schema = all(Label.SCHEMA_UPDATES);
        List<String> improvements = all(Label.EXPECTED_IMPROVEMENTS);
        return good ? new SolutionProposed(approach.text(), code, architecture, schema, improvements) : null;
    }

    /** What belongs to a field that the document does not have. */
    private void keepLabels(Section section, String why) {
        for (Label label : Label.values()) {
            List<Text> lost = label.section() == section ? values.remove(label) : null;
            if (lost != null) {
                for (Text text : lost) {
                    note(label.written() + ": " + text.text(), text.line(), why + ": it is kept as a PROGRESS note");
                }
            }
        }
    }

    private @Nullable ImpactAssessed impact() {
        Text text = one(Label.SEVERITY);
        Severity severity = text == null ? null : Values.severity(text.text());
        if (severity == null) {
            return null;
        }
        AffectedUsers users = users();
        return new ImpactAssessed(severity, users, text(Label.BUSINESS_IMPACT), all(Label.WORKAROUNDS));
    }

    private @Nullable AffectedUsers users() {
        Text text = one(Label.AFFECTED_USERS);
        if (text == null) {
            return null;
        }
        AffectedUsers[] users = new AffectedUsers[1];
        checked(text.line(), () -> users[0] = Values.users(text.text()));
        return users[0];
    }

    private @Nullable TestingStrategyDefined strategy() {
        List<String> unit = all(Label.UNIT_TESTS);
        List<String> integration = all(Label.INTEGRATION_TESTS);
        List<String> performance = all(Label.PERFORMANCE_TESTS);
        List<String> regression = all(Label.REGRESSION_TESTS);
        return unit.isEmpty() && integration.isEmpty() && performance.isEmpty() && regression.isEmpty()
                ? null
                : new TestingStrategyDefined(unit, integration, performance, regression);
    }

    private List<PlannedPhase> phases() {
        List<PlannedPhase> planned = new ArrayList<>();
        for (int i = 0; i < phases.size(); i++) {
            Text text = phases.get(i);
            String description = phaseDescriptions.get(i + 1);
            checked(text.line(), () -> planned.add(Values.phase(text.text(), description)));
        }
        if (phases.size() > PhasesPlanned.MOST) {
            error(
                    phases.get(PhasesPlanned.MOST).line(),
                    "there are " + phases.size() + " phases; at most " + PhasesPlanned.MOST);
        }
        return planned;
    }

    private @Nullable LocalDate started() {
        Text text = one(Label.STARTED);
        if (text == null) {
            return null;
        }
        LocalDate date = Values.date(text.text().strip());
        if (date == null) {
            error(text.line(), "the date started is no date like 2026-02-14: " + Values.abridged(text.text()));
        }
        return date;
    }

    private @Nullable Resolution resolution(Text text) {
        try {
            return Resolution.valueOf(
                    text.text().strip().toUpperCase(Locale.ROOT).replaceAll("[ '’-]+", "_"));
        } catch (IllegalArgumentException e) {
            note(
                    "Resolution: " + text.text(),
                    text.line(),
                    "no resolution is called so: it is kept as a PROGRESS note");
            return null;
        }
    }

    private List<MetricRecorded> metrics() {
        Map<String, List<MetricRecorded>> series = new LinkedHashMap<>();
        for (Text text : values.getOrDefault(Label.IMPROVEMENTS, List.of())) {
            MetricLine line = MetricLine.of(text.text());
            var better = line == null ? null : MetricLine.better(line.unit());
            String key = line == null ? "" : line.name() + "\n" + line.statistic() + "\n" + line.environment();
            if (line == null || better == null || series.containsKey(key)) {
                note(text.text(), text.line(), "no metric can be read from it: it is kept as a PROGRESS note");
            } else {
                series.put(key, line.records(better));
            }
        }
        return series.values().stream().flatMap(List::stream).toList();
    }

    private void error(int line, String detail) {
        errors.add(new Remark(line, detail));
    }

    private void warn(int line, String detail) {
        warnings.add(new Remark(line, detail.length() <= 300 ? detail : detail.substring(0, 300) + "…"));
    }
}
