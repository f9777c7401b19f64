package issueledger.template;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.AffectedUsers;
import issueledger.events.Better;
import issueledger.events.Description;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.IssueEvent.RootCauseRecorded;
import issueledger.events.IssueEvent.SolutionProposed;
import issueledger.events.IssueEvent.TestingStrategyDefined;
import issueledger.events.MetricKind;
import issueledger.events.NoteKind;
import issueledger.events.PlannedPhase;
import issueledger.events.Resolution;
import issueledger.events.Severity;
import issueledger.events.Statistic;
import issueledger.events.Status;
import issueledger.template.Template.Note;
import issueledger.template.Template.Reference;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reading a written document gives the same issue, for random texts: {@code -Dround.trips=100000} for the longer form. */
class RoundTripTest {
    private static final int TIMES = Integer.getInteger("round.trips", 2_000);
    private static final long SEED = Long.getLong("round.seed", System.nanoTime());

    /** Texts that Markdown, the template or the reader could misread. */
    private static final List<String> PIECES = List.of(
            "latency",
            "p95",
            "the query",
            "#",
            "## Root Cause",
            "### Implementation Plan",
            "# Title",
            "**Severity**: High",
            "Severity: Low",
            "- ",
            "* ",
            "+ ",
            "1. ",
            "12) ",
            "```",
            "~~~",
            "````",
            "```issue-ledger",
            "[DATE]",
            "[ ] ",
            "[x] **Closed** - ",
            "---",
            "***",
            "===",
            "> ",
            "| a | b |",
            "|---|---|",
            "<div>",
            "<!--",
            "-->",
            "</div>",
            "  ",
            "    ",
            "\t",
            "\\",
            "\\\\",
            "`",
            "``",
            "(2 weeks)",
            "(",
            ")",
            "[",
            "]",
            "[a](http://b.c)",
            "http://x.y/z?a=1&copy;=2",
            "<http://a.b>",
            "[foo]: http://bar",
            "👩‍🔬",
            "שלום עולם",
            "مرحبا",
            "é",
            "\u00A0",
            "\u2003",
            "Phase 1: x",
            "**Phase 2**: y",
            "Symptoms:",
            "**User impact**:",
            "Date started: 2026-02-14",
            "Key decisions made:",
            "Critical/High/Medium/Low",
            "List all files that need to be modified:",
            "Track progress and implementation details:",
            "*This template provides a structured approach to documenting",
            " - ",
            ": ",
            "->",
            "5200 ms -> 340 ms",
            "15% of users",
            "1,200 users",
            "2026-02-01 to 2026-02-14",
            "; ",
            "DUPLICATE of a",
            "*",
            "_",
            "~",
            "!",
            "&amp;",
            "$");

    private final Random random = new Random(SEED);

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private String piece() {
        return PIECES.get(random.nextInt(PIECES.size()));
    }

    private static boolean isBlank(CharSequence value) {
        return value.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
    }

    private String line(int most) {
        StringBuilder line = new StringBuilder();
        int pieces = 1 + random.nextInt(5);
        for (int i = 0; i < pieces; i++) {
            String piece = piece();
            if (line.codePointCount(0, line.length()) + piece.length() < most) {
                line.append(piece.replace("\t", " "));
            }
        }
        return isBlank(line) ? "a" + line : line.toString();
    }

    private String line() {
        return line(200);
    }

    private String text() {
        if (chance(40)) {
            return "The query " + random.nextInt(100) + " scans **every** row.";
        }
        StringBuilder text = new StringBuilder();
        int lines = 1 + random.nextInt(chance(90) ? 4 : 40);
        for (int i = 0; i < lines; i++) {
            int pieces = random.nextInt(5);
            for (int p = 0; p < pieces; p++) {
                text.append(piece());
            }
            text.append(i < lines - 1 || chance(10) ? "\n" : "");
        }
        return isBlank(text) ? "a" + text : text.toString();
    }

    private List<String> texts() {
        return chance(50)
                ? List.of()
                : random.ints(random.nextInt(4), 0, 1).mapToObj(i -> text()).toList();
    }

    private List<String> lines() {
        return chance(50)
                ? List.of()
                : random.ints(random.nextInt(4), 0, 1).mapToObj(i -> line()).toList();
    }

    private @Nullable String maybeText() {
        return chance(50) ? null : text();
    }

    private @Nullable String maybeLine() {
        return chance(50) ? null : line();
    }

    private @Nullable LocalDate day(int from) {
        return chance(50) ? null : LocalDate.of(2026, 1, 1).plusDays(from + random.nextInt(50));
    }

    private Template template() {
        List<PlannedPhase> phases = new ArrayList<>();
        for (int i = chance(50) ? 0 : random.nextInt(12); i > 0; i--) {
            phases.add(new PlannedPhase(line(), maybeText(), maybeLine(), day(0), day(60)));
        }
        Map<String, RelatedFileLinked> files = new LinkedHashMap<>();
        lines().forEach(path -> files.put(path, new RelatedFileLinked(path, maybeLine())));
        List<Reference> references = lines().stream()
                .map(title -> new Reference(
                        title,
                        chance(50)
                                ? null
                                : chance(20) ? "http://a.b/(c)" : "https://x.y/z?" + random.nextInt(9) + "=&copy;"))
                .toList();
        List<Note> notes = new ArrayList<>();
        for (NoteKind kind : List.of(NoteKind.DECISION, NoteKind.CHALLENGE, NoteKind.PROGRESS)) {
            texts().forEach(text -> notes.add(new Note(kind, text)));
        }
        Map<String, List<MetricRecorded>> metrics = new LinkedHashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            String name = line();
            metrics.put(name, List.of(metric(MetricKind.BASELINE, name), metric(MetricKind.MEASURED, name)));
        }
        Status status = Status.values()[random.nextInt(5)];
        Resolution resolution =
                status == Status.CLOSED ? Resolution.values()[random.nextInt(Resolution.values().length)] : null;
        boolean confirmed = resolution == null || resolution == Resolution.CONFIRMED;
        Set<Status> ticked = confirmed ? EnumSet.range(Status.OPEN, status) : EnumSet.of(Status.OPEN, Status.CLOSED);
        return new Template(
                line(),
                new Description(text(), texts(), lines(), maybeText(), lines()),
                chance(40) ? null : new RootCauseRecorded(text(), texts(), texts()),
                chance(40)
                        ? null
                        : new ImpactAssessed(Severity.values()[random.nextInt(4)], users(), maybeText(), texts()),
                chance(40) ? null : new SolutionProposed(text(), texts(), texts(), texts(), texts()),
                phases,
                chance(40) ? null : new TestingStrategyDefined(List.of(text()), texts(), texts(), texts()),
                List.copyOf(files.values()),
                references,
                Set.copyOf(ticked),
                confirmed && status != Status.OPEN ? LocalDate.of(2026, 2, 14) : null,
                confirmed && status.compareTo(Status.FIXED) >= 0 ? line() : null,
                confirmed ? null : resolution,
                resolution == Resolution.DUPLICATE ? "other-1" : null,
                notes,
                metrics.values().stream().flatMap(List::stream).toList());
    }

    private MetricRecorded metric(MetricKind kind, String name) {
        return new MetricRecorded(
                kind,
                name,
                Statistic.values()[name.length() % Statistic.values().length],
                name.length() % 2 == 0 ? "ms" : "req/s",
                new BigDecimal(random.nextInt(10_000)).movePointLeft(random.nextInt(3)),
                name.length() % 3 == 0
                        ? "production"
                        : name.substring(0, 1).isBlank() ? "x" + name.charAt(0) : line(50).replace(name, "y"),
                name.length() % 2 == 0 ? Better.LOWER : Better.HIGHER,
                null,
                null);
    }

    private @Nullable AffectedUsers users() {
        return chance(40)
                ? null
                : new AffectedUsers(
                        maybeLine(),
                        chance(50) ? null : new BigDecimal(random.nextInt(1_000)).movePointLeft(1),
                        chance(50) ? null : (long) random.nextInt(5_000));
    }

    @Test
    void a_document_survives_writing_reading_and_writing() {
        for (int i = 0; i < TIMES; i++) {
            Template template = sameEnvironments(template());
            String written = TemplateWriter.write(template);
            Reading reading = TemplateReader.read(written);
            assertThat(reading.errors())
                    .as("seed %d, round %d:%n%s", SEED, i, written)
                    .isEmpty();
            assertThat(reading.template())
                    .as("seed %d, round %d:%n%s", SEED, i, written)
                    .isEqualTo(template);
            assertThat(TemplateWriter.write(reading.template())).isEqualTo(written);
            assertThat(TemplateReader.read("\uFEFF" + written.replace("\n", "\r\n"))
                            .template())
                    .isEqualTo(template);
        }
    }

    private static final String MARK = "wxyz";

    @Test
    void a_text_that_reads_back_as_itself_is_written_as_it_is() {
        List<Function<String, Template>> places = List.of(
                text -> only(new Description(text, List.of(), List.of(), null, List.of()), List.of(), List.of()),
                text -> only(new Description("D", List.of(text), List.of(), null, List.of()), List.of(), List.of()),
                text -> only(new Description("D", List.of(), List.of(), text, List.of()), List.of(), List.of()),
                text -> only(DESCRIBED, List.of(), between(NoteKind.PROGRESS, text)),
                text -> only(DESCRIBED, List.of(), between(NoteKind.CHALLENGE, text)),
                text -> only(DESCRIBED, List.of(text), List.of()));
        int plain = 0;
        for (int i = 0; i < TIMES; i++) {
            int place = random.nextInt(places.size());
            boolean oneLine = place == 5 || chance(50);
            String text = oneLine ? line() : text();
            if (text.contains("]:") || (place == 2 && !oneLine)) {
                continue; // A definition is always fenced; a label's text of several lines does not stand beside it.
            }
            Template template = places.get(place).apply(text);
            int columns = place == 1 || place == 3 || place == 4 ? 2 : 0;
            String asItIs = TemplateWriter.write(places.get(place).apply(MARK))
                    .replace(MARK, text.replaceAll("\n(?=[^\n])", "\n" + " ".repeat(columns)));
            if (place == 4 && text.contains("\n")) {
                continue; // It is written as a paragraph with a list.
            }
            Reading reading = TemplateReader.read(asItIs);
            if (template.equals(reading.template())) {
                plain++;
                assertThat(TemplateWriter.write(template))
                        .as("seed %d, place %d", SEED, place)
                        .isEqualTo(asItIs);
            }
        }
        assertThat(plain).isGreaterThan(TIMES / 10);
    }

    /** Its place among the others would show if a label took it. */
    private static List<Note> between(NoteKind kind, String text) {
        return List.of(new Note(kind, "a"), new Note(kind, text), new Note(kind, "z"));
    }

    private static final Description DESCRIBED = new Description("D", List.of(), List.of(), null, List.of());

    private static Template only(Description description, List<String> factors, List<Note> notes) {
        return new Template(
                "T",
                description,
                new RootCauseRecorded("C", factors, List.of()),
                null,
                null,
                List.of(),
                null,
                List.of(),
                List.of(),
                EnumSet.of(Status.OPEN),
                null,
                null,
                null,
                null,
                notes,
                List.of());
    }

    @Test
    void tables_sub_headings_details_and_indented_code_are_written_as_they_are() {
        String text = "Slow.\n\n"
                + "### When\n\n"
                + "| a | b |\n"
                + "|---|---|\n"
                + "| c | d |\n\n"
                + "---\n\n"
                + "    code\n\n"
                + "<details>\n"
                + "<summary>x</summary>\n\n"
                + "```json\n"
                + "{}\n"
                + "```\n\n"
                + "</details>\n\n"
                + "- one\n"
                + "- two\n\n"
                + "> quoted";

        String written = TemplateWriter.write(
                only(new Description(text, List.of(), List.of(), null, List.of()), List.of(), List.of()));

        assertThat(written).contains("\n\n" + text + "\n\n").doesNotContain(Markdown.FENCE);
    }

    @Test
    void an_escape_of_one_line_stands_before_it_only() {
        List<String> notes = List.of(
                "Severity: see https://x.y/z", "Release: https://x.y/z", "[draft]", "None", "\\[draft]", "\\d+", "a\\");
        String written = TemplateWriter.write(only(
                DESCRIBED,
                List.of(),
                notes.stream().map(note -> new Note(NoteKind.DECISION, note)).toList()));

        assertThat(written)
                .contains("- Severity: see https://x.y/z\n", "- Release: https://x.y/z\n")
                .contains("- \\[draft]\n", "- \\None\n", "- \\\\[draft]\n", "- \\d+\n", "- a\\\n");
        assertThat(TemplateReader.read(written).template())
                .extracting(
                        template -> template.notes().stream().map(Note::text).toList())
                .isEqualTo(notes);
    }

    /** A series is one in its baseline and its measured value. */
    private static Template sameEnvironments(Template t) {
        List<MetricRecorded> metrics = new ArrayList<>();
        for (int i = 0; i + 1 < t.metrics().size(); i += 2) {
            MetricRecorded before = t.metrics().get(i);
            MetricRecorded after = t.metrics().get(i + 1);
            metrics.add(before);
            metrics.add(new MetricRecorded(
                    after.kind(),
                    before.name(),
                    before.statistic(),
                    before.unit(),
                    after.value(),
                    before.environment(),
                    before.better(),
                    null,
                    null));
        }
        return new Template(
                t.title(),
                t.description(),
                t.rootCause(),
                t.impact(),
                t.solution(),
                t.phases(),
                t.testingStrategy(),
                t.files(),
                t.references(),
                t.ticked(),
                t.startedOn(),
                t.release(),
                t.resolution(),
                t.duplicateOf(),
                t.notes(),
                metrics);
    }
}
