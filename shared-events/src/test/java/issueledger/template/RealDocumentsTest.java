package issueledger.template;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.AffectedUsers;
import issueledger.events.Better;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.NoteKind;
import issueledger.events.PlannedPhase;
import issueledger.events.Resolution;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.template.Reading.Remark;
import issueledger.template.Template.Note;
import issueledger.template.Template.Reference;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of writing that public documents showed, with the value that its reader would find in it. */
class RealDocumentsTest {
    private static final String DOCUMENT = "# T\n\n## Issue Description\n\nSlow.\n\n";

    private static Reading reading(String rest) {
        return TemplateReader.read(DOCUMENT + rest);
    }

    private static Template read(String rest) {
        Reading reading = reading(rest);
        assertThat(reading.errors()).as(rest).isEmpty();
        return Objects.requireNonNull(reading.template());
    }

    private static Template notes(String rest) {
        return read("## Implementation Notes\n\n" + rest);
    }

    private static List<String> texts(Template template, NoteKind kind) {
        return template.notes().stream()
                .filter(note -> note.kind() == kind)
                .map(Note::text)
                .toList();
    }

    // ---- what a rule refuses

    @ParameterizedTest
    @ValueSource(strings = {"DUPLICATE", "DUPLICATE of", "Duplicate of #42", "**DUPLICATE**", "DUPLICATE:"})
    void a_duplicate_without_an_id_is_an_error_with_its_line(String resolution) {
        Reading reading = reading("## Implementation Notes\n\n- Resolution: " + resolution + "\n");

        assertThat(reading.template()).isNull();
        assertThat(reading.errors()).extracting(Remark::line).containsExactly(9);
    }

    @Test
    void a_duplicate_knows_the_line_that_says_so() {
        Reading reading = reading("## Implementation Notes\n\n- Resolution: duplicate of `abc-1`\n");

        assertThat(Objects.requireNonNull(reading.template()).duplicateOf()).isEqualTo("abc-1");
        assertThat(reading.resolutionLine()).isEqualTo(9);
    }

    // ---- metrics

    private static Template metric(String line) {
        return notes("- Performance improvements achieved:\n  - " + line + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "|",
            value = {
                "p95 latency: 5200 ms -> 340 ms | P95 | latency | production | ms | 5200 | 340 | LOWER",
                "P99.9 latency: 10 ms => 5 ms | P999 | latency | production | ms | 10 | 5 | LOWER",
                "rate limiter p99 wait: 5 ms -> 4 ms | P99 | rate limiter wait | production | ms | 5 | 4 | LOWER",
                "/count p95: 5 ms -> 4 ms | P95 | /count | production | ms | 5 | 4 | LOWER",
                "max-age p95 latency: 5 ms -> 4 ms | P95 | max-age latency | production | ms | 5 | 4 | LOWER",
                "5 min p95 latency: 5 ms -> 4 ms | P95 | 5 min latency | production | ms | 5 | 4 | LOWER",
                "median latency: 5 ms -> 4 ms | P50 | latency | production | ms | 5 | 4 | LOWER",
                "avg latency: 5 ms -> 4 ms | MEAN | latency | production | ms | 5 | 4 | LOWER",
                "average max latency: 5 ms -> 4 ms | MEAN | max latency | production | ms | 5 | 4 | LOWER",
                "GC pause max (canary): 28s->180ms | MAX | GC pause | canary | ms | 28000 | 180 | LOWER",
                "max pause: 28 s -> 180 ms | MAX | pause | production | ms | 28000 | 180 | LOWER",
                "max RSS: 2 GiB -> 512 MiB | MAX | RSS | production | MiB | 2048 | 512 | LOWER",
                "p95 latency: **690 ms → 30 ms** (-95.6%) | P95 | latency | production | ms | 690 | 30 | LOWER",
                "**p95 latency**: **690 ms** → **30 ms** | P95 | latency | production | ms | 690 | 30 | LOWER",
                "p95 latency, warm, read: 1,200 ms -> 340 ms | P95 | latency, warm, read | production | ms | 1200 | 340"
                        + " | LOWER",
                "mean errors: 5 errors/s -> 1 errors/s | MEAN | errors | production | errors/s | 5 | 1 | LOWER",
                "mean x: 5 timeouts/min -> 1 timeouts/min | MEAN | x | production | timeouts/min | 5 | 1 | LOWER",
                "mean x: 5 GC/min -> 1 GC/min | MEAN | x | production | GC/min | 5 | 1 | LOWER",
                "max x: 5 retries -> 1 retries | MAX | x | production | retries | 5 | 1 | LOWER",
                "mean x: 5 req/s -> 9 req/s | MEAN | x | production | req/s | 5 | 9 | HIGHER",
                "mean x: 5 MB/s -> 9 MB/s | MEAN | x | production | MB/s | 5 | 9 | HIGHER",
                "p99 请求耗时（生产）：10 s → 0.12 s | P99 | 请求耗时 | 生产 | s | 10 | 0.12 | LOWER"
            })
    void a_metric_is_read(
            String line,
            String statistic,
            String name,
            String environment,
            String unit,
            BigDecimal before,
            BigDecimal after,
            Better better) {
        Template template = metric(line);

        assertThat(template.notes()).isEmpty();
        assertThat(template.metrics()).hasSize(2);
        MetricRecorded baseline = template.metrics().get(0);
        assertThat(baseline.statistic().name()).isEqualTo(statistic);
        assertThat(List.of(baseline.name(), baseline.environment(), baseline.unit()))
                .containsExactly(name, environment, unit);
        assertThat(baseline.better()).isEqualTo(better);
        assertThat(template.metrics()).extracting(MetricRecorded::value).containsExactly(before, after);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "P99,9 latency: 5 ms -> 4 ms",
                "p50/p95 latency: 5 ms -> 4 ms",
                "p50 and p95 latency: 5 ms -> 4 ms",
                "p99.99 latency: 5 ms -> 4 ms",
                "latency: 5 ms -> 4 ms",
                "mean x: 5 429/s -> 4 429/s",
                "mean x: 40 renderings -> 1 renderings",
                "mean x: 5 % -> 4 %",
                "mean x: 5 ms -> 4 MB",
                "5 min latency: 5 ms -> 4 ms",
                "p95 latency: 5 ms -> 4 ms -> 3 ms",
                "p95 latency: 5 ms -> 4 ms, twice as fast"
            })
    void a_line_that_is_no_metric_is_a_note_as_it_is_written(String line) {
        Template template = metric(line);

        assertThat(template.metrics()).isEmpty();
        assertThat(texts(template, NoteKind.PROGRESS)).containsExactly(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p95 latency: 0,900 s -> 0,100 s",
                "p95 latency: 0,85 s -> 0,8 s",
                "p95 latency: 12,5 ms -> 4 ms",
                "p95 latency: 34 s -> 0,9 s"
            })
    void a_decimal_comma_is_warned_of(String line) {
        Reading reading = reading("## Implementation Notes\n\n- Performance improvements achieved: " + line + "\n");

        assertThat(Objects.requireNonNull(reading.template()).metrics()).isEmpty();
        assertThat(reading.warnings()).hasSize(1);
        assertThat(reading.warnings().get(0).detail()).contains("comma");
        assertThat(reading.warnings().get(0).line()).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p95 latency: 5200 ms -> 340 ms, p99 latency: 9 s -> 1 s",
                "p95 latency: 5200 ms -> 340 ms; p99 latency: 9 s -> 1 s",
                "p95 latency: 5200 ms -> 340 ms\n    p99 latency: 9 s -> 1 s"
            })
    void a_value_with_several_arrows_is_several_metrics(String value) {
        assertThat(metric(value).metrics())
                .extracting(record -> record.statistic() + " " + record.name() + " " + record.value())
                .containsExactly("P95 latency 5200", "P95 latency 340", "P99 latency 9", "P99 latency 1");
    }

    @Test
    void a_table_of_metrics_is_a_metric_a_row_and_any_other_block_a_note_as_written() {
        String table = "| Metric | Before | After | Change |\n|---|--:|--:|---|\n"
                + "| p95 latency | 5200 ms | 340 ms | **-93 %** |\n| mean load | 9 s | 1 s | |\n";
        assertThat(notes("**Performance improvements achieved**:\n\n" + table).metrics())
                .hasSize(4);
        String other = table.replace("9 s", "a lot");
        String code = "```\np95 latency: 5 ms -> 4 ms\n```";
        Template template = notes("Performance improvements achieved:\n\n" + other + "\n" + code + "\n");
        assertThat(template.metrics()).isEmpty();
        assertThat(texts(template, NoteKind.PROGRESS)).containsExactly(other.strip(), code);
    }

    @Test
    void a_second_line_for_one_series_is_a_note() {
        Template template = notes("- Performance improvements achieved:\n"
                + "  - p95 latency: 5 ms -> 4 ms\n  - p95 latency: 4 ms -> 3 ms\n");

        assertThat(template.metrics()).hasSize(2);
        assertThat(texts(template, NoteKind.PROGRESS)).containsExactly("p95 latency: 4 ms -> 3 ms");
    }

    // ---- labels

    private static final String CODE = "```sql\nCREATE INDEX a\n```";
    private static final String TABLE = "| a | b |\n|---|---|\n| c | d |";

    @ParameterizedTest
    @ValueSource(strings = {CODE, TABLE, "A paragraph\nof two lines.", "> a quotation"})
    void a_label_of_texts_takes_any_block_as_written(String block) {
        Template template = read("## Root Cause\n\nCause.\n\nContributing factors:\n\n" + block
                + "\n\n## Technical Approach\n\nA.\n\n**Database schema updates:**\n\n" + block + "\n");

        assertThat(Objects.requireNonNull(template.rootCause()).contributingFactors())
                .containsExactly(block);
        assertThat(template.rootCause().technicalCause()).isEqualTo("Cause.");
        assertThat(Objects.requireNonNull(template.solution()).schemaUpdates()).containsExactly(block);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "**Symptoms**\n\n",
                "### Symptoms\n\n",
                "### Symptoms:\n\n",
                "**Symptoms**：\n\n",
                "__symptoms:__\n\n"
            })
    void a_label_may_be_a_heading_or_bold_alone(String label) {
        Template template = read(label + "- a\n- b\n");

        assertThat(template.description().symptoms()).containsExactly("a", "b");
        assertThat(template.description().text()).isEqualTo("Slow.");
    }

    @Test
    void a_label_of_lines_takes_each_line_of_a_block() {
        Template template = read("Endpoints:\n\n```\nGET /a\n\nPOST /b\n```\n");

        assertThat(template.description().endpoints()).containsExactly("GET /a", "POST /b");
        String tooLong = "GET /" + "a".repeat(200);
        assertThat(texts(read("Endpoints:\n\n```\nGET /a\n" + tooLong + "\n```\n"), NoteKind.PROGRESS))
                .singleElement()
                .satisfies(note -> assertThat(note).contains(tooLong));
    }

    @Test
    void a_label_of_a_text_takes_all_blocks_as_written() {
        Template template = read("User impact:\n\n- a\n- b\n\n" + TABLE
                + "\n\n## Impact Assessment\n\nSeverity: low\n\n" + "Business Impact:\n\n" + CODE + "\n");

        assertThat(template.description().userImpact()).isEqualTo("- a\n- b\n\n" + TABLE);
        assertThat(Objects.requireNonNull(template.impact()).businessImpact()).isEqualTo(CODE);
    }

    @Test
    void a_label_of_notes_takes_its_blocks_as_one_note_and_the_items_of_a_list_as_one_each() {
        Template template = notes(
                "**Key decisions made:**\n\n- a\n- b\n\n**Challenges encountered:**\n\nIt locks:\n\n" + CODE + "\n");

        assertThat(texts(template, NoteKind.DECISION)).containsExactly("a", "b");
        assertThat(texts(template, NoteKind.CHALLENGE)).containsExactly("It locks:\n\n" + CODE);
    }

    @Test
    void a_label_in_a_list_takes_nothing_behind_its_item() {
        Template template = read("- **Symptoms**: a\n\nMore of the text.\n");

        assertThat(template.description().symptoms()).containsExactly("a");
        assertThat(template.description().text()).isEqualTo("Slow.\n\nMore of the text.");
    }

    // ---- decoration

    @ParameterizedTest
    @CsvSource(
            delimiterString = "|",
            value = {
                "**Severity**: High | ''",
                "**Severity**: **High** | ''",
                "**Severity**: `High` | ''",
                "**Severity**: High. | ''",
                "**Severity: High** | ''",
                "**Severity**：High | ''",
                "**Severity**: Critical/**High**/Medium/Low | ''",
                "**Severity**: Critical/`High`/Medium/Low | ''",
                "**Severity**: High (gate for the launch) | gate for the launch",
                "**Severity**: **High** - for now | for now",
                "**Severity**: High, for now | for now"
            })
    void a_severity_is_read_without_its_decoration(String line, String remark) {
        Template template = read("## Impact Assessment\n\n- " + line + "\n- **Business Impact**: N/A\n");

        assertThat(Objects.requireNonNull(template.impact()).severity()).isEqualTo(Severity.HIGH);
        assertThat(template.impact().businessImpact()).isEqualTo("N/A");
        assertThat(texts(template, NoteKind.PROGRESS))
                .isEqualTo(remark.isEmpty() ? List.of() : List.of("Severity: " + remark));
    }

    @Test
    void without_a_severity_only_its_line_is_warned_of() {
        String section = "- **Severity**: Critical/High/Medium/Low\n- **Affected Users**: [USERS]\n- Workarounds: None";
        Reading reading = reading("## Impact Assessment\n\n" + section + "\n");

        assertThat(Objects.requireNonNull(reading.template()).impact()).isNull();
        assertThat(texts(reading.template(), NoteKind.PROGRESS)).containsExactly(section);
        assertThat(reading.warnings()).extracting(Remark::line).containsExactly(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "|",
            value = {
                "`src/a.py` (Main) | src/a.py | Main",
                "`src/a.py`: Main | src/a.py | Main",
                "**`src/a.py`** – Main | src/a.py | Main",
                "**src/a.py**: Main | src/a.py | Main",
                "**src/a.py:** Main | src/a.py | Main",
                "[x] `src/a.py` — Main | src/a.py | Main",
                "src/a.py (Main) | src/a.py | Main",
                "src/a.py: Main | src/a.py | Main",
                "[`src/a.py`](https://x.y/a) - Main | src/a.py | Main (https://x.y/a)",
                "[src/a.py](https://x.y/a) | src/a.py | https://x.y/a",
                "`docs/a (b).md` | docs/a (b).md | ",
                "`a.py` - - | a.py | "
            })
    void a_file_is_read_without_its_decoration(String item, String path, @Nullable String purpose) {
        assertThat(read("## Related Files\n\n- " + item + "\n").files())
                .containsExactly(new RelatedFileLinked(path, purpose));
    }

    @ParameterizedTest
    @ValueSource(strings = {"None", "n/a", "TBD", "-", "[FILES]"})
    void what_says_that_there_is_none_is_left_out_with_a_warning(String nothing) {
        Reading reading = reading("Symptoms:\n\n- " + nothing + "\n\n## Testing Strategy\n\n- Unit tests: " + nothing
                + "\n\n## Related Files\n\n- " + nothing + "\n\n## References\n\n- " + nothing
                + "\n\n## Implementation Notes\n\n- Date started: " + nothing + "\n- Key decisions made: " + nothing
                + "\n- Performance improvements achieved: " + nothing + "\n");
        Template template = Objects.requireNonNull(reading.template());

        assertThat(template.description().symptoms()).isEmpty();
        assertThat(template.testingStrategy()).isNull();
        assertThat(template.files()).isEmpty();
        assertThat(template.references()).isEmpty();
        assertThat(template.notes()).isEmpty();
        assertThat(reading.warnings()).hasSize(7);
    }

    @Test
    void a_box_with_more_in_its_name_keeps_it() {
        Template template = read("## Status\n\n- [x] **Testing / QA**\n");

        assertThat(template.ticked()).containsExactly(Status.TESTING);
        assertThat(texts(template, NoteKind.PROGRESS)).containsExactly("Testing / QA");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "|",
            value = {
                "WONT_FIX | WONT_FIX | ",
                "won't fix | WONT_FIX | ",
                "won’t fix: too dear | WONT_FIX | Closed: won’t fix: too dear",
                "not reproducible | NOT_REPRODUCIBLE | ",
                "all is well | | Closed: all is well"
            })
    void a_remark_at_the_closed_box_may_name_the_resolution(
            String remark, @Nullable Resolution resolution, @Nullable String note) {
        Template template = read("## Status\n\n- [x] **Closed** - " + remark + "\n");

        assertThat(template.resolution()).isEqualTo(resolution);
        assertThat(texts(template, NoteKind.PROGRESS)).isEqualTo(note == null ? List.of() : List.of(note));
    }

    // ---- comments and rules

    @Test
    void a_comment_is_no_content_and_a_rule_at_the_end_of_a_section_neither() {
        Reading reading = TemplateReader.read("---\n"
                + "owner: ada\n"
                + "---\n"
                + "# T\n\n"
                + "## Issue Description\n\n"
                + "a\n\n"
                + "<!-- hint -->\n\n"
                + "b\n\n"
                + "---\n\n"
                + "c\n\n"
                + "---\n\n"
                + "## Root Cause\n\n"
                + "<!-- why? -->\n\n"
                + "---\n\n"
                + "## Technical Approach\n\n"
                + "A. <!-- inline -->\n\n"
                + "---\n\n"
                + "## Implementation Notes\n\n"
                + "---\n\n"
                + "- x\n\n"
                + "---\n");
        Template template = Objects.requireNonNull(reading.template());

        assertThat(template.description().text()).isEqualTo("a\n\nb\n\n---\n\nc");
        assertThat(template.rootCause()).isNull();
        assertThat(Objects.requireNonNull(template.solution()).approach()).isEqualTo("A. <!-- inline -->");
        assertThat(texts(template, NoteKind.PROGRESS)).containsExactly("owner: ada", "x");
        assertThat(reading.warnings()).extracting(Remark::line).containsExactly(2, 10, 22, 36);
    }

    // ---- whole documents

    @ParameterizedTest
    @ValueSource(
            strings = {
                "## Issue Description:",
                "## **Issue Description**",
                "## 1. Issue Description",
                "## 🐛 Issue Description",
                "#### __ISSUE  description__ ##",
                "Issue Description\n---"
            })
    void a_heading_is_known_by_its_words(String heading) {
        Template template = Objects.requireNonNull(
                TemplateReader.read("# T\n\n" + heading + "\n\nSlow.\n").template());

        assertThat(template.description().text()).isEqualTo("Slow.");
        assertThat(template.notes()).isEmpty();
    }

    @Test
    void a_heading_that_is_nearly_the_missing_one_is_named() {
        Reading reading = TemplateReader.read("# T\n\n## Issue Descripton\n\nSlow.\n");

        assertThat(reading.errors()).hasSize(1);
        assertThat(reading.errors().get(0).line()).isEqualTo(3);
        assertThat(reading.errors().get(0).detail()).contains("Issue Descripton");
    }

    @Test
    void a_deeper_heading_is_text_of_its_section() {
        Template template =
                read("### Root Cause\n\nUnknown.\n\n## Root Cause\n\nCause.\n\n## Proposed Solution\n\nFirst.\n\n"
                        + "#### Technical Approach\n\nThen.\n\n### Rollout\n\nSlowly.\n");

        assertThat(template.description().text()).isEqualTo("Slow.\n\n### Root Cause\n\nUnknown.");
        assertThat(Objects.requireNonNull(template.rootCause()).technicalCause())
                .isEqualTo("Cause.");
        assertThat(Objects.requireNonNull(template.solution()).approach())
                .isEqualTo("First.\n\nThen.\n\n### Rollout\n\nSlowly.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "|",
            value = {
                "2026-02-14 | ",
                "`2026-02-14` | ",
                "2026/02/14 | ",
                "14 Feb 2026 | ",
                "Sat, 14 Feb 2026 | ",
                "February 14, 2026 | ",
                "14.02.2026 | ",
                "2026-02-14 (first report) | first report"
            })
    void a_date_is_read(String date, @Nullable String remark) {
        Template template =
                read("## Status\n\n- [x] **In Progress**\n\n## Implementation Notes\n\n- Date started: " + date + "\n");

        assertThat(template.startedOn()).isEqualTo(LocalDate.of(2026, 2, 14));
        assertThat(texts(template, NoteKind.PROGRESS))
                .isEqualTo(remark == null ? List.of() : List.of("Date started: " + remark));
    }

    @ParameterizedTest
    @ValueSource(strings = {"02/06/2026", "yesterday", "2026-02-30", "31.04.2026"})
    void what_is_no_date_is_a_note_with_a_warning(String date) {
        Template template =
                read("## Status\n\n- [x] **In Progress**\n\n## Implementation Notes\n\n- Date started: " + date + "\n");

        assertThat(template.startedOn()).isNull();
        assertThat(texts(template, NoteKind.PROGRESS)).containsExactly("Date started: " + date);
    }

    @Test
    void references_are_links_bare_urls_and_lines() {
        String url = "https://x.y/a?" + "q".repeat(300);
        Template template = read("## References\n\n[1]: https://x.y/one\n- [One][1]\n- " + url
                + "\n- [Two](https://x.y/two_(2)) – as well\n- RFC 5861 - https://x.y/rfc\n");

        assertThat(template.references())
                .containsExactly(
                        new Reference("One", "https://x.y/one"),
                        new Reference("x.y/a", url),
                        new Reference("Two – as well", "https://x.y/two_(2)"),
                        new Reference("RFC 5861 - https://x.y/rfc", null));
        assertThat(template.notes()).isEmpty();
    }

    // ---- phases

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1. **Phase 1**: Index (2 weeks)",
                "1. **Phase 1:** Index (2 weeks)",
                "1. **Phase 1: Index** (2 weeks)",
                "1. **Phase 1 – Index** (2 weeks)",
                "- **Phase 1** - Index (2 weeks)",
                "- [x] **Phase 1**: Index (2 weeks)",
                "- [ ] Phase 1: Index (2 weeks)",
                "**Phase 1: Index (2 weeks)**",
                "#### Phase 1: Index (2 weeks)",
                "#### Phase 1 — Index (2 weeks)",
                "1. **Phase 1**：Index（2 weeks）"
            })
    void a_phase_is_read(String phase) {
        assertThat(read("### Implementation Plan\n\n" + phase + "\n").phases())
                .containsExactly(new PlannedPhase("Index", null, "2 weeks", null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-01 to 2026-02-14",
                "2026-02-01 - 2026-02-14",
                "2026-02-01 – 2026-02-14",
                "2026-02-01–2026-02-14",
                "2026-02-01 — 2026-02-14",
                "2026-02-01 until 2026-02-14",
                "1 Feb 2026 - 14 Feb 2026",
                "2026-02-01 至 2026-02-14"
            })
    void planned_dates_are_read(String dates) {
        LocalDate start = LocalDate.of(2026, 2, 1);
        LocalDate end = LocalDate.of(2026, 2, 14);
        assertThat(read("### Implementation Plan\n\n1. Phase 1: Index (" + dates + ")\n2. Phase 2: Cache (a, b; "
                                + dates + ")\n")
                        .phases())
                .containsExactly(
                        new PlannedPhase("Index", null, null, start, end),
                        new PlannedPhase("Cache", null, "a, b", start, end));
    }

    @Test
    void a_phase_that_ends_before_it_begins_has_them_as_its_timeline_and_what_stands_under_it_is_its_description() {
        Reading reading =
                reading("### Implementation Plan\n\n#### Phase 1: Index (2026-02-14 to 2026-02-01)\n\n- a\n- b\n");

        assertThat(Objects.requireNonNull(reading.template()).phases())
                .containsExactly(new PlannedPhase("Index", "- a\n- b", "2026-02-14 to 2026-02-01", null, null));
        assertThat(reading.warnings()).extracting(Remark::line).containsExactly(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "|",
            value = {
                "15% of users | 15 | ",
                "1,200 users a day | | 1200",
                "15-20% of users | | ",
                "15% to 20% of users | | ",
                "10 users - 20 users | | "
            })
    void affected_users_are_counted_unless_they_are_a_range(
            String words, @Nullable BigDecimal percentage, @Nullable Long count) {
        assertThat(Objects.requireNonNull(read("## Impact Assessment\n\nSeverity: low\nAffected users: " + words + "\n")
                                .impact())
                        .affectedUsers())
                .isEqualTo(new AffectedUsers(words, percentage, count));
    }
}
