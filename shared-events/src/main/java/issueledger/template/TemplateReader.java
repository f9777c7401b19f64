package issueledger.template;

import issueledger.events.Checks;
import issueledger.events.Description;
import issueledger.template.Outline.Part;
import issueledger.template.Reading.Remark;
import issueledger.template.Template.Note;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/** Reads one document. Every word of it ends up in a field, or in a PROGRESS note with a warning. */
public final class TemplateReader {
    private final Remarks remarks;
    private final Outline outline;
    private final DescriptionReader description;
    private final RootCauseReader rootCause;
    private final ImpactReader impact;
    private final ApproachReader approach;
    private final PlanReader plan;
    private final TestingReader testing;
    private final FilesReader files;
    private final ReferencesReader references;
    private final StatusReader status;
    private final NotesReader notes;
    private int resolutionLine = 1;

    private TemplateReader(Markdown document) {
        remarks = new Remarks(label -> document.definition(label) != null);
        document.comments().forEach(this::skip);
        Text frontMatter = document.frontMatter();
        if (frontMatter != null) {
            remarks.note(frontMatter, "there is no field for front matter: it is kept as a PROGRESS note");
        }
        outline = new Outline(document, remarks);
        description = new DescriptionReader(document, remarks);
        rootCause = new RootCauseReader(document, remarks);
        impact = new ImpactReader(document, remarks);
        approach = new ApproachReader(document, remarks);
        plan = new PlanReader(document, remarks);
        testing = new TestingReader(document, remarks);
        files = new FilesReader(document, remarks);
        references = new ReferencesReader(document, remarks);
        status = new StatusReader(document, remarks);
        notes = new NotesReader(document, remarks);
        outline.parts().forEach(part -> read(part, document));
    }

    private void skip(Text comment) {
        if (comment.text().codePoints().anyMatch(Character::isLetterOrDigit)) {
            remarks.warn(comment.line(), "a comment is left out: " + Values.joined(comment.text()));
        }
    }

    /** Reads a document's text; a byte order mark, CRLF and CR are fine. */
    public static Reading read(String text) {
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        String lines = plain.replace("\r\n", "\n").replace('\r', '\n');
        int endless = Markdown.endless(lines);
        if (endless > 0) {
            return new Reading(
                    null,
                    List.of(new Remark(
                            endless,
                            "a paragraph of tens of thousands of lines: put a blank line into it, or a fence"
                                    + " around it")),
                    List.of(),
                    1);
        }
        TemplateReader reader = new TemplateReader(new Markdown(lines));
        Template template = reader.template();
        return reader.remarks.reading(template, reader.resolutionLine);
    }

    private void read(Part part, Markdown document) {
        if (part.section() != null) {
            reader(part.section()).read(part.blocks());
            return;
        }
        List<Node> blocks = new ArrayList<>(part.blocks());
        SectionReader.trim(blocks);
        if (!blocks.isEmpty()) {
            remarks.note(
                    document.raw(blocks),
                    part.isUnknownSection()
                            ? "the section has no field: it is kept as a PROGRESS note"
                            : "there is no section for it: it is kept as a PROGRESS note");
        }
    }

    private SectionReader reader(Section section) {
        return switch (section) {
            case DESCRIPTION -> description;
            case ROOT_CAUSE -> rootCause;
            case IMPACT -> impact;
            case SOLUTION, APPROACH -> approach;
            case PLAN -> plan;
            case TESTING -> testing;
            case FILES -> files;
            case REFERENCES -> references;
            case STATUS -> status;
            case NOTES -> notes;
        };
    }

    /** Null where there are errors. The order of the calls is the order of the notes that they make. */
    private @Nullable Template template() {
        String title = title();
        Description text = description.description(outline);
        var cause = rootCause.rootCause();
        var proposed = approach.solution();
        var assessed = impact.impact();
        var strategy = testing.strategy();
        var phases = plan.phases();
        List<Note> all = new ArrayList<>(notes.decisionsAndChallenges());
        var metrics = notes.metrics();
        var progress = notes.progress(status);
        resolutionLine = progress.resolutionLine();
        all.addAll(remarks.progress());
        if (title == null || text == null || remarks.hasErrors()) {
            return null;
        }
        return new Template(
                title,
                text,
                cause,
                assessed,
                proposed,
                phases,
                strategy,
                files.files(),
                references.references(),
                status.ticked(),
                progress.startedOn(),
                progress.release(),
                progress.resolution(),
                progress.duplicateOf(),
                all,
                metrics);
    }

    private @Nullable String title() {
        Text title = outline.title();
        if (title == null || remarks.isPlaceholder(title) || Checks.isBlank(title.text())) {
            remarks.error(title == null ? 1 : title.line(), "there is no title: a heading of level 1");
            return null;
        }
        return remarks.isGood(title, true) ? title.text() : null;
    }
}
