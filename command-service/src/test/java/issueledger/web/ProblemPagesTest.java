package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.http.ProblemPages;
import issueledger.http.ProblemType;
import issueledger.issue.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The type of a problem is the path of the page that explains it. */
class ProblemPagesTest extends OverHttp {
    private static final Pattern ANSWER =
            Pattern.compile("\n```\nHTTP/1.1 (\\d{3})\n.*?\n\n(\\{.*?})\n```\n", Pattern.DOTALL);

    @Autowired
    private ProblemPages pages;

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../docs/problems"))) {
            return files.map(file -> file.getFileName().toString().replace(".md", "")).toList().stream();
        }
    }

    @Test
    void every_type_and_every_reason_has_a_page_and_no_page_is_of_anything_else() {
        Set<String> expected = new TreeSet<>();
        Arrays.stream(ProblemType.values()).map(ProblemType::slug).forEach(expected::add);
        Arrays.stream(Reason.values()).map(Enum::name).forEach(expected::add);
        assertThat(pages.names()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("names")
    void a_page_has_an_example_of_its_own_problem(String name) {
        Matcher answer = ANSWER.matcher(
                get("/problems/" + name, "Accept", "text/markdown").is(200).text());
        assertThat(answer.find()).isTrue();
        JsonNode problem = EventJson.MAPPER.readTree(answer.group(2));
        assertThat(problem.at("/status").asString()).isEqualTo(answer.group(1));
        if (Character.isUpperCase(name.charAt(0))) {
            assertThat(problem.at("/type").asString()).isEqualTo("/problems/rejected");
            assertThat(problem.at("/reason").asString()).isEqualTo(name);
        } else {
            assertThat(problem.at("/type").asString()).isEqualTo("/problems/" + name);
        }
        Set<String> members = new HashSet<>(List.of("title", "detail", "instance", "traceId"));
        assertThat(problem.propertyNames()).containsAll(members);
    }

    @ParameterizedTest
    @MethodSource("names")
    void all_links_of_a_page_lead_to_pages(String name) {
        String html = get("/problems/" + name).is(200).text();
        Matcher link = Pattern.compile("href=\"([^\"]*)\"").matcher(html);
        List<String> links = link.results().map(found -> found.group(1)).collect(Collectors.toList());
        assertThat(links.remove("../problems")).isTrue();
        assertThat(pages.names()).containsAll(links);
    }

    @Test
    void the_type_of_a_problem_leads_to_its_page() {
        String type = post("/issues/none/start-work", "{}")
                .isProblem(404, "unknown-issue")
                .at("/type");
        assertThat(get(type).is(200).text()).contains("<h1>unknown-issue: There is no such issue</h1>");
    }

    @Test
    void a_browser_gets_a_page_that_needs_nothing_else() {
        Answer page = get("/problems/WRONG_STATUS", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                .is(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.header("Vary")).contains("Accept");
        assertThat(page.header("Cache-Control")).contains("max-age=3600");
        assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'; style-src 'sha256-");
        assertThat(page.text())
                .startsWith("<!doctype html>\n<html lang=\"en\">")
                .contains("<title>WRONG_STATUS: The issue&#39;s status does not allow the command</title>")
                .contains("<a href=\"rejected\">rejected</a>")
                .doesNotContain("<script", "src=", "http://", "https://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/*", "text/html", "text/markdown;q=0.5, text/html", "text/markdown;q=0, */*"})
    void html_is_the_default(String accept) {
        assertThat(get("/problems/malformed", "Accept", accept).is(200).header("Content-Type"))
                .isEqualTo("text/html;charset=UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/markdown", "text/html;q=0.5, text/markdown", "text/html;q=0, */*"})
    void the_page_can_be_had_as_markdown(String accept) {
        Answer page = get("/problems/malformed", "Accept", accept).is(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/markdown;charset=UTF-8");
        assertThat(page.header("Vary")).contains("Accept");
        assertThat(page.text()).startsWith("# malformed: The request is malformed\n");
    }

    @Test
    void the_page_can_be_had_as_plain_text() {
        Answer page = get("/problems/malformed", "Accept", "text/plain").is(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/plain;charset=UTF-8");
        assertThat(page.text()).startsWith("# malformed");
    }

    @Test
    void other_media_types_are_refused_and_an_unknown_name_is_not_found() {
        get("/problems/malformed", "Accept", "application/json").isProblem(406, "not-acceptable");
        get("/problems/bogus").isProblem(404, "not-found");
        get("/problems/MALFORMED").isProblem(404, "not-found");
        get("/problems/malformed?lang=en").isProblem(400, "malformed");
        post("/problems/malformed", "{}").isProblem(405, "method-not-allowed");
    }

    @Test
    void all_pages_are_listed() {
        String list = get("/problems", "Accept", "text/markdown").is(200).text();
        assertThat(pages.names())
                .allSatisfy(name -> assertThat(list).contains("- [" + name + "](problems/" + name + "): "));
        assertThat(get("/problems").is(200).text())
                .contains("<a href=\"problems/WRONG_STATUS\">WRONG_STATUS</a>: The issue's status does not allow");
    }
}
