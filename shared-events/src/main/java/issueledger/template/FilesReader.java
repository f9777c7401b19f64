package issueledger.template;

import issueledger.events.IssueEvent.RelatedFileLinked;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads files and their purposes: {@code `src/a.py` - Main endpoint logic}. */
final class FilesReader extends EntriesReader {
    private static final Pattern QUOTED =
            Pattern.compile("(?:`([^`]+)`(?!`)|(``+)(.+?)(?<!`)\\2(?!`))(?: +[-–—] +(.*)| *: +(.*))?");
    private static final Pattern BARE = Pattern.compile("(.+?) +[-–—] +(.*)");

    private final Map<String, RelatedFileLinked> files = new LinkedHashMap<>();

    FilesReader(Markdown document, Remarks remarks) {
        super(Section.FILES, document, remarks);
    }

    @Override
    void readEntry(String entry, int line) {
        Escaped escaped = Escaped.at(entry);
        Matcher quoted = QUOTED.matcher(entry);
        Matcher bare = BARE.matcher(entry);
        if (escaped != null && escaped.rest().isEmpty()) {
            add(escaped.value(), null, entry, line);
        } else if (escaped != null && escaped.rest().startsWith(" - ")) {
            add(escaped.value(), escaped.rest().substring(3), entry, line);
        } else if (quoted.matches()) {
            add(
                    quoted.group(1) == null ? quoted.group(3) : quoted.group(1),
                    quoted.group(4) == null ? quoted.group(5) : quoted.group(4),
                    entry,
                    line);
        } else if (bare.matches()) {
            add(bare.group(1), bare.group(2), entry, line);
        } else {
            add(entry, null, entry, line);
        }
    }

    private void add(String path, @Nullable String written, String entry, int line) {
        boolean lacking = written == null || remarks.isPlaceholder(new Text(written, line));
        String purpose = lacking || written == null ? "" : Escaped.unwrap(written);
        remarks.checked(line, () -> {
            RelatedFileLinked file = new RelatedFileLinked(path, purpose.isEmpty() ? null : purpose);
            RelatedFileLinked known = files.putIfAbsent(path, file);
            if (known != null && !known.equals(file)) {
                remarks.note(entry, line, "a file that is linked already is kept as a PROGRESS note");
            }
        });
    }

    List<RelatedFileLinked> files() {
        return List.copyOf(files.values());
    }
}
