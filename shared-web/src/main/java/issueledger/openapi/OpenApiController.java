package issueledger.openapi;

import issueledger.openapi.Springdoc.Written;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The document that describes the service, made when it is first asked for. */
@RestController
class OpenApiController {
    private final ApplicationContext service;
    private final ServiceDocument document;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile @Nullable Written written;

    OpenApiController(ApplicationContext service, ServiceDocument document) {
        this.service = service;
        this.document = document;
    }

    @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<String> json(HttpServletRequest request) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(written(request).json());
    }

    @GetMapping(path = "/v3/api-docs.yaml", produces = MediaType.APPLICATION_YAML_VALUE)
    ResponseEntity<String> yaml(HttpServletRequest request) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_YAML)
                .body(written(request).yaml());
    }

    private Written written(HttpServletRequest request) {
        Written known = written;
        if (known != null) {
            return known;
        }
        writing.lock();
        try {
            Written made = written;
            if (made == null) {
                made = Springdoc.write(service, request.getServletContext(), document, request);
                written = made;
            }
            return made;
        } finally {
            writing.unlock();
        }
    }
}
