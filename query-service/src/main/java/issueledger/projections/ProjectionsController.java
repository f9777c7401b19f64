package issueledger.projections;

import issueledger.http.Page;
import issueledger.http.Parameters;
import issueledger.http.StrictParameters;
import issueledger.projections.Generation.Parked;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Each projection's progress, parked events and rebuild. */
@RestController
public class ProjectionsController {
    public static final int MAX_PARKED = 1_000;
    public static final int DEFAULT_PARKED = 100;

    private final Projections projections;

    ProjectionsController(Projections projections) {
        this.projections = projections;
    }

    /** What became of a retry: the events that are applied, and those that are still parked. */
    record Retried(long retried, long parked) {}

    @GetMapping(path = "/projections", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<Projections.Progress> projections() {
        return Page.last(projections.progress());
    }

    @GetMapping(path = "/projections/{name}/parked", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<Parked> parked(
            @PathVariable String name, @RequestParam @Nullable String limit, @RequestParam @Nullable String cursor) {
        int most = Parameters.limit(limit, MAX_PARKED, DEFAULT_PARKED);
        List<Parked> parked = projections.feeder(name).parked(Parameters.position("cursor", cursor), most + 1);
        return Page.of(parked, most, event -> Long.toString(event.position()));
    }

    @PostMapping(path = "/projections/{name}/parked/retry", produces = MediaType.APPLICATION_JSON_VALUE)
    Retried retry(@PathVariable String name, HttpServletRequest request) throws InterruptedException {
        StrictParameters.check(request, Set.of());
        Orders.Retry outcome = projections.feeder(name).orderRetry();
        return new Retried(orZero(outcome.retried()), orZero(outcome.parked()));
    }

    private static long orZero(@Nullable Long number) {
        return number == null ? 0 : number;
    }

    @PostMapping(path = "/projections/{name}/rebuild", produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    Rebuild startRebuild(@PathVariable String name, HttpServletRequest request) {
        StrictParameters.check(request, Set.of());
        return projections.feeder(name).orderRebuild();
    }

    @GetMapping(path = "/projections/{name}/rebuild", produces = MediaType.APPLICATION_JSON_VALUE)
    Rebuild rebuild(@PathVariable String name) {
        return projections.feeder(name).rebuild();
    }
}
