package issueledger.refusals;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A command that was refused. No text of its body is in it.
 *
 * @param id its number, ascending; 0 before it is kept
 * @param command its name in paths
 * @param issueId null where one was to be opened without an id, or the id was none
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
