package issueledger.audit;

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

/** Refused commands, with their actors and reasons. */
@RestController
public class RefusalsController {
    public static final int MAX_REFUSALS = 1_000;
    public static final int DEFAULT_REFUSALS = 100;

    private final Refusals refusals;

    RefusalsController(Refusals refusals) {
        this.refusals = refusals;
    }

    /** Oldest first, after an item's {@code id}. */
    @GetMapping(path = "/audit/refusals", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<RefusedCommand> refusals(
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String issueId,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String command,
            @RequestParam(required = false) @Nullable String reason) {
        int most = Parameters.limit(limit, MAX_REFUSALS, DEFAULT_REFUSALS);
        long place = Parameters.after(after, cursor);
        Parameters.issueId("issueId", issueId);
        Parameters.actor("actor", actor);
        require("command", command == null || command.matches("[a-z]+(-[a-z]+)*"), "must be like record-note");
        require("reason", reason == null || reason.matches("[A-Z]+(_[A-Z]+)*"), "must be like WRONG_STATUS");
        List<RefusedCommand> found = refusals.read(place, most + 1, issueId, actor, command, reason);
        return Page.of(found, most, refusal -> Long.toString(refusal.id()));
    }

    private static void require(String parameter, boolean good, String otherwise) {
        if (!good) {
            throw Problem.malformedParameter(parameter, otherwise);
        }
    }
}
