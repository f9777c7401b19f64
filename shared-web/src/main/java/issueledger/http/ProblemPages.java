package issueledger.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** Where a problem's {@code type} leads: what it, or a reason code, means and what a client does. The pages are docs/problems. */
@RestController
public class ProblemPages {
    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, UTF_8);
    private static final MediaType MARKDOWN = new MediaType(MediaType.TEXT_MARKDOWN, UTF_8);
    private static final MediaType PLAIN = new MediaType(MediaType.TEXT_PLAIN, UTF_8);

    private static final String STYLE = """
        :root { color-scheme: light dark }
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.4rem } h2 { font-size: 1.1rem }
        pre { overflow-x: auto; padding: .75rem; border: 1px solid; border-radius: .25rem }
        code { font-family: ui-monospace, monospace; font-size: .9em }
        """;
    private static final String POLICY = "default-src 'none'; style-src 'sha256-" + sha256(STYLE)
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Parser PARSER = Parser.builder().build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder().build();

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
                        + title(page.getValue()).replaceFirst(".*?: ", "") + "\n")
                .collect(Collectors.joining());
    }

    private static String title(String markdown) {
        return markdown.substring(2, markdown.indexOf('\n'));
    }

    private static ResponseEntity<String> answer(String markdown, String foot, HttpServletRequest request) {
        MediaType type = Stream.of(HTML, MARKDOWN, PLAIN)
                .max(Comparator.comparingDouble((MediaType each) -> Headers.quality(each, request))
                        .thenComparingInt(List.of(PLAIN, MARKDOWN, HTML)::indexOf))
                .orElseThrow();
        ResponseEntity.BodyBuilder ok = ResponseEntity.ok()
                .contentType(type)
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .cacheControl(CacheControl.maxAge(java.time.Duration.ofHours(1)).cachePublic());
        return type.equals(HTML)
                ? ok.header("Content-Security-Policy", POLICY).body(html(markdown, foot))
                : ok.body(markdown);
    }

    private static String html(String markdown, String foot) {
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%s</title>
            <style>%s</style>
            </head>
            <body>
            <main>
            %s</main>
            %s</body>
            </html>
            """.formatted(
                        HtmlUtils.htmlEscape(title(markdown)), STYLE, RENDERER.render(PARSER.parse(markdown)), foot);
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
