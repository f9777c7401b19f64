package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /issues/{id}/allowed-commands} for people. */
class AllowedCommandsPageTest extends OverHttp {
    @Test
    void each_command_has_its_meaning_and_each_refusal_its_reason() {
        String id = opened();
        Answer page = get("/issues/" + id + "/allowed-commands", "Accept", "text/markdown")
                .is(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/markdown;charset=UTF-8");
        assertThat(page.text())
                .startsWith("# Allowed commands\n\nThe issue `" + id + "` is OPEN, at version 1.\n")
                .contains("- **start-work**: Start the work\n")
                .contains("It may be closed as DUPLICATE, WONT_FIX, NOT_REPRODUCIBLE.\n")
                .contains("- **start-testing**: The issue is OPEN; start-testing is allowed in IN_PROGRESS."
                        + " [WRONG_STATUS](../../problems/WRONG_STATUS)\n");
    }

    @Test
    void its_links_lead_somewhere() {
        String id = opened();
        String html = get("/issues/" + id + "/allowed-commands", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                .is(200)
                .text();
        assertThat(html).contains("href=\"../../problems/WRONG_STATUS\"", "href=\"../../swagger-ui.html\"");
        get("/problems/WRONG_STATUS").is(200);
        get("/swagger-ui.html").is(302);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*/*", "application/json", "text/html;q=0.5, application/json", "text/html, application/json"})
    void json_is_the_default(String accept) {
        Answer answer = get("/issues/" + opened() + "/allowed-commands", "Accept", accept)
                .is(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("ETag")).isEqualTo("\"1\"");
        assertThat(answer.header("Vary")).contains("Accept");
        assertThat(answer.json().at("/closeResolutions")).hasSize(3);
    }

    @Test
    void a_page_of_no_issue_is_a_problem() {
        get("/issues/nobody-opened-this/allowed-commands", "Accept", "text/html")
                .isProblem(404, "unknown-issue");
        get("/issues/nobody-opened-this/allowed-commands", "Accept", "image/png")
                .isProblem(406, "not-acceptable");
    }
}
