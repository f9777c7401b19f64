package issueledger.web;

import issueledger.http.ServiceUrl;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Leads a person who opens this service in a browser to the page of the query service. */
@RestController
class PageRedirect {
    private final ServiceUrl queries;

    PageRedirect(ServiceUrl queries) {
        this.queries = queries;
    }

    @GetMapping("/")
    ResponseEntity<Void> toThePage(HttpServletRequest request) {
        return ResponseEntity.status(HttpStatus.TEMPORARY_REDIRECT)
                .location(URI.create(queries.base(request) + "/ui/"))
                .build();
    }
}
