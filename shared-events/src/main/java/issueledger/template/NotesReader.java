package issueledger.template;

import issueledger.events.Better;
import issueledger.events.Checks;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.NoteKind;
import issueledger.events.Resolution;
import issueledger.events.Status;
import issueledger.template.Template.Note;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads notes, metrics, and the values that belong to a status. */
final class NotesReader extends SectionReader {
    private static final Pattern DUPLICATE = Pattern.compile("DUPLICATE(?: of)?:? +(\\S+)", Pattern.CASE_INSENSITIVE);

    NotesReader(Markdown document, Remarks remarks) {
        super(Section.NOTES, document, remarks);
    }

    /** The values that belong to a status. */
    record Progress(
            @Nullable LocalDate startedOn,
            @Nullable String release,
            @Nullable Resolution resolution,
            @Nullable String duplicateOf) {}

    List<Note> decisionsAndChallenges() {
        List<Note> notes = new ArrayList<>();
        all(Label.DECISIONS).forEach(text -> notes.add(new Note(NoteKind.DECISION, text)));
        all(Label.CHALLENGES).forEach(text -> notes.add(new Note(NoteKind.CHALLENGE, text)));
        return notes;
    }

    List<MetricRecorded> metrics() {
        Map<String, List<MetricRecorded>> series = new LinkedHashMap<>();
        for (Text text : values(Label.IMPROVEMENTS)) {
            MetricLine line = MetricLine.of(text.text());
            Better better = line == null ? null : MetricLine.better(line.unit());
            String key = line == null ? "" : line.name() + "\n" + line.statistic() + "\n" + line.environment();
            if (line == null || better == null || series.containsKey(key)) {
                remarks.note(text, "no metric can be read from it: it is kept as a PROGRESS note");
            } else {
                series.put(key, line.records(better));
            }
        }
        return series.values().stream().flatMap(List::stream).toList();
    }

    /** A value that the ticked boxes do not allow becomes a note. */
    Progress progress(Set<Status> ticked) {
        Text startedText = one(Label.STARTED);
        Text releaseText = one(Label.RELEASE);
        Text resolutionText = one(Label.RESOLUTION);
        LocalDate started = startedText == null ? null : started(startedText);
        String duplicateOf = resolutionText == null ? null : duplicateOf(resolutionText);
        Resolution resolution =
                duplicateOf != null ? Resolution.DUPLICATE : resolutionText == null ? null : resolution(resolutionText);
        String release = text(Label.RELEASE);
        Status furthest = ticked.stream().max(Comparator.naturalOrder()).orElse(Status.OPEN);
        boolean closes = resolution != null && resolution != Resolution.CONFIRMED;
        boolean fixed = closes ? ticked.contains(Status.FIXED) : furthest.compareTo(Status.FIXED) >= 0;
        boolean works = closes
                ? ticked.stream().anyMatch(s -> s != Status.OPEN && s != Status.CLOSED)
                : furthest != Status.OPEN;
        if (releaseText != null && !fixed) {
            misplaced("Release", releaseText, "a release of an issue that is not fixed");
            release = null;
        }
        if (resolutionText != null && resolution == Resolution.CONFIRMED && furthest != Status.CLOSED) {
            misplaced("Resolution", resolutionText, "a resolution of an issue that is not closed");
            resolution = null;
        }
        if (startedText != null && !works) {
            misplaced("Date started", startedText, "a date started of an issue that is open");
            started = null;
        }
        return new Progress(started, release, resolution, duplicateOf);
    }

    private void misplaced(String label, Text text, String why) {
        remarks.note(label + ": " + text.text(), text.line(), why + " is kept as a PROGRESS note");
    }

    private @Nullable LocalDate started(Text text) {
        LocalDate date = Values.date(text.text().strip());
        if (date == null) {
            remarks.error(text.line(), "the date started is no date like 2026-02-14: " + Values.abridged(text.text()));
        }
        return date;
    }

    private static @Nullable String duplicateOf(Text text) {
        Matcher duplicate = DUPLICATE.matcher(text.text());
        return duplicate.matches() && Checks.isIssueId(duplicate.group(1)) ? duplicate.group(1) : null;
    }

    private @Nullable Resolution resolution(Text text) {
        try {
            return Resolution.valueOf(
                    text.text().strip().toUpperCase(Locale.ROOT).replaceAll("[ '’-]+", "_"));
        } catch (IllegalArgumentException e) {
            remarks.note(
                    "Resolution: " + text.text(),
                    text.line(),
                    "no resolution is called so: it is kept as a PROGRESS note");
            return null;
        }
    }
}
