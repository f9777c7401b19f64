package issueledger.template;

import issueledger.events.Checks;
import issueledger.events.IssueEvent.RelatedFileLinked;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads files and their purposes: {@code `src/a.py` - Main endpoint logic}. */
final class FilesReader extends EntriesReader {
    private static final String BRACKET = "[(（]([^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)*)[)）]";
    private static final Pattern CODE = Pattern.compile("`([^`]+)`(?!`)|(``+)(.+?)(?<!`)\\2(?!`)");
    private static final Pattern PURPOSE = Pattern.compile(" +[-–—] +(.*)| *[:：] *(.*)| *" + BRACKET + "| +[-–—]|");
    private static final Pattern BARE =
            Pattern.compile("(.+?)(?: +[-–—] +(.*)|: +(.*)|：(.*)| +" + BRACKET + "| *（(.*)）)");

    private final Map<String, RelatedFileLinked> files = new LinkedHashMap<>();

    FilesReader(Markdown document, Remarks remarks) {
        super(Section.FILES, document, remarks);
    }

    @Override
    void readEntry(String entry, int line) {
        Escaped escaped = Escaped.at(entry);
        if (escaped != null && escaped.rest().isEmpty()) {
            add(escaped.value(), null, null, entry, line);
        } else if (escaped != null && escaped.rest().startsWith(" - ")) {
            add(escaped.value(), escaped.rest().substring(3), null, entry, line);
        } else if (!isDecorated(entry, null, entry, line)) {
            Matcher bare = BARE.matcher(entry);
            if (bare.matches()) {
                add(bare.group(1), firstOf(bare, 2), null, entry, line);
            } else {
                add(entry, null, null, entry, line);
            }
        }
    }

    /** Adds a path in emphasis, in code marks or in a link; false for a bare one. */
    private boolean isDecorated(String head, @Nullable String url, String entry, int line) {
        Matcher code = CODE.matcher(head);
        if (code.lookingAt()) {
            Matcher purpose = PURPOSE.matcher(head.substring(code.end()));
            if (purpose.matches()) {
                String path = code.group(1) == null ? code.group(3) : code.group(1);
                add(path, firstOf(purpose, 1), url, entry, line);
                return true;
            }
            return false;
        }
        Link link = Link.at(head, document);
        if (link != null) {
            return isDecorated(link.text() + link.rest(), link.url(), entry, line)
                    || isWithPurpose(link.text(), link.rest(), link.url(), entry, line);
        }
        String mark = Decoration.mark(head);
        int end = mark.isEmpty() ? -1 : head.indexOf(mark, mark.length() + 1);
        if (end < 0) {
            return false;
        }
        String inner = head.substring(mark.length(), end).strip();
        String rest = head.substring(end + mark.length());
        String path = inner.endsWith(":") || inner.endsWith("：") ? inner.substring(0, inner.length() - 1) : inner;
        rest = inner.equals(path) ? rest : ":" + rest;
        return isDecorated(path + rest, url, entry, line) || isWithPurpose(path, rest, url, entry, line);
    }

    private boolean isWithPurpose(String path, String rest, @Nullable String url, String entry, int line) {
        Matcher purpose = PURPOSE.matcher(rest);
        if (purpose.matches()) {
            add(path, firstOf(purpose, 1), url, entry, line);
        }
        return purpose.matches();
    }

    private static @Nullable String firstOf(Matcher matcher, int from) {
        for (int group = from; group <= matcher.groupCount(); group++) {
            if (matcher.group(group) != null) {
                return matcher.group(group);
            }
        }
        return null;
    }

    private void add(String path, @Nullable String written, @Nullable String url, String entry, int line) {
        boolean lacking = written == null || isLacking(new Text(written, line));
        String words = lacking || written == null ? "" : Escaped.unwrap(written);
        String purpose = url == null ? words : words.isEmpty() ? url : words + " (" + url + ")";
        if (url != null && !Checks.isLine(purpose)) {
            remarks.note(url, line, "the link of a file is too long for its purpose: it is kept as a PROGRESS note");
            purpose = words;
        }
        String kept = purpose.isEmpty() ? null : purpose;
        remarks.checked(line, () -> {
            RelatedFileLinked file = new RelatedFileLinked(path, kept);
            RelatedFileLinked known = files.putIfAbsent(path, file);
            if (known != null && !known.equals(file)) {
                remarks.note(entry, line, "a file that is linked already is kept as a PROGRESS note");
            }
        });
    }

    private boolean isLacking(Text purpose) {
        return remarks.isPlaceholder(purpose) || remarks.isNothing(purpose);
    }

    List<RelatedFileLinked> files() {
        return List.copyOf(files.values());
    }
}
