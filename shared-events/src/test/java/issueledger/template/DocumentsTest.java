package issueledger.template;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.events.Statistic;
import issueledger.template.Reading.Remark;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.SerializationFeature;

/** Documents as people write them, each with what it is read as beside it: {@code -Dgolden=write} writes those that are missing. */
class DocumentsTest {
    private static final Path FOLDER = Path.of("src/test/resources/template");

    static Stream<Path> documents() throws IOException {
        return Files.walk(FOLDER)
                .filter(path -> path.toString().endsWith(".md"))
                .sorted();
    }

    private static Template template(String document) {
        Reading reading = TemplateReader.read(document);
        assertThat(reading.errors()).isEmpty();
        Template template = reading.template();
        assertThat(template).isNotNull();
        return template;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void a_document_is_read_as_the_issue_beside_it(Path document) throws IOException {
        Reading reading = TemplateReader.read(Files.readString(document));
        String json = EventJson.MAPPER
                        .writer()
                        .with(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(reading)
                + "\n";
        Path golden = Path.of(document.toString().replace(".md", ".json"));
        if (!Files.exists(golden) && "write".equals(System.getProperty("golden"))) {
            Files.writeString(golden, json);
        }
        assertThat(json).isEqualTo(Files.readString(golden));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void what_is_read_is_written_and_read_as_the_same_again(Path document) throws IOException {
        Template template = template(Files.readString(document));
        String written = TemplateWriter.write(template);

        Template again = template(written);

        assertThat(TemplateWriter.write(again)).isEqualTo(written);
        assertThat(again).usingRecursiveComparison().ignoringFields("ticked").isEqualTo(template);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void no_word_is_lost(Path document) throws IOException {
        String text = Files.readString(document);
        Template template = template(text);
        String kept = (EventJson.MAPPER.writeValueAsString(template)
                        + Arrays.toString(Label.values())
                        + Arrays.toString(Section.values()))
                .toLowerCase(Locale.ROOT);
        Reading reading = TemplateReader.read(text);
        String structure = String.join(
                        " ", Arrays.stream(Label.values()).map(Label::toString).toList())
                + reading.warnings();
        assertThat(words(text))
                .allSatisfy(word -> assertThat(kept + structure.toLowerCase(Locale.ROOT) + STRUCTURE)
                        .contains(word));
    }

    /** Lines of all sorts in any order; each @ becomes a word of its own, sometimes with something odd behind it. */
    private static final List<String> LINES = List.of(
            "## Root Cause",
            "## Impact Assessment",
            "## Proposed Solution",
            "### Technical Approach",
            "### Implementation Plan",
            "## Testing Strategy",
            "## Related Files",
            "## References",
            "## Status",
            "## Implementation Notes",
            "## Something",
            "### Deeper",
            "- **Severity**: High",
            "- **Affected Users**: @",
            "- Business impact: @",
            "- Workarounds:",
            "  - @",
            "**Symptoms**:",
            "Symptoms: @",
            "- @",
            "1. **Phase 1**: @ (2 weeks)",
            "   - @",
            "- `src/@.py` - @",
            "- [@](http://a.b/c)",
            "- [x] **Open** - @",
            "- Date started: 2026-02-14",
            "- Release: @",
            "- Resolution: @",
            "- Key decisions made: @",
            "  @",
            "- Challenges encountered:",
            "- Performance improvements achieved: @",
            "  - p95 @ (@): 5 ms -> 4 ms",
            "@",
            "@ @ @",
            "```",
            "> @",
            "---",
            "| @ | @ |",
            "",
            "",
            "",
            "    @",
            "Technical root cause: @",
            "- Unit Tests: @",
            "Code changes required: @",
            "**@**: @",
            "<div>@</div>");

    @Test
    void no_word_of_any_document_is_lost() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int read = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder document = new StringBuilder("# Title\n\n## Issue Description\n\nText\n\n");
            Set<String> headings = new HashSet<>();
            int words = 0;
            for (int l = 3 + random.nextInt(30); l > 0; l--) {
                String line = LINES.get(random.nextInt(LINES.size()));
                if (line.startsWith("#") && !line.contains("thing") && !headings.add(line)) {
                    continue; // Two sections of one name are an error.
                }
                while (line.contains("@")) {
                    line = line.replaceFirst("@", "w" + words++ + "x");
                }
                document.append(line).append('\n');
            }
            Reading reading = TemplateReader.read(document.toString());
            if (reading.template() != null) {
                read++;
                String kept = reading.template().toString();
                for (int w = 0; w < words; w++) {
                    assertThat(kept).as("seed %d:%n%s", seed, document).contains("w" + w + "x");
                }
            }
        }
        assertThat(read).isGreaterThan(2_500);
    }

    /** Words of the form: names of sections, labels and boxes, and the template's sentences. */
    private static final String STRUCTURE =
            ("issue description root cause impact assessment proposed solution technical approach implementation plan"
                + " testing strategy related files references status implementation notes open in progress testing"
                + " fixed closed identified and documented being implemented fix undergoing resolved deployed"
                + " confirmed production date started release resolution key decisions made challenges encountered"
                + " performance improvements achieved expected symptoms affected features users user impact endpoints"
                + " contributing factors system conditions that trigger the code changes required database schema"
                + " updates architecture modifications unit tests integration regression workarounds severity business"
                + " list all need to be modified track details this template provides a structured for documenting"
                + " tracking issues customize sections based on your project specific needs workflow phase wont_fix"
                + " duplicate of critical high medium low")
                    .toLowerCase(Locale.ROOT);

    private static List<String> words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
                .filter(word -> word.matches("\\p{L}{3,}.*"))
                .toList();
    }

    @Test
    void errors_come_all_at_once_each_with_its_line() {
        Reading reading = TemplateReader.read("""
            ## Root Cause

            Text.

            ## Root Cause

            Again.

            ## Implementation Notes

            - Date started: yesterday
            - Resolution: DUPLICATE of
            - Unit tests: beside
            - Release: %s
            """.formatted("x".repeat(201)));

        assertThat(reading.template()).isNull();
        assertThat(reading.errors()).extracting(Remark::line).containsExactlyInAnyOrder(1, 1, 5, 12, 14);
    }

    @Test
    void a_statistic_is_taken_out_wherever_it_stands() {
        assertThat(MetricLine.of("P99.9 latency: 10 ms -> 5 ms"))
                .isEqualTo(new MetricLine(
                        "latency", Statistic.P999, "production", "ms", new BigDecimal(10), new BigDecimal(5)));
        assertThat(MetricLine.of("latency (p95, staging): 10 ms -> 5 ms"))
                .isEqualTo(new MetricLine(
                        "latency", Statistic.P95, "staging", "ms", new BigDecimal(10), new BigDecimal(5)));
        assertThat(MetricLine.of("latency: 10 ms -> 5 ms")).isNull();
        assertThat(MetricLine.of("p95 latency: 10 s -> 5 ms"))
                .isEqualTo(new MetricLine(
                        "latency", Statistic.P95, "production", "ms", new BigDecimal(10_000), new BigDecimal(5)));
    }

    @Test
    void a_note_that_is_too_long_becomes_several_cut_at_line_ends() {
        String line = "y".repeat(9_000);
        Template template = template("# T\n\n## Issue Description\n\nD\n\n## Log\n\n" + (line + "\n").repeat(5));

        assertThat(template.notes()).extracting(note -> note.text().length()).containsExactly(18_009, 18_001, 9_000);
    }

    /** Generous: with the square of the length it would take many minutes. */
    @ParameterizedTest
    @Tag("full")
    @MethodSource("worstCases")
    void the_worst_document_of_a_mebibyte_is_read_in_a_moment(String worst) {
        long start = System.nanoTime();
        TemplateReader.read("# T\n\n## Issue Description\n\nD\n\n## Log\n\n"
                + worst.substring(0, Math.min(worst.length(), 1 << 20)));

        assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(20_000);
    }

    static Stream<String> worstCases() {
        return Stream.of(
                "[".repeat(1 << 20),
                "`".repeat(1 << 20),
                ">".repeat(1 << 20),
                "- ".repeat(1 << 19),
                "* a\n".repeat(1 << 18),
                "**a ".repeat(1 << 18),
                "[a](".repeat(1 << 18),
                "## h\n".repeat(200_000),
                "```\n".repeat(1 << 18),
                "<!--".repeat(1 << 18),
                "\\".repeat(1 << 20),
                "Symptoms: ".repeat(100_000),
                ("  ".repeat(50) + "- a\n").repeat(9_000),
                "|a|b\n|-|-\n".repeat(110_000),
                "a\n---\n".repeat(170_000),
                "**Symptoms**:\n".repeat(70_000));
    }
}
