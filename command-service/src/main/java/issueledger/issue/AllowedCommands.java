package issueledger.issue;

import issueledger.events.Resolution;
import issueledger.events.Status;
import java.util.List;

/**
 * What an issue accepts now, by its status and phase.
 *
 * @param allowed names of commands
 * @param refused the other commands, with reasons
 * @param closeResolutions the resolutions that it may be closed with
 */
public record AllowedCommands(
        String issueId,
        long version,
        Status status,
        List<String> allowed,
        List<IssueState.NotAllowed> refused,
        List<Resolution> closeResolutions) {

    public static AllowedCommands of(String issueId, IssueState state) {
        return new AllowedCommands(
                issueId,
                state.version(),
                state.status(),
                state.allowedCommands(),
                state.refusedCommands(),
                state.closeResolutions());
    }
}
