package issueledger.metricsimport;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of a tool's text, tried one by one against the forms that the tool has. */
final class TextLines {
    /** Called with a line's number and the match of its form. */
    interface Handling {
        void handle(int line, Matcher match);
    }

    record Form(Pattern pattern, Handling handling) {
        static Form of(String pattern, Handling handling) {
            return new Form(Pattern.compile(pattern), handling);
        }

        /** Lines that hold nothing to record. */
        static Form ignored(String pattern) {
            return of(pattern, (line, match) -> {});
        }
    }

    private TextLines() {}

    /** Has the first form that matches handle each line; warns of a line that none does. Blank lines are passed over. */
    static void read(String text, List<Form> forms, Report report) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !read(i + 1, line, forms)) {
                report.warn(i + 1, "is unknown and skipped");
            }
        }
    }

    private static boolean read(int number, String line, List<Form> forms) {
        for (Form form : forms) {
            Matcher match = form.pattern().matcher(line);
            if (match.matches()) {
                form.handling().handle(number, match);
                return true;
            }
        }
        return false;
    }

    /** The number of the first line that is not blank, from 1. */
    static int first(String text) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                return i + 1;
            }
        }
        return 1;
    }

    /** @throws UnreadableReport where no line of the text is the tool's mark */
    static void require(String text, String mark, String tool) {
        Pattern form = Pattern.compile(mark);
        if (text.lines().noneMatch(line -> form.matcher(line.strip()).matches())) {
            throw new UnreadableReport(first(text), "is no output of " + tool);
        }
    }
}
