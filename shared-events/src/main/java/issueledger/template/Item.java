package issueledger.template;

import java.util.List;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.jspecify.annotations.Nullable;

/** An item of a list and the blocks in it, at least one. */
record Item(Markdown document, Node node, List<Node> children) {

    int line() {
        return Markdown.first(children.get(0)) + 1;
    }

    boolean beginsWithParagraph() {
        return children.get(0) instanceof Paragraph;
    }

    /** Its first paragraph; empty where another block is first. */
    String text() {
        return beginsWithParagraph() ? String.join("\n", document.content(children.get(0))) : "";
    }

    String written() {
        return document.dedented(children.get(0), node);
    }

    Text whole() {
        return Text.of(written(), line());
    }

    /** Its blocks after the first, or null. */
    @Nullable
    Text more() {
        return children.size() < 2
                ? null
                : new Text(document.dedented(children.get(1), node), Markdown.first(children.get(1)) + 1);
    }
}
