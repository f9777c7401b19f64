package issueledger.template;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Marks around words that say nothing about their meaning: emphasis, a number or emoji before, a colon behind. */
final class Decoration {
    private static final List<String> MARKS = List.of("***", "___", "**", "__", "*", "_");
    private static final Pattern BOX = Pattern.compile("\\[[ xX]\\][ \\t]+(?=\\S)");
    private static final Pattern BEFORE = Pattern.compile(
            "(?:\\d+(?:\\.\\d+)*[.)]?(?=[\\s\\p{M}])|[\\p{So}\\p{Sk}\\p{Cf}\\p{M}]|:[a-z0-9_+-]+:)\\s*");

    private Decoration() {}

    /** The emphasis that a text begins with; empty without one. */
    static String mark(String text) {
        return MARKS.stream().filter(text::startsWith).findFirst().orElse("");
    }

    /** Without the emphasis around all of it. */
    static String withoutEmphasis(String text) {
        String plain = text.strip();
        for (Optional<String> mark = around(plain); mark.isPresent(); mark = around(plain)) {
            int length = mark.get().length();
            plain = plain.substring(length, plain.length() - length).strip();
        }
        return plain;
    }

    private static Optional<String> around(String text) {
        return MARKS.stream()
                .filter(mark -> text.length() > 2 * mark.length()
                        && text.startsWith(mark)
                        && text.endsWith(mark)
                        && !text.substring(mark.length(), text.length() - mark.length())
                                .contains(mark))
                .findFirst();
    }

    /** The words of a heading. */
    static String heading(String text) {
        String plain = withoutEmphasis(text);
        var before = BEFORE.matcher(plain);
        while (before.lookingAt()) {
            plain = withoutEmphasis(plain.substring(before.end()));
            before = BEFORE.matcher(plain);
        }
        return plain.endsWith(":") || plain.endsWith("：")
                ? withoutEmphasis(plain.substring(0, plain.length() - 1))
                : plain;
    }

    /** Without the box of a check list. */
    static String withoutBox(String item) {
        return BOX.matcher(item).lookingAt()
                ? item.substring(item.indexOf(']') + 1).stripLeading()
                : item;
    }
}
