package issueledger.template;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private @Nullable Text title;

    /**
     * Neighbouring blocks.
     *
     * @param section null for an unknown section, whose heading is the first block, and for blocks under no section
     */
    record Part(@Nullable Section section, List<Node> blocks) {
        boolean isUnknownSection() {
            return section == null && !blocks.isEmpty() && blocks.get(0) instanceof Heading;
        }

        /** Whether deeper headings are text of it. */
        private boolean takesHeadings() {
            return section == null ? isUnknownSection() : section.hasText();
        }
    }

    Outline(Markdown document, Remarks remarks) {
        Part part = begin(null);
        int level = 0;
        for (Node block : document.blocks()) {
            if (block instanceof Heading heading) {
                String text = document.heading(heading);
                int line = Markdown.first(heading) + 1;
                Optional<Section> known = Section.of(text);
                if (title == null && heading.getLevel() == 1) {
                    title = Text.of(text, line);
                    level = 1;
                    part = begin(null);
                    continue;
                }
                if (known.isPresent() || heading.getLevel() <= level || !part.takesHeadings()) {
                    level = heading.getLevel();
                    part = begin(known.orElse(null));
                }
                if (known.isPresent()) {
                    Integer before = headings.putIfAbsent(known.get(), line);
                    if (before != null) {
                        remarks.error(
                                line,
                                "a second section \"" + known.get().heading() + "\"; the first is on line " + before);
                    }
                    continue;
                }
            }
            part.blocks().add(block);
        }
        parts.forEach(each -> removeFooter(each.blocks(), document));
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
}
