package issueledger.issues;

import issueledger.events.EventJson;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.issues.Issues.Answer;
import issueledger.issues.Issues.Row;
import issueledger.projections.Projections;
import issueledger.projections.ReadYourWritesFilter;
import issueledger.projections.ViewsDamaged;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.stereotype.Component;

/** Finds live views. A view that is not stored as it was written is folded from the log. */
@Component
public class IssueLookup {
    private final IssuesProjection projection;
    private final Projections projections;
    private final Replay replay;

    IssueLookup(IssuesProjection projection, Projections projections, Replay replay) {
        this.projection = projection;
        this.projections = projections;
        this.replay = replay;
    }

    /** The view, and the response with its status and parked header. */
    public record Found(IssueView view, BodyBuilder answer) {}

    /** The view's JSON, and the response with its status and parked header. */
    record FoundJson(Answer json, BodyBuilder answer) {}

    /** 404 if there is no such issue; 503 or a header if it has parked events. */
    public Found find(String id, HttpServletRequest request) {
        Optional<IssueView> view = read(id, issues -> issues.find(id).map(Issues.Stored::view), Function.identity());
        return new Found(
                view.orElseGet(() -> {
                    if (parkedAt(id) == null) {
                        throw missing(id);
                    }
                    return IssueView.of(id);
                }),
                answer(id, view.isPresent(), request));
    }

    /** As {@link #find}, without parsing the view. */
    FoundJson json(String id, HttpServletRequest request) {
        Answer json = read(
                        id,
                        issues -> issues.answer(id),
                        view -> new Answer(view.version(), EventJson.MAPPER.writeValueAsBytes(view)))
                .orElseThrow(() -> {
                    Long parkedAt = parkedAt(id);
                    return parkedAt == null ? missing(id) : parked(parkedAt);
                });
        return new FoundJson(json, answer(id, true, request));
    }

    private <T> Optional<T> read(String id, Function<Issues, Optional<T>> stored, Function<IssueView, T> folded) {
        long position = projections.position();
        Issues issues = projection.served();
        if (issues == null) {
            return replayed(id, position, folded);
        }
        try {
            Optional<T> found = stored.apply(issues);
            return found.isPresent() || parkedAt(id) != null ? found : lost(id, position, folded);
        } catch (ViewsDamaged e) {
            projections.damaged(IssuesProjection.NAME, e);
            return replayed(id, position, folded);
        }
    }

    /** An issue that the log has at the position of the views and that is not found in them: their index is damaged. */
    private <T> Optional<T> lost(String id, long position, Function<IssueView, T> folded) {
        Optional<T> replayed = replayed(id, position, folded);
        if (replayed.isPresent()) {
            projections.damaged(IssuesProjection.NAME, new ViewsDamaged("the view of " + id + " is missing"));
        }
        return replayed;
    }

    /** Empty while there are no views: the log may have what the position in the answer does not promise. */
    private <T> Optional<T> replayed(String id, long position, Function<IssueView, T> folded) {
        return position == 0
                ? Optional.empty()
                : replay.replay(id, event -> event.position() <= position).map(folded);
    }

    /** The views; 503 while there are none. */
    Issues live() {
        Issues issues = projection.served();
        if (issues == null) {
            throw notYet();
        }
        return issues;
    }

    /** A page of a list; 503 if it cannot be read from the views. */
    List<Row> list(Supplier<List<Row>> page) {
        try {
            return page.get();
        } catch (ViewsDamaged e) {
            projections.damaged(IssuesProjection.NAME, e);
            throw ReadYourWritesFilter.notYet(
                    projections.position(), "The views are damaged and being rebuilt: try again.");
        }
    }

    /** A list's response, with the first parked position of all issues that is not after a position. */
    BodyBuilder listAnswer(long position) {
        Long parked = projections.firstParked(IssuesProjection.NAME);
        return parked == null || parked > position
                ? ResponseEntity.ok()
                : ResponseEntity.ok().header("Ledger-Parked", Long.toString(parked));
    }

    private @Nullable Long parkedAt(String id) {
        return projections.parkedAt(IssuesProjection.NAME, id);
    }

    private Problem notYet() {
        return ReadYourWritesFilter.notYet(
                projections.position(),
                "The views hold position " + projections.position() + " and not yet all of the log: try again.");
    }

    /** 404 for an issue without a view; 503 while the views are behind the log, which may have the issue. */
    private Problem missing(String id) {
        return projections.caughtUp()
                        && projection.served() != null
                        && projections.troubles().isEmpty()
                ? Problem.unknownIssue(id)
                : notYet();
    }

    /** A parked issue is answered from its last good version; 503 without one, or where the client waits for the parked event. */
    private BodyBuilder answer(String id, boolean good, HttpServletRequest request) {
        Long parkedAt = parkedAt(id);
        if (parkedAt == null) {
            return ResponseEntity.ok();
        }
        if (!good || ReadYourWritesFilter.minPosition(request) >= parkedAt) {
            throw parked(parkedAt);
        }
        return ResponseEntity.ok().header("Ledger-Parked", Long.toString(parkedAt));
    }

    /** 503 for an issue with an event that cannot be read. */
    public static Problem parked(long position) {
        return new Problem(
                        ProblemType.PARKED,
                        "Event " + position + " cannot be read and is parked: an operator has to look at it.")
                .header("Ledger-Parked", Long.toString(position))
                .header("Retry-After", "60");
    }
}
