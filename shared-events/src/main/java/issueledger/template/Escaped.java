package issueledger.template;

import org.jspecify.annotations.Nullable;

/**
 * A value between two backslashes, with inner backslashes doubled: {@code \[draft] \} is {@code [draft]} with a blank behind it. The
 * writer uses it for text that would be read as another value.
 *
 * @param rest what follows it
 */
record Escaped(String value, String rest) {

    static String wrap(String value) {
        return "\\" + value.replace("\\", "\\\\") + "\\";
    }

    /** The wrapped value that a text begins with, or null. */
    static @Nullable Escaped at(String text) {
        if (!text.startsWith("\\")) {
            return null;
        }
        StringBuilder value = new StringBuilder();
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '\\') {
                i++;
            } else if (c == '\\') {
                return new Escaped(value.toString(), text.substring(i + 1));
            }
            value.append(c);
        }
        return null;
    }

    /** The value of a text that is wrapped as a whole, or the text as it is. */
    static String unwrap(String text) {
        Escaped wrapped = at(text);
        return wrapped == null || !wrapped.rest().isEmpty() ? text : wrapped.value();
    }

    static boolean isWhole(String text) {
        Escaped wrapped = at(text);
        return wrapped != null && wrapped.rest().isEmpty();
    }
}
