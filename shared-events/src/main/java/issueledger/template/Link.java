package issueledger.template;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.LinkReferenceDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A Markdown link at the beginning of a line, inline or by reference.
 *
 * @param title the quoted one, null without one
 * @param rest what follows it
 */
record Link(String text, String url, @Nullable String title, String rest) {
    private static final Pattern TARGET =
            Pattern.compile("\\(\\s*(?:<([^<>]*)>|((?:[^\\s()]|\\([^\\s()]*\\))+))(?:\\s+\"([^\"]*)\")?\\s*\\)");

    /** Null where the line begins with none that resolves. */
    static @Nullable Link at(String line, @Nullable Markdown document) {
        int end = line.startsWith("[") ? closing(line) : -1;
        if (end < 1) {
            return null;
        }
        String text = line.substring(1, end).strip();
        String behind = line.substring(end + 1);
        Matcher target = TARGET.matcher(behind);
        if (target.lookingAt()) {
            String url = target.group(1) == null ? target.group(2) : target.group(1);
            return new Link(text, url, target.group(3), behind.substring(target.end()));
        }
        String label = text;
        if (behind.startsWith("[") && behind.indexOf(']') > 0) {
            int close = behind.indexOf(']');
            label = close == 1 ? text : behind.substring(1, close);
            behind = behind.substring(close + 1);
        }
        LinkReferenceDefinition definition = document == null ? null : document.definition(label);
        return definition == null ? null : new Link(text, definition.getDestination(), definition.getTitle(), behind);
    }

    /** Where the bracket closes that opens the line; −1 if it does not. */
    private static int closing(String line) {
        int depth = 0;
        for (int i = 0; i < line.length(); i++) {
            depth += line.charAt(i) == '[' ? 1 : line.charAt(i) == ']' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }
}
