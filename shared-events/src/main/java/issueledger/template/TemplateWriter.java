package issueledger.template;

import issueledger.events.AffectedUsers;
import issueledger.events.Description;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.IssueEvent.RootCauseRecorded;
import issueledger.events.IssueEvent.SolutionProposed;
import issueledger.events.IssueEvent.TestingStrategyDefined;
import issueledger.events.NoteKind;
import issueledger.events.PlannedPhase;
import issueledger.events.Resolution;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.template.Template.Note;
import issueledger.template.Template.Reference;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes the document: the template's headings in its order, each value so that reading it gives the same value again. */
public final class TemplateWriter {
    private final StringBuilder out = new StringBuilder();

    private TemplateWriter() {}

    public static String write(Template template) {
        TemplateWriter writer = new TemplateWriter();
        writer.writeAll(template);
        return writer.out.toString();
    }

    private void writeAll(Template template) {
        out.append("# ").append(Place.TITLE.encoded(template.title())).append('\n');
        heading(Section.DESCRIPTION);
        description(template.description());
        heading(Section.ROOT_CAUSE);
        if (template.rootCause() != null) {
            rootCause(template.rootCause());
        }
        heading(Section.IMPACT);
        if (template.impact() != null) {
            impact(template.impact());
        }
        heading(Section.SOLUTION);
        heading(Section.APPROACH);
        if (template.solution() != null) {
            solution(template.solution());
        }
        heading(Section.PLAN);
        phases(template.phases());
        heading(Section.TESTING);
        if (template.testingStrategy() != null) {
            strategy(template.testingStrategy());
        }
        heading(Section.FILES);
        list(template.files().stream().map(TemplateWriter::file));
        heading(Section.REFERENCES);
        list(template.references().stream().map(TemplateWriter::reference));
        heading(Section.STATUS);
        list(Arrays.stream(Status.values())
                .map(status -> "- [" + (template.ticked().contains(status) ? "x" : " ") + "] **" + name(status)
                        + "** - " + StatusReader.BOXES.get(status)));
        heading(Section.NOTES);
        notes(template);
    }

    private static String name(Status status) {
        return Arrays.stream(status.name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }

    private void heading(Section section) {
        out.append('\n')
                .append("#".repeat(section.level()))
                .append(' ')
                .append(section.heading())
                .append('\n');
    }

    /** A block by itself. */
    private void block(String text) {
        out.append('\n').append(text).append('\n');
    }

    private void list(Stream<String> items) {
        String all = items.collect(Collectors.joining("\n"));
        if (!all.isEmpty()) {
            block(all);
        }
    }

    // ---- sections

    private void description(Description description) {
        block(text(description.text(), Place.DESCRIPTION));
        paragraph(Label.SYMPTOMS, description.symptoms());
        paragraph(Label.AFFECTED_FEATURES, description.affectedFeatures());
        paragraph(Label.USER_IMPACT, listOf(description.userImpact()));
        paragraph(Label.ENDPOINTS, description.endpoints());
    }

    private void rootCause(RootCauseRecorded cause) {
        block(text(cause.technicalCause(), Place.ROOT_CAUSE));
        paragraph(Label.CONTRIBUTING_FACTORS, cause.contributingFactors());
        paragraph(Label.TRIGGER_CONDITIONS, cause.triggerConditions());
    }

    private void impact(ImpactAssessed impact) {
        Severity severity = impact.severity();
        String given = severity.name().charAt(0) + severity.name().substring(1).toLowerCase(Locale.ROOT);
        List<String> business = listOf(impact.businessImpact());
        boolean complex = isComplex(business) || isComplex(impact.workarounds());
        String mark = complex ? "" : "- ";
        List<String> lines = new ArrayList<>(List.of(mark + bold(Label.SEVERITY) + " " + given));
        if (impact.affectedUsers() != null) {
            lines.add(mark + bold(Label.AFFECTED_USERS) + " " + users(impact.affectedUsers()));
        }
        if (complex) {
            lines.forEach(this::block);
            paragraph(Label.BUSINESS_IMPACT, business);
            paragraph(Label.WORKAROUNDS, impact.workarounds());
        } else {
            lines.addAll(items(bold(Label.BUSINESS_IMPACT), Label.BUSINESS_IMPACT, business));
            lines.addAll(items(bold(Label.WORKAROUNDS), Label.WORKAROUNDS, impact.workarounds()));
            list(lines.stream());
        }
    }

    private void solution(SolutionProposed solution) {
        block(text(solution.approach(), Place.APPROACH));
        paragraph(Label.CODE_CHANGES, solution.codeChanges());
        paragraph(Label.ARCHITECTURE_MODIFICATIONS, solution.architectureModifications());
        paragraph(Label.SCHEMA_UPDATES, solution.schemaUpdates());
        paragraph(Label.EXPECTED_IMPROVEMENTS, solution.expectedImprovements());
    }

    private void phases(List<PlannedPhase> phases) {
        boolean begins = true;
        for (int i = 0; i < phases.size(); i++) {
            PlannedPhase phase = phases.get(i);
            String mark = (i + 1) + ". ";
            out.append(begins ? "\n" : "")
                    .append(mark)
                    .append("**Phase ")
                    .append(i + 1)
                    .append("**: ");
            out.append(phase(phase)).append('\n');
            begins = false;
            String description = phase.description();
            boolean list = description != null && description.startsWith("- ");
            Place place = list ? Place.PHASE_LIST : Place.PHASE_DESCRIPTION;
            if (description != null && !place.misreads(description)) {
                out.append(list ? "" : "\n")
                        .append(" ".repeat(mark.length()))
                        .append(Place.indented(description, mark.length()))
                        .append('\n');
            } else if (description != null) {
                block("**Phase " + (i + 1) + " description**:");
                block(fence(description));
                begins = true;
            }
        }
    }

    private void strategy(TestingStrategyDefined strategy) {
        labelled(
                true,
                List.of(Label.UNIT_TESTS, Label.INTEGRATION_TESTS, Label.PERFORMANCE_TESTS, Label.REGRESSION_TESTS),
                List.of(
                        strategy.unitTests(),
                        strategy.integrationTests(),
                        strategy.performanceTests(),
                        strategy.regressionTests()));
    }

    /** As items of one list, or as paragraphs with lists and fences under them where an item has several lines. */
    private void labelled(boolean bold, List<Label> labels, List<List<String>> values) {
        if (values.stream().anyMatch(TemplateWriter::isComplex)) {
            for (int i = 0; i < labels.size(); i++) {
                paragraph(labels.get(i), values.get(i));
            }
            return;
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            Label label = labels.get(i);
            lines.addAll(items(bold ? bold(label) : label.written() + ":", label, values.get(i)));
        }
        list(lines.stream());
    }

    private void notes(Template template) {
        List<String> lines = new ArrayList<>();
        LocalDate started = template.startedOn();
        if (started != null) {
            lines.add("- " + Label.STARTED.written() + ": " + started);
        }
        String release = template.release();
        if (release != null && !release.equals(Template.UNKNOWN_RELEASE)) {
            lines.addAll(items(Label.RELEASE.written() + ":", Label.RELEASE, List.of(release)));
        }
        Resolution resolution = template.resolution();
        if (resolution != null && resolution != Resolution.CONFIRMED) {
            String of = resolution == Resolution.DUPLICATE ? " of " + template.duplicateOf() : "";
            lines.add("- " + Label.RESOLUTION.written() + ": " + resolution + of);
        }
        List<String> decisions = texts(template.notes(), NoteKind.DECISION);
        List<String> challenges = texts(template.notes(), NoteKind.CHALLENGE);
        if (!isComplex(decisions)) {
            lines.addAll(items(Label.DECISIONS.written() + ":", Label.DECISIONS, decisions));
        }
        if (!isComplex(challenges)) {
            lines.addAll(items(Label.CHALLENGES.written() + ":", Label.CHALLENGES, challenges));
        }
        List<String> metrics = metrics(template.metrics());
        if (!metrics.isEmpty()) {
            lines.add("- " + Label.IMPROVEMENTS.written() + ":");
            metrics.forEach(line -> lines.add("  - " + line));
        }
        list(lines.stream());
        listAndFences(texts(template.notes(), NoteKind.PROGRESS), Place.PROGRESS, lines.isEmpty());
        if (isComplex(decisions)) {
            paragraph(Label.DECISIONS, decisions);
        }
        if (isComplex(challenges)) {
            paragraph(Label.CHALLENGES, challenges);
        }
    }

    private static List<String> texts(List<Note> notes, NoteKind kind) {
        return notes.stream()
                .filter(note -> note.kind() == kind)
                .map(Note::text)
                .toList();
    }

    private static List<String> metrics(List<MetricRecorded> records) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i + 1 < records.size(); i += 2) {
            MetricRecorded before = records.get(i);
            lines.add(new MetricLine(
                            before.name(),
                            before.statistic(),
                            before.environment(),
                            before.unit(),
                            before.value(),
                            records.get(i + 1).value())
                    .written());
        }
        return lines;
    }

    // ---- values

    private static String bold(Label label) {
        return "**" + label.written() + "**:";
    }

    private static List<String> listOf(@Nullable String value) {
        return value == null ? List.of() : List.of(value);
    }

    private static boolean isComplex(List<String> values) {
        return values.stream().anyMatch(value -> value.indexOf('\n') >= 0);
    }

    private static List<String> items(String written, Label label, List<String> values) {
        if (values.isEmpty()) {
            return List.of();
        }
        if (values.size() == 1) {
            return List.of("- " + written + " " + Place.beside(label).encoded(values.get(0)));
        }
        List<String> lines = new ArrayList<>(List.of("- " + written));
        values.forEach(value -> lines.add("  - " + Place.nested(label).encoded(value)));
        return lines;
    }

    /** A label by itself, with its values under it; one of a single line beside it where it can have only one. */
    private void paragraph(Label label, List<String> values) {
        if (values.isEmpty()) {
            return;
        }
        if (label.isList()) {
            block(bold(label));
            listAndFences(values, Place.item(label), true);
        } else if (isComplex(values)) {
            block(bold(label));
            block(text(values.get(0), Place.blocks(label)));
        } else {
            block(bold(label) + " " + Place.beside(label).encoded(values.get(0)));
        }
    }

    /** @param begins whether a list begins with the first item; else the list before it goes on */
    private void listAndFences(List<String> values, Place place, boolean begins) {
        boolean inList = !begins;
        for (String value : values) {
            if (value.indexOf('\n') >= 0 && place.misreads(value)) {
                block(fence(value));
                inList = false;
            } else {
                String item = value.indexOf('\n') >= 0 ? Place.indented(value, 2) : place.encoded(value);
                out.append(inList ? "" : "\n").append("- ").append(item).append('\n');
                inList = true;
            }
        }
    }

    private static final String DOCUMENT = "# T\n\n## Issue Description\n\nD\n\n";

    private static String users(AffectedUsers users) {
        String words = users.description();
        if (words != null
                && isRead(
                        DOCUMENT + "## Impact Assessment\n\n- **Severity**: Low\n- **Affected Users**: " + words + "\n",
                        read -> read.impact() != null
                                && users.equals(read.impact().affectedUsers()))) {
            return words;
        }
        String numbers = Stream.of(
                        users.percentage() == null
                                ? ""
                                : "percentage " + users.percentage().toPlainString(),
                        users.count() == null ? "" : "count " + users.count())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        return Escaped.wrap(words == null ? "" : words) + " (" + numbers + ")";
    }

    /** Whether a small document is read as it should be, with nothing beside it. */
    private static boolean isRead(String document, Predicate<Template> expected) {
        Reading reading = TemplateReader.read(document);
        return reading.template() != null
                && reading.warnings().isEmpty()
                && !(document.contains("]:") && new Markdown(document).hasDefinitions())
                && expected.test(reading.template());
    }

    private static String phase(PlannedPhase phase) {
        String dates = phase.plannedStart() == null && phase.plannedEnd() == null
                ? ""
                : (or(phase.plannedStart()) + " to " + or(phase.plannedEnd())).strip();
        String timeline = phase.timeline();
        String beside = dates.isEmpty() || timeline == null ? dates : "; " + dates;
        String plain = phase.name() + (beside.isEmpty() && timeline == null ? "" : " (" + or(timeline) + beside + ")");
        PlannedPhase bare = new PlannedPhase(phase.name(), null, timeline, phase.plannedStart(), phase.plannedEnd());
        if (!plain.startsWith("\\")
                && isRead(
                        DOCUMENT + "## Implementation Plan\n\n1. **Phase 1**: " + plain + "\n",
                        read -> read.phases().equals(List.of(bare)))) {
            return plain;
        }
        String exact = timeline == null ? "" : Escaped.wrap(timeline);
        return Escaped.wrap(phase.name()) + (beside.isEmpty() && timeline == null ? "" : " (" + exact + beside + ")");
    }

    private static String or(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static String file(RelatedFileLinked file) {
        String path = file.path().indexOf('`') < 0 ? "`" + file.path() + "`" : Escaped.wrap(file.path());
        String purpose = file.purpose();
        if (purpose == null) {
            return "- " + path;
        }
        String plain = "- " + path + " - " + purpose;
        boolean same = !purpose.startsWith("\\")
                && isRead(
                        DOCUMENT + "## Related Files\n\n" + plain + "\n",
                        read -> read.files().equals(List.of(file)));
        return same ? plain : "- " + path + " - " + Escaped.wrap(purpose);
    }

    private static String reference(Reference reference) {
        String url = reference.url();
        String title = reference.title();
        return Stream.of(title, url, url == null ? null : "[" + title + "](" + url + ")")
                .filter(Objects::nonNull)
                .filter(plain -> !plain.startsWith("\\")
                        && isRead(
                                DOCUMENT + "## References\n\n- " + plain + "\n",
                                read -> read.references().equals(List.of(reference))))
                .findFirst()
                .map(plain -> "- " + plain)
                .orElseGet(() -> "- " + Escaped.wrap(title) + (url == null ? "" : " " + url));
    }

    /** A text of any length, as it is where it is read as nothing else. */
    private static String text(String value, Place place) {
        return place.misreads(value) ? fence(value) : value;
    }

    private static String fence(String value) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < value.length(); i++) {
            run = value.charAt(i) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        String fence = "`".repeat(Math.max(3, longest + 1));
        return fence + Markdown.FENCE + "\n" + value + "\n" + fence;
    }
}
