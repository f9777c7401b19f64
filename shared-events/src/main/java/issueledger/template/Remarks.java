package issueledger.template;

import issueledger.events.Checks;
import issueledger.events.InvalidValue;
import issueledger.events.NoteKind;
import issueledger.template.Reading.Remark;
import issueledger.template.Template.Note;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The errors and warnings of one reading, and its PROGRESS notes: the text that has no field. */
final class Remarks {
    static final String PLACEHOLDER = "a placeholder is left out: ";

    private static final String NO_FIELD = "there is no field for it here: it is kept as a PROGRESS note";
    private static final int MAX_WARNING = 300;

    private final List<Remark> errors = new ArrayList<>();
    private final List<Remark> warnings = new ArrayList<>();
    private final List<Text> notes = new ArrayList<>();
    private final Predicate<String> links;

    /** @param links whether a link reference with a label is defined */
    Remarks(Predicate<String> links) {
        this.links = links;
    }

    /** The notes and warnings so far. */
    List<Text> notes() {
        return notes;
    }

    List<Remark> warnings() {
        return warnings;
    }

    /** Takes back the notes and warnings after the first so many. */
    void forget(int firstNotes, int firstWarnings) {
        notes.subList(firstNotes, notes.size()).clear();
        warnings.subList(firstWarnings, warnings.size()).clear();
    }

    void error(int line, String detail) {
        errors.add(new Remark(line, detail));
    }

    void warn(int line, String detail) {
        warnings.add(
                new Remark(line, detail.length() <= MAX_WARNING ? detail : detail.substring(0, MAX_WARNING) + "…"));
    }

    void note(Text text) {
        note(text, NO_FIELD);
    }

    void note(Text text, String why) {
        note(text.text(), text.line(), why);
    }

    void note(String text, int line, String why) {
        if (!Checks.isBlank(text)) {
            warn(line, why);
            notes.add(new Text(text, line));
        }
    }

    boolean isPlaceholder(Text text) {
        String value = text.text().strip();
        return isLeftOut(text, value, Values.isPlaceholder(value) && !isLink(value));
    }

    /** Whether a value says that there is none. */
    boolean isNothing(Text text) {
        String value = text.text().strip();
        return isLeftOut(text, value, Values.isNothing(value));
    }

    private boolean isLeftOut(Text text, String value, boolean placeholder) {
        if (text.exact() || !placeholder) {
            return false;
        }
        warn(text.line(), PLACEHOLDER + value);
        return true;
    }

    private boolean isLink(String bracketed) {
        return bracketed.startsWith("[") && links.test(bracketed.substring(1, bracketed.length() - 1));
    }

    /** Whether a field takes the text, as a line or as several; an error where it does not. */
    boolean isGood(Text text, boolean line) {
        return checked(text.line(), () -> {
            Checks checks = new Checks();
            if (line) {
                checks.line("", text.text());
            } else {
                checks.text("", text.text());
            }
            checks.done();
        });
    }

    /** False, and an error, where the making finds an invalid value. */
    boolean checked(int line, Runnable making) {
        try {
            making.run();
            return true;
        } catch (InvalidValue e) {
            e.offences()
                    .forEach(offence -> error(
                            line,
                            (offence.pointer().isEmpty()
                                            ? "the value "
                                            : offence.pointer().substring(1) + " ")
                                    + offence.detail()));
            return false;
        }
    }

    List<Note> progress() {
        return notes.stream()
                .flatMap(text -> Values.parts(text.text()).stream().map(part -> new Text(part, text.line())))
                .filter(part -> isGood(part, false))
                .map(part -> new Note(NoteKind.PROGRESS, part.text()))
                .toList();
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }

    Reading reading(@Nullable Template template, int resolutionLine) {
        Comparator<Remark> byLine = Comparator.comparingInt(Remark::line);
        return new Reading(
                template,
                errors.stream().sorted(byLine).toList(),
                warnings.stream().sorted(byLine).toList(),
                resolutionLine);
    }
}
