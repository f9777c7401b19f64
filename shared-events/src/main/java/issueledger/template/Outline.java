package issueledger.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.ThematicBreak;
import org.jspecify.annotations.Nullable;

/** A document's headings: its title, its sections and the blocks beside them. */
final class Outline {
    static final String FOOTER_START = "*This template provides a structured approach to documenting";

    private final List<Part> parts = new ArrayList<>();
    private final Map<Section, Integer> headings = new EnumMap<>(Section.class);

    /** Sections that are open, the innermost first. */
    private final Deque<Open> open = new ArrayDeque<>();

    private final List<Text> unknown = new ArrayList<>();
    private @Nullable Text title;

    private record Open(Section section, int level) {}

    /**
     * Neighbouring blocks.
     *
     * @param section null for an unknown section, whose heading is the first block, and for blocks under no section
     */
    record Part(@Nullable Section section, List<Node> blocks) {
        boolean isUnknownSection() {
            return section == null && !blocks.isEmpty() && blocks.get(0) instanceof Heading;
        }
    }

    Outline(Markdown document, Remarks remarks) {
        Part part = begin(null);
        int unknownLevel = 0;
        for (Node block : document.blocks()) {
            if (!(block instanceof Heading heading)) {
                part.blocks().add(block);
                continue;
            }
            String text = document.heading(heading);
            int level = heading.getLevel();
            int line = document.line(heading);
            Section known = Section.of(text).orElse(null);
            if (title == null && level == 1) {
                title = Place.TITLE.decoded(text, line);
                open.clear();
                part = begin(null);
                unknownLevel = 0;
            } else if (known != null && opens(known, level)) {
                close(level);
                open.push(new Open(known, level));
                part = begin(known);
                countHeading(known, line, remarks);
            } else {
                unknown.add(new Text(text, line));
                boolean closed = close(level);
                if (closed && !open.isEmpty()) {
                    part = begin(open.element().section());
                } else if (open.isEmpty() && (closed || unknownLevel == 0 || level <= unknownLevel)) {
                    part = begin(null);
                    unknownLevel = level;
                }
                part.blocks().add(heading);
            }
        }
        parts.forEach(each -> removeFooter(each.blocks(), document));
    }

    private boolean opens(Section section, int level) {
        return open.isEmpty()
                || section.opensAnywhere()
                || level <= open.element().level();
    }

    /** Whether a heading of that level ends a section. */
    private boolean close(int level) {
        boolean closed = false;
        while (!open.isEmpty() && level <= open.element().level()) {
            open.pop();
            closed = true;
        }
        return closed;
    }

    private void countHeading(Section section, int line, Remarks remarks) {
        Integer before = headings.putIfAbsent(section, line);
        if (before != null) {
            remarks.error(line, "a second section \"" + section.heading() + "\"; the first is on line " + before);
        }
    }

    private Part begin(@Nullable Section section) {
        Part part = new Part(section, new ArrayList<>());
        parts.add(part);
        return part;
    }

    /** The template's footer and the rule above it, wherever they stand. */
    private static void removeFooter(List<Node> blocks, Markdown document) {
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i) instanceof Paragraph paragraph
                    && String.join(" ", document.content(paragraph)).startsWith(FOOTER_START)) {
                blocks.remove(i);
                if (i > 0 && blocks.get(i - 1) instanceof ThematicBreak) {
                    blocks.remove(i - 1);
                }
                return;
            }
        }
    }

    List<Part> parts() {
        return parts;
    }

    @Nullable
    Text title() {
        return title;
    }

    /** The line of a section's heading; of the title where there is none. */
    int line(Section section) {
        return headings.getOrDefault(section, title == null ? 1 : title.line());
    }

    /** The first heading that may be meant as that of a section, or null. */
    @Nullable
    Text nearly(Section section) {
        return unknown.stream()
                .filter(heading -> section.isNearly(heading.text()))
                .findFirst()
                .orElse(null);
    }
}
