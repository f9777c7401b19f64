package issueledger.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Where a problem's {@code type} leads: what it, or a reason code, means and what a client does. The pages are docs/problems. */
@RestController
public class ProblemPages {
    private static final List<MediaType> TYPES = List.of(MarkdownPage.HTML, MarkdownPage.MARKDOWN, MarkdownPage.PLAIN);

    private final Map<String, String> pages = new TreeMap<>();

    ProblemPages() throws IOException {
        for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath*:problems/*.md")) {
            String name = Objects.requireNonNull(file.getFilename()).replaceFirst("\\.md$", "");
            // Links between the files lead from page to page.
            pages.put(name, file.getContentAsString(UTF_8).replaceAll("\\]\\(([\\w-]+)\\.md\\)", "]($1)"));
        }
    }

    /** The names that have a page. */
    public Set<String> names() {
        return pages.keySet();
    }

    @GetMapping(
            path = "/problems/{name}",
            produces = {MediaType.TEXT_HTML_VALUE, MediaType.TEXT_MARKDOWN_VALUE, MediaType.TEXT_PLAIN_VALUE})
    ResponseEntity<String> page(@PathVariable String name, HttpServletRequest request) {
        String page = pages.get(name);
        if (page == null) {
            throw Problem.notFound("There is no such problem; /problems lists them.");
        }
        return answer(page, "<p><a href=\"../problems\">All problems</a></p>\n", request);
    }

    @GetMapping(
            path = "/problems",
            produces = {MediaType.TEXT_HTML_VALUE, MediaType.TEXT_MARKDOWN_VALUE, MediaType.TEXT_PLAIN_VALUE})
    ResponseEntity<String> all(HttpServletRequest request) {
        return answer("""
            # Problems

            What the `type` of a problem means, and what a client does.

            %s
            ## Reasons

            Why a rule refused a command: the `reason` of a [rejected](problems/rejected) one.

            %s\
            """.formatted(list(false), list(true)), "", request);
    }

    private String list(boolean reasons) {
        return pages.entrySet().stream()
                .filter(page -> Character.isUpperCase(page.getKey().charAt(0)) == reasons)
                .map(page -> "- [" + page.getKey() + "](problems/" + page.getKey() + "): "
                        + MarkdownPage.title(page.getValue()).replaceFirst(".*?: ", "") + "\n")
                .collect(Collectors.joining());
    }

    private static ResponseEntity<String> answer(String markdown, String foot, HttpServletRequest request) {
        ResponseEntity.BodyBuilder ok = ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(java.time.Duration.ofHours(1)).cachePublic());
        return MarkdownPage.answer(ok, markdown, foot, TYPES, request);
    }
}
