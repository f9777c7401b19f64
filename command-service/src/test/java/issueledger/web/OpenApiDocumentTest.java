package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** The document and the page that show it, and that they change nothing else. */
class OpenApiDocumentTest extends OverHttp {
    private static final String ONE_COMMAND = "/issues/{id}/{command}";

    @Autowired
    private RequestMappingHandlerMapping requestMappingHandlerMapping;

    @Autowired
    private RequestMappingHandlerAdapter adapter;

    private JsonNode document() {
        return get("/v3/api-docs").is(200).json();
    }

    @Test
    void it_has_each_mapped_path_and_each_command_and_no_other() {
        Set<String> mapped = new TreeSet<>();
        requestMappingHandlerMapping.getHandlerMethods().keySet().stream()
                .flatMap(mapping -> mapping.getPatternValues().stream())
                .filter(path -> !path.equals("/error") && !path.startsWith("/bench/"))
                .flatMap(path -> path.equals(ONE_COMMAND) ? pathsOfCommands() : Stream.of(path))
                .forEach(mapped::add);

        assertThat(document().get("paths").propertyNames().stream().filter(path -> !path.startsWith("/actuator/")))
                .containsExactlyInAnyOrderElementsOf(mapped);
    }

    private static Stream<String> pathsOfCommands() {
        return IssueCommand.BY_NAME.entrySet().stream()
                .filter(command -> command.getValue() != OpenIssue.class)
                .map(command -> ONE_COMMAND.replace("{command}", command.getKey()));
    }

    @Test
    void every_operation_says_what_it_does_and_which_problems_it_answers() {
        document()
                .get("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, operation) -> {
                    assertThat(operation.path("summary").asString(""))
                            .as("%s %s is not described: see document.yaml", method, path)
                            .isNotBlank();
                    assertThat(operation.at("/responses/default/$ref").asString(""))
                            .as("%s %s", method, path)
                            .isEqualTo("#/components/responses/problem");
                }));
    }

    @Test
    void it_is_of_openapi_3_1_and_knows_its_version_and_licence_and_no_host() {
        JsonNode document = document();
        assertThat(document.get("openapi").stringValue()).startsWith("3.1");
        assertThat(document.at("/info/version").stringValue()).isNotEqualTo("unknown");
        assertThat(document.at("/info/license/identifier").stringValue()).isEqualTo("Apache-2.0");
        assertThat(document.at("/servers")).hasSize(1);
        assertThat(document.at("/servers/0/url").stringValue()).isEqualTo("/");
    }

    @Test
    void it_is_the_same_for_every_caller() {
        String one = get("/v3/api-docs").text();
        assertThat(get("/v3/api-docs", "Accept-Language", "de").text()).isEqualTo(one);
        assertThat(get("/v3/api-docs.yaml").is(200).header("Content-Type")).isEqualTo("application/yaml");
        get("/v3/api-docs?group=all").isProblem(400, "malformed");
        get("/v3/api-docs", "Accept", "text/html").isProblem(406, "not-acceptable");
        get("/v3/api-docs/swagger-config").isProblem(404, "not-found");
    }

    @Test
    void the_page_shows_it_with_what_is_here_alone() {
        assertThat(get("/swagger-ui.html").is(302).header("Location")).endsWith(localhost() + "/swagger-ui/index.html");
        String page = get("/swagger-ui/index.html").is(200).text();
        Matcher parts = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page);
        int found = 0;
        for (; parts.find(); found++) {
            assertThat(parts.group(1)).doesNotContain(":", "//");
            get("/swagger-ui/" + parts.group(1)).is(200);
        }
        assertThat(found).isGreaterThan(4);
        assertThat(get("/swagger-ui/swagger-initializer.js").text())
                .contains("url: '../v3/api-docs'", "validatorUrl: null")
                .doesNotContain("http");
    }

    @Test
    void no_other_file_is_served() {
        for (String path : List.of(
                "/swagger-ui/nothing.js",
                "/webjars/swagger-ui/index.html",
                "/index.html",
                "/swagger-ui/..%2f..%2fapplication.yaml",
                "/issueledger/openapi/examples.json")) {
            assertThat(get(path).status()).as(path).isIn(400, 404);
            assertThat(get(path).at("/type")).startsWith("/problems/");
        }
    }

    @Test
    void what_the_document_is_written_with_writes_nothing_else() {
        assertThat(adapter.getMessageConverters())
                .filteredOn(converter ->
                        converter.getClass().getPackageName().startsWith("org.springframework.http.converter.json"))
                .hasExactlyElementsOfTypes(JacksonJsonHttpMessageConverter.class)
                .allSatisfy(converter -> assertThat(((JacksonJsonHttpMessageConverter) converter).getMapper())
                        .isSameAs(EventJson.MAPPER));
        String id = opened();
        get("/issues/" + id + "/allowed-commands", "Accept", "application/yaml").isProblem(406, "not-acceptable");
        send("POST", "/issues", BodyPublishers.ofString("title: Slow"), "Content-Type", "application/yaml")
                .isProblem(415, "unsupported-media-type");
    }

    @Test
    void the_service_goes_on_when_it_was_written() {
        document();
        String id = opened();
        Answer results = send(
                        "POST",
                        "/commands",
                        BodyPublishers.ofString("{\"command\":\"start-work\",\"issueId\":\"" + id + "\"}"),
                        "Content-Type",
                        "application/x-ndjson")
                .is(200);
        assertThat(results.at("/status")).isEqualTo("200");
    }

    @Test
    void every_type_of_problem_that_it_tells_of_has_its_page() {
        List<String> types = document()
                .at("/components/schemas")
                .valueStream()
                .map(schema -> schema.at("/properties/type/const").asString(""))
                .filter(type -> !type.isEmpty())
                .toList();
        assertThat(types)
                .hasSizeGreaterThan(10)
                .allSatisfy(type -> get(type, "Accept", "text/markdown").is(200));
    }
}
