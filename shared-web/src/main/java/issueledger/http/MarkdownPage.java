package issueledger.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.web.util.HtmlUtils;

/** A Markdown text as its client wants it: as it is, or as an HTML page in which HTML of the text is text. */
public final class MarkdownPage {
    public static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, UTF_8);
    public static final MediaType MARKDOWN = new MediaType(MediaType.TEXT_MARKDOWN, UTF_8);
    static final MediaType PLAIN = new MediaType(MediaType.TEXT_PLAIN, UTF_8);

    private static final String STYLE = """
        :root { color-scheme: light dark }
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.4rem } h2 { font-size: 1.1rem }
        pre { overflow-x: auto; padding: .75rem; border: 1px solid; border-radius: .25rem }
        code { font-family: ui-monospace, monospace; font-size: .9em }
        table { border-collapse: collapse } th, td { padding: .2rem .6rem; border-bottom: 1px solid; text-align: left }
        """;
    private static final String POLICY = "default-src 'none'; style-src " + ContentHash.source(STYLE)
            + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().extensions(EXTENSIONS).escapeHtml(true).build();

    private MarkdownPage() {}

    /**
     * The text in the type that {@code Accept} prefers.
     *
     * @param foot HTML behind the text, for a page
     * @param types the types to choose from; of equal ones the first
     */
    public static ResponseEntity<String> answer(
            BodyBuilder answer, String markdown, String foot, List<MediaType> types, HttpServletRequest request) {
        MediaType type = types.stream()
                .max(Comparator.comparingDouble((MediaType each) -> Headers.quality(each, request))
                        .thenComparing(Comparator.comparingInt(types::indexOf).reversed()))
                .orElseThrow();
        answer.contentType(type).header(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        return type.equals(HTML)
                ? answer.header("Content-Security-Policy", POLICY).body(html(markdown, foot))
                : answer.body(markdown);
    }

    /** The first heading. */
    static String title(String markdown) {
        return markdown.substring(2, markdown.indexOf('\n'));
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
}
