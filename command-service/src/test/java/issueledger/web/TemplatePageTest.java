package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code GET /template}: what it serves can be filled in and posted. */
class TemplatePageTest extends OverHttp {
    private String template() {
        return get("/template").is(200).text();
    }

    @Test
    void it_is_markdown_and_nothing_else() {
        Answer answer = get("/template", "Accept", "text/markdown").is(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/markdown;charset=UTF-8");
        assertThat(answer.header("Cache-Control")).contains("max-age=3600");
        get("/template", "Accept", "text/html").isProblem(406, "not-acceptable");
        get("/template?lang=en").isProblem(400, "malformed");
        post("/template", "{}").isProblem(405, "method-not-allowed");
    }

    @Test
    void as_it_is_its_errors_name_the_two_lines_to_fill_in() {
        List<String> lines = template().lines().toList();
        Answer refused = document("/issues", template()).isProblem(400, "malformed");
        assertThat(refused.errors("line").stream().map(line -> lines.get(Integer.parseInt(line) - 1)))
                .containsExactly("# [TITLE]", "## Issue Description");
    }

    @Test
    void a_title_and_a_description_are_enough() {
        Answer read = document(
                        "/issues?dry-run=true",
                        template().replace("[TITLE]", "Slow orders").replace("[DESCRIPTION]", "5 s."))
                .is(201);
        assertThat(read.json().get("events")).hasToString("[\"IssueOpened\"]");
        assertThat(read.json().get("warnings")).hasSize(1);
        assertThat(read.at("/warnings/0/detail")).startsWith("a comment is left out");
    }

    @Test
    void each_label_takes_what_the_legend_shows() {
        String filled = template();
        for (Map.Entry<String, String> value : Map.ofEntries(
                        Map.entry("[TITLE]", "Slow orders"),
                        Map.entry("[DESCRIPTION]", "5 s."),
                        Map.entry("\nSymptoms:\n", "\nSymptoms:\n\n- timeouts\n"),
                        Map.entry("\nEndpoints:\n", "\nEndpoints:\n\n- POST /orders\n"),
                        Map.entry("## Root Cause\n", "## Root Cause\n\nNo index.\n"),
                        Map.entry("- **Severity**:", "- **Severity**: High"),
                        Map.entry("- **Affected Users**:", "- **Affected Users**: 15% of users"),
                        Map.entry("### Technical Approach\n", "### Technical Approach\n\nAn index.\n"),
                        Map.entry(
                                "### Implementation Plan\n",
                                "### Implementation Plan\n\n"
                                        + "1. **Phase 1**: Initial fixes (2 weeks; 2026-02-01 to 2026-02-14)\n"),
                        Map.entry("- **Unit Tests**:", "- **Unit Tests**: the query"),
                        Map.entry("## Related Files\n\n-\n", "## Related Files\n\n- `src/a.py` - Main\n"),
                        Map.entry("## References\n\n-\n", "## References\n\n- [Manual](https://example.org/)\n"),
                        Map.entry("- [ ] **In Progress**", "- [x] **In Progress**"),
                        Map.entry("- Date started:", "- Date started: 2026-02-14"),
                        Map.entry("- Key decisions made:", "- Key decisions made: cache"),
                        Map.entry(
                                "- Performance improvements achieved:",
                                "- Performance improvements achieved: p95 latency (production): 5200 ms -> 340 ms"))
                .entrySet()) {
            assertThat(filled).contains(value.getKey());
            filled = filled.replace(value.getKey(), value.getValue());
        }
        Answer read = document("/issues?dry-run=true", filled).is(201);
        assertThat(read.json().get("warnings")).as(read.text()).hasSize(1);
        assertThat(read.json().get("events").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrder(
                        "IssueOpened",
                        "RootCauseRecorded",
                        "ImpactAssessed",
                        "SolutionProposed",
                        "PhasesPlanned",
                        "TestingStrategyDefined",
                        "RelatedFileLinked",
                        "ReferenceAdded",
                        "WorkStarted",
                        "PhaseStarted",
                        "NoteRecorded",
                        "MetricRecorded",
                        "MetricRecorded");
    }

    @Test
    void its_page_shows_it() throws IOException {
        assertThat(Files.readString(Path.of("../docs/template.md"))).contains("````markdown\n" + template() + "````\n");
    }

    private Answer document(String path, String text) {
        return send("POST", path, BodyPublishers.ofString(text), "Content-Type", "text/markdown");
    }
}
