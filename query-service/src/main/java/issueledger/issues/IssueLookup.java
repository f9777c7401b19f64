package issueledger.issues;

import issueledger.http.Problem;
import issueledger.projections.Projections;
import issueledger.projections.ReadYourWritesFilter;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Finds the live view of an issue for the endpoints that answer a part of it. */
@Component
public class IssueLookup {
    private final Issues issues;
    private final Projections projections;

    IssueLookup(Issues issues, Projections projections) {
        this.issues = issues;
        this.projections = projections;
    }

    /** The view, and the answer to begin with. */
    public record Found(IssueView view, ResponseEntity.BodyBuilder answer) {}

    /** 404 if there is no such issue; says so where the view is not the last. */
    public Found find(String id, HttpServletRequest request) {
        Issues.Stored stored = issues.find(id).orElseThrow(() -> missing(id));
        IssueView view = stored.view();
        ResponseEntity.BodyBuilder answer = IssuesController.parkedOr(stored.parkedAt(), view != null, request);
        return new Found(view == null ? IssueView.of(id) : view, answer);
    }

    /** 404 for an issue without a view; 503 while the views do not hold what the log does, since it may be in there. */
    Problem missing(String id) {
        return projections.caughtUp() && projections.troubles().isEmpty()
                ? Problem.unknownIssue(id)
                : ReadYourWritesFilter.notYet(
                        projections.position(),
                        "The views hold position " + projections.position()
                                + " and not yet all of the log: try again.");
    }
}
