package issueledger.issues;

import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.projections.Projections;
import issueledger.projections.ReadYourWritesFilter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.stereotype.Component;

/** Finds the live view of an issue. */
@Component
public class IssueLookup {
    private final Issues issues;
    private final Projections projections;

    IssueLookup(Issues issues, Projections projections) {
        this.issues = issues;
        this.projections = projections;
    }

    /** The view, and the response with its status and parked header. */
    public record Found(IssueView view, BodyBuilder answer) {}

    /** 404 if there is no such issue; {@link #parkedOr} if it has parked events. */
    public Found find(String id, HttpServletRequest request) {
        Issues.Stored stored = issues.find(id).orElseThrow(() -> missing(id));
        IssueView view = stored.view();
        BodyBuilder answer = parkedOr(stored.parkedAt(), view != null, request);
        return new Found(view == null ? IssueView.of(id) : view, answer);
    }

    /** 404 for an issue without a view; 503 while the views are behind the log, which may have the issue. */
    Problem missing(String id) {
        return projections.caughtUp() && projections.troubles().isEmpty()
                ? Problem.unknownIssue(id)
                : ReadYourWritesFilter.notYet(
                        projections.position(),
                        "The views hold position " + projections.position()
                                + " and not yet all of the log: try again.");
    }

    /** A parked issue is answered from its last good version; 503 without one, or where the client waits for the parked event. */
    static BodyBuilder parkedOr(@Nullable Long parkedAt, boolean good, HttpServletRequest request) {
        if (parkedAt == null) {
            return ResponseEntity.ok();
        }
        if (!good || ReadYourWritesFilter.minPosition(request) >= parkedAt) {
            throw parked(parkedAt);
        }
        return ResponseEntity.ok().header("Ledger-Parked", Long.toString(parkedAt));
    }

    static Problem parked(long position) {
        return new Problem(
                        ProblemType.PARKED,
                        "Event " + position + " cannot be read and is parked: an operator has to look at it.")
                .header("Ledger-Parked", Long.toString(position))
                .header("Retry-After", "60");
    }
}
