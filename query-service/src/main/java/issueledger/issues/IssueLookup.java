package issueledger.issues;

import issueledger.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Finds the live view of an issue for the endpoints that answer a part of it. */
@Component
public class IssueLookup {
    private final Issues issues;

    IssueLookup(Issues issues) {
        this.issues = issues;
    }

    /** The view, and the answer to begin with. */
    public record Found(IssueView view, ResponseEntity.BodyBuilder answer) {}

    /** 404 if there is no such issue; says so where the view is not the last. */
    public Found find(String id, HttpServletRequest request) {
        Issues.Stored stored = issues.find(id).orElseThrow(() -> Problem.unknownIssue(id));
        IssueView view = stored.view();
        ResponseEntity.BodyBuilder answer = IssuesController.parkedOr(stored.parkedAt(), view != null, request);
        return new Found(view == null ? IssueView.of(id) : view, answer);
    }
}
