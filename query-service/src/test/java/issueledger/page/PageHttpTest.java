package issueledger.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.http.ContentHash;
import issueledger.query.Query.Answer;
import issueledger.query.QueryServiceTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page, its files and its settings. */
class PageHttpTest extends QueryServiceTest {
    private static final Path FILES = Path.of("target/classes/issueledger/ui");

    @Test
    void the_root_leads_to_the_page_and_the_api_answers_a_browser_as_before() {
        for (String path : List.of("/", "/ui")) {
            Answer answer = query.get(path);
            assertThat(answer.status()).isEqualTo(307);
            assertThat(answer.header("Location")).isEqualTo("/ui/");
        }
        assertThat(query.get("/issues", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                        .header("Content-Type"))
                .isEqualTo("application/json");
        query.get("/?x=1").isMalformed("x");
        query.send("POST", "/ui/").join().isProblem(405, "method-not-allowed");
    }

    @Test
    void the_policy_names_the_command_service_and_allows_no_inline_script_but_the_import_map() {
        Answer page = query.get("/ui/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
        String policy = page.header("Content-Security-Policy");
        assertThat(policy)
                .contains("default-src 'none'", "connect-src 'self' http://127.0.0.1:8080;", "style-src 'self';")
                .doesNotContain("unsafe", "*");
        Matcher inline = Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page.body());
        assertThat(inline.find()).isTrue();
        assertThat(policy).contains(ContentHash.source(inline.group(1)));
        assertThat(page.body()).doesNotContainPattern("<script(?![^>]*( src=|importmap))|<style| style=| on\\w+=");
    }

    @Test
    void the_settings_name_the_command_service_on_the_host_that_was_asked() {
        Answer settings = query.get("/ui/config.json");
        assertThat(settings.status()).isEqualTo(200);
        assertThat(settings.header("Cache-Control")).isEqualTo("no-store");
        assertThat(settings.body())
                .isEqualTo("{\"commandUrl\":\"http://127.0.0.1:8080\",\"tokens\":false,\"rolesClaim\":\"roles\"}");
        query.get("/ui/config.json?x=1").isMalformed("x");
    }

    @Test
    void every_file_is_served_with_a_tag_of_its_content_and_not_again_while_it_stands() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            for (Path file : files.toList()) {
                Answer answer = query.get("/ui/" + file.getFileName());
                assertThat(answer.status()).as("%s", file).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(Files.readString(file, UTF_8));
                assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
                assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
                String tag = answer.header("ETag");
                assertThat(tag).isEqualTo("W/\"" + ContentHash.of(Files.readAllBytes(file)) + "\"");
                assertThat(query.get("/ui/" + file.getFileName(), "If-None-Match", tag)
                                .status())
                        .isEqualTo(304);
            }
        }
    }

    @Test
    void every_module_that_is_imported_is_there() throws IOException {
        Set<String> imported = new TreeSet<>();
        Pattern imports = Pattern.compile("(?m)(?:^import .*from |^import |\\bimport\\()'([^']+)'");
        try (Stream<Path> files = Files.list(FILES)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".js")).toList()) {
                imports.matcher(Files.readString(file)).results().forEach(result -> imported.add(result.group(1)));
            }
        }
        assertThat(imported).contains("lit", "marked", "./api.js");
        for (String name : imported) {
            String path = name.startsWith("./") ? name.substring(2) : mapped(name);
            Answer answer = query.get("/ui/" + path);
            assertThat(answer.status()).as(name).isEqualTo(200);
            assertThat(answer.header("Content-Type")).as(name).startsWith("text/javascript");
        }
        assertThat(query.get("/ui/lib/uplot/dist/uPlot.min.css").status()).isEqualTo(200);
    }

    /** The path of a name in the import map; the longest entry wins. */
    private String mapped(String name) {
        Matcher entry = Pattern.compile("\"([^\"]+)\": \"\\./([^\"]+)\"")
                .matcher(query.get("/ui/").body());
        String best = "";
        String path = "";
        while (entry.find()) {
            String key = entry.group(1);
            boolean fits = key.equals(name) || (key.endsWith("/") && name.startsWith(key));
            if (fits && key.length() > best.length()) {
                best = key;
                path = entry.group(2) + name.substring(key.length());
            }
        }
        assertThat(path).as("the import map has %s", name).isNotEmpty();
        return path;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ui/nothing",
                "/ui/page.html",
                "/ui/PageController.class",
                "/ui/ui/app.js",
                "/ui/lib/lit/../../app.js",
                "/ui/%2e%2e/page.html",
                "/ui/lib/"
            })
    void there_is_nothing_else(String path) {
        query.get(path).isProblem(404, "not-found");
    }

    @Test
    void the_page_is_compressed_and_the_api_is_not() {
        assertThat(query.get("/ui/app.js", "Accept-Encoding", "gzip").header("Content-Encoding"))
                .isEqualTo("gzip");
        assertThat(query.get("/v3/api-docs", "Accept-Encoding", "gzip").header("Content-Encoding"))
                .isEmpty();
    }
}
