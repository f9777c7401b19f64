package issueledger.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the blank template of an issue, with a legend in a comment that is not recorded. docs/template.md explains it. */
@RestController
public class TemplatePage {
    private final String template;

    TemplatePage() throws IOException {
        template = new ClassPathResource("/issueledger/http/template.md").getContentAsString(UTF_8);
    }

    @GetMapping(path = "/template", produces = MediaType.TEXT_MARKDOWN_VALUE)
    ResponseEntity<String> template() {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePublic())
                .contentType(MarkdownPage.MARKDOWN)
                .body(template);
    }
}
