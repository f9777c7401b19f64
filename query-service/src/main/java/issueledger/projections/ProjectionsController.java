package issueledger.projections;

import issueledger.http.Page;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The progress of each projection. */
@RestController
class ProjectionsController {
    private final Projections projections;

    ProjectionsController(Projections projections) {
        this.projections = projections;
    }

    @GetMapping(path = "/projections", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<Projections.Progress> projections() {
        return Page.last(projections.progress());
    }
}
