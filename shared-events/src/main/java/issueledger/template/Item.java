package issueledger.template;

import java.util.List;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.jspecify.annotations.Nullable;

/** An item of a list and the blocks in it, at least one. */
record Item(Markdown document, Node node, List<Node> children) {

    int line() {
        return document.line(children.get(0));
    }

    boolean beginsWithParagraph() {
        return children.get(0) instanceof Paragraph;
    }

    /** Its first paragraph; empty where another block is first. */
    String text() {
        return beginsWithParagraph() ? String.join("\n", document.content(children.get(0))) : "";
    }

    String written() {
        return document.dedented(children.get(0), children.get(children.size() - 1));
    }

    /** The text of the writer's fence that is all of the item, or null. */
    @Nullable
    String fenced() {
        return children.size() == 1 ? Markdown.fenced(children.get(0)) : null;
    }

    /** Its blocks after the first, or null. */
    @Nullable
    Text more() {
        if (children.size() < 2) {
            return null;
        }
        String fenced = children.size() == 2 ? Markdown.fenced(children.get(1)) : null;
        return fenced == null
                ? new Text(
                        document.dedented(children.get(1), children.get(children.size() - 1)),
                        document.line(children.get(1)))
                : new Text(fenced, document.line(children.get(1)), true);
    }
}
