package issueledger.refusals;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A refused command, without any text of its body.
 *
 * @param id ascending; 0 before it is stored
 * @param command its name in paths
 * @param issueId null if the command opens an issue without an id, or the id is invalid
 * @param status 403, 409, 412 or 422
 * @param type the problem's, like {@code /problems/rejected}
 * @param reason the reason code of {@code 409 /problems/rejected}, else null
 */
public record RefusedCommand(
        long id,
        Instant at,
        String command,
        @Nullable String issueId,
        String actor,
        int status,
        String type,
        @Nullable String reason,
        String detail,
        String traceId) {

    RefusedCommand numbered(long number) {
        return new RefusedCommand(number, at, command, issueId, actor, status, type, reason, detail, traceId);
    }
}
