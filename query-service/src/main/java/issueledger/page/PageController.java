package issueledger.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.http.ContentHash;
import issueledger.http.MarkdownPage;
import issueledger.http.ServiceUrl;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The page itself, its settings, and the way to it; its other files are served by {@link PageFiles}. */
@RestController
class PageController {
    private static final String HOME = "/ui/";

    private final ServiceUrl commands;
    private final boolean tokens;
    private final String rolesClaim;
    private final String page = read();
    private final String importMap = ContentHash.source(importMapIn(page));

    PageController(
            @Value("${issue-ledger.command-url}") String url,
            @Value("${issue-ledger.command-port}") int port,
            @Value("${issue-ledger.jwt-issuer}") String issuer,
            @Value("${issue-ledger.jwk-set-uri}") String jwkSetUri,
            @Value("${issue-ledger.roles-claim}") String rolesClaim) {
        this.commands = ServiceUrl.of("ISSUE_LEDGER_COMMAND_URL", url, port);
        this.tokens = !issuer.isEmpty() || !jwkSetUri.isEmpty();
        this.rolesClaim = rolesClaim;
    }

    private static String read() {
        try (InputStream in = PageController.class.getResourceAsStream("/issueledger/page.html")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page's one inline script, which no browser takes from a file. */
    private static String importMapIn(String page) {
        String start = "<script type=\"importmap\">";
        int from = page.indexOf(start) + start.length();
        return page.substring(from, page.indexOf("</script>", from));
    }

    @GetMapping({"/", "/ui"})
    ResponseEntity<Void> toThePage() {
        return ResponseEntity.status(HttpStatus.TEMPORARY_REDIRECT)
                .location(URI.create(HOME))
                .build();
    }

    /** With the policy that allows requests to the two services alone. */
    @GetMapping(path = HOME, produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> page(HttpServletRequest request) {
        return ResponseEntity.ok()
                .contentType(MarkdownPage.HTML)
                .cacheControl(CacheControl.noCache())
                .header("Content-Security-Policy", policy(commands.origin(request)))
                .header("Referrer-Policy", "no-referrer")
                .body(page);
    }

    private String policy(String commandOrigin) {
        return "default-src 'none'; script-src 'self' " + importMap + "; style-src 'self'; img-src 'self';"
                + " connect-src 'self' " + commandOrigin
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /** Settings that the page needs before it can ask for anything else. */
    @GetMapping(path = HOME + "config.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Settings> settings(HttpServletRequest request) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new Settings(commands.base(request), tokens, rolesClaim));
    }

    /**
     * @param commandUrl without a slash at its end
     * @param tokens whether requests need a token
     * @param rolesClaim the claim of a token that has its roles
     */
    record Settings(String commandUrl, boolean tokens, String rolesClaim) {}
}
