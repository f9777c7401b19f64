package issueledger.issues;

import static issueledger.events.IssueExamples.impact;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.note;
import static issueledger.query.Happenings.opened;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.Severity;
import issueledger.query.Query.Answer;
import issueledger.query.QueryServiceTest;
import org.junit.jupiter.api.Test;

/** {@code GET /issues/{id}} as the document. */
class DocumentHttpTest extends QueryServiceTest {

    private static String header(Answer answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void an_issue_is_read_as_its_document_now_and_then() {
        record("doc-1", opened("Slow # import", "It takes 5 s"), impact(Severity.HIGH), STARTED, note(1, "seen"));

        Answer now = query.get("/issues/doc-1", "Accept", "text/markdown");
        assertThat(now.status()).isEqualTo(200);
        assertThat(header(now, "Content-Type")).isEqualTo("text/markdown;charset=utf-8");
        assertThat(header(now, "Content-Disposition")).isEqualTo("inline; filename=\"doc-1.md\"");
        assertThat(header(now, "ETag")).isEqualTo("\"4-md\"");
        assertThat(header(now, "Vary")).isEqualTo("Accept");
        assertThat(now.body())
                .startsWith("# Slow # import\n\n## Issue Description\n\nIt takes 5 s\n")
                .contains("- **Severity**: High\n", "- [x] **In Progress**", "- [ ] **Testing**", "- Date started: ");

        Answer then = query.get("/issues/doc-1?version=2", "Accept", "text/markdown");
        assertThat(header(then, "ETag")).isEqualTo("\"2-md\"");
        assertThat(then.body()).contains("- [ ] **In Progress**").doesNotContain("Date started");

        assertThat(query.get("/issues/doc-1", "Accept", "text/markdown", "If-None-Match", "\"4-md\"")
                        .status())
                .isEqualTo(304);
        assertThat(query.get("/issues/doc-1", "Accept", "text/markdown", "If-None-Match", "\"4\"")
                        .status())
                .isEqualTo(200);
        assertThat(query.get("/issues/nobody", "Accept", "text/markdown").status())
                .isEqualTo(404);
    }

    @Test
    void json_is_answered_unless_markdown_is_wanted_more() {
        record("doc-2", opened("Slow import", "It takes 5 s"));

        assertThat(header(query.get("/issues/doc-2", "Accept", "*/*"), "Content-Type"))
                .startsWith("application/json");
        assertThat(header(query.get("/issues/doc-2", "Accept", "text/markdown, application/json"), "Content-Type"))
                .startsWith("application/json");
        assertThat(query.get("/issues/doc-2", "Accept", "application/json;q=0.5, text/*")
                        .header("Content-Type"))
                .startsWith("text/markdown");
        assertThat(query.get("/issues/doc-2", "Accept", "text/html").status()).isEqualTo(406);
    }
}
