package issueledger.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.log.RecordedEvent;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;

/** {@code POST /issues} with the template, filled in. */
class DocumentsTest extends OverHttp {
    private static final String CLOSED = """
        # Slow orders

        ## Issue Description

        The list takes 5 s.

        ## Implementation Plan

        1. **Phase 1**: Index (1 week)

        ## Status

        - [x] **Closed** - Issue confirmed resolved in production

        ## Implementation Notes

        - Date started: 2026-02-14
        - A word beside the labels
        """;

    private Answer document(String text, String type) {
        return send("POST", "/issues", BodyPublishers.ofString(text), "Content-Type", type, "X-Actor", "ada");
    }

    @Test
    void a_document_becomes_an_issue_in_one_commit_with_all_that_it_implies() {
        Answer answer = document(CLOSED, "text/markdown").is(201);
        List<RecordedEvent> events = recorded(answer.at("/issueId"));

        assertThat(events)
                .extracting(RecordedEvent::type)
                .containsExactly(
                        "IssueOpened",
                        "PhasesPlanned",
                        "NoteRecorded",
                        "WorkStarted",
                        "PhaseStarted",
                        "TestingStarted",
                        "IssueFixed",
                        "IssueClosed");
        assertThat(events)
                .extracting(RecordedEvent::commit)
                .containsOnly(events.get(0).position());
        assertThat(answer.json().at("/version").longValue()).isEqualTo(8);
        assertThat(answer.json().at("/position").longValue()).isEqualTo(head());
        assertThat(answer.header("Location")).isEqualTo("/issues/" + answer.at("/issueId"));
        assertThat(answer.json()
                        .at("/warnings")
                        .valueStream()
                        .map(w -> w.at("/line").intValue()))
                .containsExactly(18);
        assertThat(events)
                .extracting(event -> EventJson.readMetadata(event.metadata()).reason())
                .containsExactly(null, null, null, "imported", "imported", "imported", "imported", "imported");
        assertThat(events.get(3).payload()).isEqualTo("{\"startedOn\":\"2026-02-14\"}");
        assertThat(events.get(6).payload()).contains("\"release\":\"unknown\"");
        assertThat(events.get(7).payload())
                .contains("{\"requirement\":\"ROOT_CAUSE\",\"reason\":\"imported\"}")
                .contains("{\"requirement\":\"PHASES\",\"reason\":\"imported\"}");
    }

    @Test
    void an_issue_from_a_document_goes_on_by_commands() {
        String id = document("# T\n\n## Issue Description\n\nD\n", "text/markdown;charset=utf-8")
                .is(201)
                .at("/issueId");

        assertThat(post("/issues/" + id + "/record-note", NOTE)
                        .is(200)
                        .json()
                        .at("/version")
                        .longValue())
                .isEqualTo(2);
    }

    @Test
    void all_errors_are_reported_with_their_lines_and_nothing_is_recorded() {
        long before = head();
        Answer answer = document(
                        "## Issue Description\n\n"
                                + "## Root Cause\n\n"
                                + "## root cause\n\n"
                                + "## Implementation Notes\n\n"
                                + "- Resolution: DUPLICATE\n",
                        "text/markdown")
                .isProblem(400, "malformed");

        assertThat(answer.errors("line")).containsExactly("1", "1", "5", "9");
        assertThat(answer.errors("detail"))
                .allSatisfy(detail -> assertThat(detail).isNotBlank());
        assertThat(head()).isEqualTo(before);
    }

    @Test
    void a_duplicate_of_an_unknown_issue_is_an_error_with_its_line_and_nothing_is_recorded() {
        long before = head();
        for (String dryRun : List.of("", "?dry-run=true")) {
            Answer answer = send(
                            "POST",
                            "/issues" + dryRun,
                            BodyPublishers.ofString("# T\n\n"
                                    + "## Issue Description\n\n"
                                    + "D\n\n"
                                    + "## Implementation Notes\n\n"
                                    + "- Resolution: DUPLICATE of nobody\n"),
                            "Content-Type",
                            "text/markdown",
                            "X-Actor",
                            "ada")
                    .isProblem(400, "malformed");

            assertThat(answer.errors("line")).containsExactly("9");
            assertThat(answer.errors("detail").get(0)).contains("nobody");
        }
        assertThat(head()).isEqualTo(before);
    }

    /** Lines of the template's own words; @ is a value. */
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
            "### Symptoms",
            "- **Severity**: @",
            "- **Affected Users**: @",
            "- Workarounds:",
            "**Business Impact**:",
            "Symptoms: @",
            "Endpoints:",
            "- @",
            "  - @",
            "1. **Phase 1**: @ (@)",
            "**Phase 2 description**: @",
            "- `@` - @",
            "- [@](http://a.b/@)",
            "[@]: http://a.b",
            "- [x] **Open** - @",
            "- [x] **In Progress**",
            "- [x] **Testing** - @",
            "- [x] **Fixed**",
            "- [x] **Closed** - @",
            "- Date started: @",
            "- Release: @",
            "- Resolution: @",
            "- Key decisions made: @",
            "- Performance improvements achieved: @",
            "  - p95 @: @ -> @",
            "@",
            "```",
            "---",
            "",
            "",
            "<!-- @ -->");

    private static final List<String> VALUES = List.of(
            "DUPLICATE",
            "DUPLICATE of nobody",
            "won't fix",
            "confirmed",
            "High",
            "Critical/High/Medium/Low",
            "[DATE]",
            "2026-02-14",
            "2026-02-30",
            "2026-02-14 to 2026-02-01",
            "99999999999999999999%",
            "15%",
            "1,200 users",
            "None",
            "-",
            "5 ms",
            "0,85 s",
            "99999999999999999999 ms",
            "1e999 ms",
            "latency",
            "x".repeat(201),
            "a\tb",
            "\u0000",
            "\\",
            "`",
            "\\[x]\\",
            "(",
            "[a][b]",
            "https://x.y/" + "z".repeat(300),
            "http://[",
            "\uD83D",
            "\u2028");

    @Test
    void no_document_of_the_templates_words_is_a_fault_of_the_server() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < 400; i++) {
            StringBuilder document = new StringBuilder("# T\n\n## Issue Description\n\nD\n\n");
            for (int l = 1 + random.nextInt(15); l > 0; l--) {
                String line = LINES.get(random.nextInt(LINES.size()));
                while (line.contains("@")) {
                    line = line.replaceFirst("@", Matcher.quoteReplacement(VALUES.get(random.nextInt(VALUES.size()))));
                }
                document.append(line).append('\n');
            }
            Answer answer = send(
                    "POST",
                    random.nextBoolean() ? "/issues" : "/issues?dry-run=true",
                    BodyPublishers.ofString(document.toString()),
                    "Content-Type",
                    "text/markdown",
                    "X-Actor",
                    "ada");
            assertThat(answer.status())
                    .as("seed %d:%n%s%n%s", seed, document, answer)
                    .isIn(200, 201, 400);
            accepted += answer.status() < 300 ? 1 : 0;
            if (answer.status() == 400) {
                assertThat(answer.errors("line"))
                        .as("seed %d:%n%s", seed, document)
                        .isNotEmpty();
            }
        }
        assertThat(accepted).isPositive();
    }

    @Test
    void another_charset_a_body_that_is_none_and_one_that_is_too_large_are_refused() {
        document("# T", "text/markdown; charset=iso-8859-1").isProblem(415, "unsupported-media-type");
        document("# T\n".repeat(300_000), "text/markdown").isProblem(413, "too-large");
        Answer bad = send(
                        "POST",
                        "/issues",
                        BodyPublishers.ofByteArray("# T\n\n\u00e9".getBytes(ISO_8859_1)),
                        "Content-Type",
                        "text/markdown")
                .isProblem(400, "malformed");
        assertThat(bad.errors("line")).containsExactly("3");
        document("", "text/markdown").isProblem(400, "malformed");
    }
}
