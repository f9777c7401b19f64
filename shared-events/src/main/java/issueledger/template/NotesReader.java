package issueledger.template;

import issueledger.events.Better;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.NoteKind;
import issueledger.events.Resolution;
import issueledger.events.Status;
import issueledger.template.Dates.Dated;
import issueledger.template.Template.Note;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads notes, metrics, and the values that belong to a status. */
final class NotesReader extends SectionReader {
    NotesReader(Markdown document, Remarks remarks) {
        super(Section.NOTES, document, remarks);
    }

    /**
     * The values that belong to a status.
     *
     * @param resolutionLine the line that says the resolution; 1 where none does
     */
    record Progress(
            @Nullable LocalDate startedOn,
            @Nullable String release,
            @Nullable Resolution resolution,
            @Nullable String duplicateOf,
            int resolutionLine) {}

    List<Note> decisionsAndChallenges() {
        List<Note> notes = new ArrayList<>();
        all(Label.DECISIONS).forEach(text -> notes.add(new Note(NoteKind.DECISION, text)));
        all(Label.CHALLENGES).forEach(text -> notes.add(new Note(NoteKind.CHALLENGE, text)));
        return notes;
    }

    List<MetricRecorded> metrics() {
        Map<String, List<MetricRecorded>> series = new LinkedHashMap<>();
        for (Text text : values(Label.IMPROVEMENTS)) {
            List<MetricLine> lines = text.exact()
                    ? List.of()
                    : MetricTable.isTable(text.text()) ? MetricTable.rows(text.text()) : MetricLine.all(text.text());
            if (lines.isEmpty()) {
                remarks.note(
                        text,
                        MetricLine.hasDecimalComma(text.text())
                                ? "a comma in a number is no thousands separator: write 0.85, not 0,85; it is kept as a"
                                        + " PROGRESS note"
                                : "no metric can be read from it: it is kept as a PROGRESS note");
            }
            for (MetricLine line : lines) {
                Better better = MetricLine.better(line.unit());
                String key = line.name() + "\n" + line.statistic() + "\n" + line.environment();
                if (better == null || series.containsKey(key)) {
                    remarks.note(
                            lines.size() == 1 ? text.text() : line.plain(),
                            text.line(),
                            "a second line for one series is kept as a PROGRESS note");
                } else {
                    series.put(key, line.records(better));
                }
            }
        }
        return series.values().stream().flatMap(List::stream).toList();
    }

    /** A value that the ticked boxes do not allow becomes a note. */
    Progress progress(StatusReader status) {
        Set<Status> ticked = status.ticked();
        Text releaseText = one(Label.RELEASE);
        Text resolutionText = one(Label.RESOLUTION);
        Resolved resolved = resolutionText == null ? null : resolved(resolutionText);
        boolean labelled = resolved != null;
        Text said = labelled ? resolutionText : status.closedRemark();
        resolved = resolved == null && said != null ? Resolved.of(said.text()) : resolved;
        Resolution resolution = resolved == null ? null : resolved.resolution();
        if (resolved != null && said != null && resolution == Resolution.DUPLICATE && resolved.duplicateOf() == null) {
            remarks.error(
                    said.line(),
                    "Resolution: a DUPLICATE names the issue that it duplicates, like DUPLICATE of 42; this one does"
                            + " not: "
                            + Values.abridged(said.text()));
        }
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
        } else if (resolutionText != null
                && labelled
                && resolved != null
                && !resolved.remark().isEmpty()) {
            remarks.note(
                    "Resolution: " + resolutionText.text(),
                    resolutionText.line(),
                    "a remark behind the resolution is kept as a PROGRESS note");
        }
        LocalDate started = started(works);
        if (works && started == null) {
            remarks.warn(
                    status.line(ticked.stream()
                            .filter(s -> s != Status.OPEN)
                            .min(Comparator.naturalOrder())
                            .orElse(Status.OPEN)),
                    "there is no date started: work counts as started on the day of the import");
        }
        return new Progress(
                started,
                release,
                resolution,
                resolved == null ? null : resolved.duplicateOf(),
                said == null ? 1 : said.line());
    }

    private void misplaced(String label, Text text, String why) {
        remarks.note(label + ": " + text.text(), text.line(), why + " is kept as a PROGRESS note");
    }

    private @Nullable LocalDate started(boolean works) {
        Text text = one(Label.STARTED);
        if (text == null) {
            return null;
        }
        Dated dated = Dates.dated(text.text());
        if (dated == null) {
            remarks.note(
                    "Date started: " + text.text(),
                    text.line(),
                    "the date started is no date like 2026-02-14: it is kept as a PROGRESS note");
        } else if (!works) {
            misplaced("Date started", text, "a date started of an issue that is open");
        } else {
            if (dated.remark() != null && !dated.remark().isBlank()) {
                remarks.note(
                        "Date started: " + dated.remark(),
                        text.line(),
                        "a remark behind the date started is kept as a PROGRESS note");
            }
            return dated.date();
        }
        return null;
    }

    /** Null, and a note, for words that name no resolution. */
    private @Nullable Resolved resolved(Text text) {
        Resolved resolved = Resolved.of(text.text());
        if (resolved == null) {
            remarks.note(
                    "Resolution: " + text.text(),
                    text.line(),
                    "no resolution is called so: it is kept as a PROGRESS note");
        }
        return resolved;
    }
}
