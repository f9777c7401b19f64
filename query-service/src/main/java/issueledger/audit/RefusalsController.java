package issueledger.audit;

import issueledger.events.Checks;
import issueledger.http.Page;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.refusals.Refusals;
import issueledger.refusals.RefusedCommand;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What was refused, to whom and why. */
@RestController
class RefusalsController {
    private static final int MOST = 1_000;
    private static final int USUAL = 100;

    private final Refusals refusals;

    RefusalsController(Refusals refusals) {
        this.refusals = refusals;
    }

    /** Oldest first, after an item's {@code id}. */
    @GetMapping(path = "/audit/refusals", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<RefusedCommand> refusals(
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String issueId,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String command,
            @RequestParam(required = false) @Nullable String reason) {
        int most = Parameters.limit(limit, MOST, USUAL);
        long place = Parameters.position("after", after);
        require("issueId", issueId == null || Checks.isIssueId(issueId), Checks.MUST_BE_ISSUE_ID);
        require("actor", actor == null || Checks.isLine(actor), "must be a line of 1 to 200 characters");
        require("command", command == null || command.matches("[a-z]+(-[a-z]+)*"), "must be like record-note");
        require("reason", reason == null || reason.matches("[A-Z]+(_[A-Z]+)*"), "must be like WRONG_STATUS");
        // One more than asked for tells whether there is a next page.
        List<RefusedCommand> found = refusals.read(place, most + 1, issueId, actor, command, reason);
        return found.size() <= most
                ? Page.last(found)
                : new Page<>(
                        found.subList(0, most),
                        Long.toString(found.get(most - 1).id()));
    }

    private static void require(String parameter, boolean good, String otherwise) {
        if (!good) {
            throw Problem.malformedParameter(parameter, otherwise);
        }
    }
}
