package issueledger.template;

import issueledger.events.Checks;
import issueledger.events.Resolution;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A resolution in words: {@code DUPLICATE of 42}, {@code won't fix}.
 *
 * @param duplicateOf null for another resolution, and for a duplicate that names no issue
 * @param remark what follows it; may be empty
 */
record Resolved(Resolution resolution, @Nullable String duplicateOf, String remark) {
    private static final String REMARK = "(?:\\s*$|\\s*[.,;:：–—(（\\[]\\s*|\\s+-\\s+)(.*)";
    private static final Pattern PLAIN = Pattern.compile(
            "(won['’]?t[ _-]?fix|not[ _-]reproducible|confirmed)" + REMARK, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern DUPLICATE = Pattern.compile(
            "duplicate(?:\\s*$|(?:\\s+of|\\s*:)(?:\\s+|$)|\\s+(?=\\S+$))`?([^\\s`]*)`?" + REMARK,
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Null for words that name none. */
    static @Nullable Resolved of(String written) {
        String text = Decoration.withoutEmphasis(written);
        text = text.length() > 2 && text.startsWith("`") && text.indexOf('`', 1) == text.length() - 1
                ? text.substring(1, text.length() - 1)
                : text;
        Matcher plain = PLAIN.matcher(text);
        if (plain.matches()) {
            return new Resolved(
                    switch (plain.group(1).toLowerCase(Locale.ROOT).charAt(0)) {
                        case 'w' -> Resolution.WONT_FIX;
                        case 'n' -> Resolution.NOT_REPRODUCIBLE;
                        default -> Resolution.CONFIRMED;
                    },
                    null,
                    plain.group(2).strip());
        }
        Matcher duplicate = DUPLICATE.matcher(text);
        if (!duplicate.matches()) {
            return null;
        }
        String id = duplicate.group(1);
        return new Resolved(
                Resolution.DUPLICATE,
                Checks.isIssueId(id) ? id : null,
                duplicate.group(2).strip());
    }
}
