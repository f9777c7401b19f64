package issueledger.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.Block;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SourceSpan;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/** A text as Markdown's blocks, each with the lines that it was written on. Inline Markdown is nobody's business here: it is kept as written. */
final class Markdown {
    /** Info string of the fences that the writer adds. */
    static final String FENCE = "issue-ledger";

    private static final int DEPTH = 100;
    private static final long MAX_COST = 500_000_000;
    private static final Pattern ATX = Pattern.compile(" {0,3}#{1,6}(?:[ \\t]+(.*?))??(?:[ \\t]+#+)?[ \\t]*");

    private static final Parser PARSER = Parser.builder()
            .includeSourceSpans(IncludeSourceSpans.BLOCKS)
            .maxOpenBlockParsers(DEPTH)
            .inlineParserFactory(context -> (lines, node) -> {})
            .build();

    private final List<String> lines;
    private final List<Node> blocks;

    Markdown(String text) {
        lines = List.of(text.split("\n", -1));
        blocks = children(PARSER.parse(text));
    }

    static List<Node> children(Node node) {
        List<Node> children = new ArrayList<>();
        for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
            // A block without lines holds nothing: the empty item of a list.
            if (child instanceof Block && !child.getSourceSpans().isEmpty()) {
                children.add(child);
            }
        }
        return children;
    }

    /** The blocks at the top, in order. */
    List<Node> blocks() {
        return blocks;
    }

    /** The first line of a block, from 0. */
    static int first(Node block) {
        return block.getSourceSpans().get(0).getLineIndex();
    }

    /** The last line of a block, from 0. */
    static int last(Node block) {
        List<SourceSpan> spans = block.getSourceSpans();
        return spans.get(spans.size() - 1).getLineIndex();
    }

    /** Neighbouring blocks as they were written. */
    Text raw(List<Node> blocks) {
        int first = first(blocks.get(0));
        int last = last(blocks.get(blocks.size() - 1));
        return new Text(String.join("\n", lines.subList(first, last + 1)).stripTrailing(), first + 1);
    }

    /** The lines of a paragraph or heading, without what the blocks around it begin them with. */
    List<String> content(Node block) {
        return block.getSourceSpans().stream()
                .map(span -> lines.get(span.getLineIndex())
                        .substring(span.getColumnIndex(), span.getColumnIndex() + span.getLength()))
                .toList();
    }

    /** The text of a heading. */
    String heading(Heading heading) {
        List<String> content = content(heading);
        if (content.size() > 1) {
            // The last line underlines it.
            return String.join(" ", content.subList(0, content.size() - 1)).strip();
        }
        Matcher atx = ATX.matcher(content.get(0));
        String text = atx.matches() ? atx.group(1) : content.get(0);
        return text == null ? "" : text.strip();
    }

    /** A list item's lines from the given block on, unindented. */
    String dedented(Node from, Node item) {
        int indent = from.getSourceSpans().get(0).getColumnIndex();
        List<String> dedented = new ArrayList<>();
        for (int i = first(from); i <= last(item); i++) {
            String line = lines.get(i);
            int cut = 0;
            while (cut < indent && cut < line.length() && (i == first(from) || line.charAt(cut) == ' ')) {
                cut++;
            }
            dedented.add(line.substring(cut));
        }
        return String.join("\n", dedented).stripTrailing();
    }

    /** The text that writing has fenced, or null. */
    static @Nullable String fenced(Node block) {
        if (!(block instanceof FencedCodeBlock fence) || !FENCE.equals(fence.getInfo())) {
            return null;
        }
        String literal = fence.getLiteral();
        return literal.endsWith("\n") ? literal.substring(0, literal.length() - 1) : literal;
    }

    /** Whether a line by itself is a paragraph and nothing else. */
    static boolean isParagraph(String line) {
        List<Node> blocks = children(PARSER.parse(line));
        return blocks.size() == 1 && blocks.get(0) instanceof Paragraph;
    }

    static boolean isList(Node block) {
        return block instanceof ListBlock;
    }

    /** The items of a list that are not empty. */
    List<Item> items(Node list) {
        return children(list).stream()
                .map(node -> new Item(this, node, children(node)))
                .filter(item -> !item.children().isEmpty())
                .toList();
    }

    /**
     * The line on which lines without a blank one begin that the parser would take too long for: it looks at all of a paragraph's lines
     * at each that begins with no letter. 0 where there are none.
     */
    static int endless(String text) {
        boolean fenced = false;
        long cost = 0;
        long run = 0;
        int number = 0;
        int first = 1;
        for (Iterator<String> lines = text.lines().iterator(); lines.hasNext(); ) {
            String line = lines.next().strip();
            number++;
            boolean fence = line.startsWith("```") || line.startsWith("~~~");
            fenced ^= fence;
            if (line.isEmpty() || fence || fenced || isMarked(line)) {
                run = 0;
                first = number + 1;
            } else {
                cost += Character.isLetter(line.charAt(0)) ? 0 : run;
                run++;
                if (cost > MAX_COST) {
                    return first;
                }
            }
        }
        return 0;
    }

    /** An item of a list, a heading or a quotation: a paragraph ends before it. */
    private static boolean isMarked(String line) {
        return line.startsWith("- ") || line.startsWith("* ") || line.startsWith("+ ") || line.startsWith("#");
    }
}
