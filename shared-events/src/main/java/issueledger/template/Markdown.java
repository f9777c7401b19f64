package issueledger.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.commonmark.node.Block;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
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
    private final List<Integer> numbers;
    private final List<Node> blocks;
    private final List<Text> comments = new ArrayList<>();
    private final Map<String, LinkReferenceDefinition> definitions = new HashMap<>();
    private final @Nullable Text frontMatter;

    /** Comments and front matter are left out of the blocks; the lines of the others keep their numbers. */
    Markdown(String text) {
        List<String> all = new ArrayList<>(List.of(text.split("\n", -1)));
        List<Integer> numbered =
                new ArrayList<>(IntStream.rangeClosed(1, all.size()).boxed().toList());
        int end = endOfFrontMatter(all);
        frontMatter = end == 0 ? null : new Text(String.join("\n", all.subList(1, end)), 2);
        if (end > 0) {
            all.subList(0, end + 1).clear();
            numbered.subList(0, end + 1).clear();
        }
        Node parsed = PARSER.parse(String.join("\n", all));
        List<Node> found = new ArrayList<>();
        findComments(parsed, found);
        for (Node comment : found.reversed()) {
            remove(comment, all, numbered);
        }
        Node document = found.isEmpty() ? parsed : PARSER.parse(String.join("\n", all));
        lines = List.copyOf(all);
        numbers = List.copyOf(numbered);
        blocks = children(document);
        findDefinitions(document);
    }

    /** The line that ends the front matter, from 0; 0 where there is none. */
    private static int endOfFrontMatter(List<String> lines) {
        if (!lines.get(0).matches("---[ \\t]*")
                || lines.size() < 3
                || !lines.get(1).matches("[\\p{L}_][\\p{L}\\p{N}_-]*[ \\t]*:.*")) {
            return 0;
        }
        return IntStream.range(2, lines.size())
                .filter(i -> lines.get(i).matches("(---|\\.\\.\\.)[ \\t]*"))
                .findFirst()
                .orElse(0);
    }

    private static void findComments(Node parent, List<Node> found) {
        for (Node block : children(parent)) {
            if (block instanceof HtmlBlock html) {
                // One that begins an item with more in it stays: without it, the item would be another one.
                boolean replaceable =
                        !(parent instanceof ListItem) || block.getPrevious() != null || block.getNext() == null;
                if (replaceable && isComment(html.getLiteral())) {
                    found.add(block);
                }
            } else if (block instanceof ListBlock || block instanceof ListItem) {
                findComments(block, found);
            }
        }
    }

    private static boolean isComment(String html) {
        String rest = html.strip();
        while (rest.startsWith("<!--")) {
            int end = rest.indexOf("-->", 4);
            if (end < 0) {
                return false;
            }
            rest = rest.substring(end + 3).stripLeading();
        }
        return rest.isEmpty() && !html.isBlank();
    }

    /** Its lines become one blank line, or none beside one. */
    private void remove(Node comment, List<String> all, List<Integer> numbered) {
        int first = first(comment);
        int last = last(comment);
        comments.add(0, new Text(((HtmlBlock) comment).getLiteral().strip(), numbered.get(first)));
        boolean beside = first == 0
                || all.get(first - 1).isBlank()
                || last + 1 >= all.size()
                || all.get(last + 1).isBlank();
        boolean between = beside
                && first > 0
                && all.get(first - 1).isBlank()
                && last + 1 < all.size()
                && all.get(last + 1).isBlank();
        int from = beside ? first : first + 1;
        int to = between ? last + 2 : last + 1;
        if (!beside) {
            all.set(first, "");
        }
        all.subList(from, to).clear();
        numbered.subList(from, to).clear();
    }

    private void findDefinitions(Node parent) {
        for (Node block : children(parent)) {
            if (block instanceof LinkReferenceDefinition definition) {
                definitions.putIfAbsent(normalized(definition.getLabel()), definition);
            } else {
                findDefinitions(block);
            }
        }
    }

    private static String normalized(String label) {
        return label.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }

    /** The comments that are blocks of their own. */
    List<Text> comments() {
        return comments;
    }

    /** The text between the fences at the beginning, or null. */
    @Nullable
    Text frontMatter() {
        return frontMatter;
    }

    boolean hasDefinitions() {
        return !definitions.isEmpty();
    }

    /** What a link reference with that label is defined as, or null. */
    @Nullable
    LinkReferenceDefinition definition(String label) {
        return definitions.get(normalized(label));
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

    /** The number of a block's first line in the document, from 1. */
    int line(Node block) {
        return number(first(block));
    }

    /** The number in the document of a line of {@link #first}. */
    int number(int line) {
        return numbers.get(line);
    }

    /** The first line of a block, from 0, without those left out. */
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
        return new Text(String.join("\n", lines.subList(first, last + 1)).stripTrailing(), number(first));
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

    /** The lines from one block in a list item to the end of another, unindented. */
    String dedented(Node from, Node to) {
        int indent = from.getSourceSpans().get(0).getColumnIndex();
        List<String> dedented = new ArrayList<>();
        for (int i = first(from); i <= last(to); i++) {
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

    /** The text inside a code block, or null. */
    static @Nullable String code(Node block) {
        return switch (block) {
            case FencedCodeBlock fence -> fence.getLiteral();
            case IndentedCodeBlock code -> code.getLiteral();
            default -> null;
        };
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
