package issueledger.diff;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.flipkart.zjsonpatch.DiffFlags;
import com.flipkart.zjsonpatch.Jackson3JsonDiff;
import issueledger.axon.EventReader.UnreadableEvent;
import issueledger.events.EventJson;
import issueledger.http.Parameters;
import issueledger.issues.IssueLookup;
import issueledger.issues.IssueView;
import issueledger.issues.Replay;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The difference between two versions of an issue, as a JSON Patch (RFC 6902) and as readable lines. */
@RestController
class DiffController {
    private final IssueLookup issues;
    private final Replay replay;

    DiffController(IssueLookup issues, Replay replay) {
        this.issues = issues;
        this.replay = replay;
    }

    /** @param patch turns the issue at {@code from} into the issue at {@code to} */
    record Diff(long from, long to, List<Operation> patch, List<String> changes) {}

    /** @param value null for a {@code remove} */
    record Operation(
            String op,
            String path,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            JsonNode value) {
        static Operation of(JsonNode operation) {
            return new Operation(
                    operation.get("op").stringValue(), operation.get("path").stringValue(), operation.get("value"));
        }
    }

    @GetMapping(path = "/issues/{id}/diff", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Diff> diff(
            @PathVariable String id,
            @RequestParam @Nullable String from,
            @RequestParam @Nullable String to,
            HttpServletRequest request) {
        long older = Parameters.version("from", from, 0);
        long newer = Parameters.version("to", to, 0);
        BodyBuilder answer = ResponseEntity.ok();
        if (newer == 0) {
            IssueLookup.Found now = issues.find(id, request);
            answer = now.answer();
            newer = now.view().version();
        }
        if (older == 0) {
            older = Math.max(1, newer - 1);
        }
        return answer.body(diff(id, older, newer));
    }

    private Diff diff(String id, long from, long to) {
        Map<Long, IssueView> views;
        try {
            views = replay.versions(id, new HashSet<>(List.of(from, to)));
        } catch (UnreadableEvent e) {
            throw IssueLookup.parked(e.event().position());
        }
        JsonNode before = json(views, from);
        JsonNode after = json(views, to);
        JsonNode patch = Jackson3JsonDiff.asJson(
                before,
                after,
                EnumSet.of(
                        DiffFlags.OMIT_VALUE_ON_REMOVE, DiffFlags.OMIT_MOVE_OPERATION, DiffFlags.OMIT_COPY_OPERATION));
        return new Diff(
                from, to, patch.valueStream().map(Operation::of).toList(), ReadableChanges.between(before, after));
    }

    /** The issue as it is answered, with exact decimals. */
    private static JsonNode json(Map<Long, IssueView> views, long version) {
        IssueView view = views.get(version);
        if (view == null) {
            throw Replay.unknownVersion(version);
        }
        return EventJson.MAPPER.readTree(EventJson.MAPPER.writeValueAsBytes(view));
    }
}
