package issueledger.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The documents that are the contract: docs/api.md and docs/commands.md. */
public final class Contract {
    /** Marks parts that are not built yet. */
    public static final String PLANNED = "*(planned)*";

    private Contract() {}

    public static String text(String document) {
        try {
            return Files.readString(Path.of("..", "docs", document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The section under the level-2 heading that begins with the given words. */
    public static String section(String document, String heading) {
        String text = text(document);
        int from = text.indexOf("\n## " + heading);
        if (from < 0) {
            throw new IllegalArgumentException(document + " has no section " + heading);
        }
        int to = text.indexOf("\n## ", from + 1);
        return to < 0 ? text.substring(from) : text.substring(from, to);
    }

    /** All that a pattern finds and that is not marked as planned behind it. */
    public static Set<String> names(String text, String pattern) {
        Set<String> names = new TreeSet<>();
        Matcher name = Pattern.compile(pattern).matcher(text);
        while (name.find()) {
            if (!text.startsWith(" " + PLANNED, name.end())) {
                names.add(name.group(1));
            }
        }
        return names;
    }
}
