package issueledger.handling;

import issueledger.events.Checks;
import issueledger.events.Resolution;
import issueledger.events.Rfc3339;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.CloseIssue;
import issueledger.issue.IssueCommand.CorrectNote;
import issueledger.issue.IssueCommand.ReopenIssue;
import issueledger.issue.IssueCommand.ReturnToWork;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to an issue, with what every command's body also takes.
 *
 * @param effectiveAt when it happened, where it is recorded later
 * @param ifMatch the version that the issue must be at
 */
public record Submission(
        @TargetAggregateIdentifier String issueId,
        IssueCommand command,
        @Nullable String reason,
        @Nullable Instant effectiveAt,
        @Nullable Long ifMatch) {
    private static final Duration TOLERATED_FUTURE = Duration.ofMinutes(5);

    public Submission {
        Checks checks = new Checks();
        reason = checks.optionalText("/reason", reason);
        checks.done();
        effectiveAt = effectiveAt == null ? null : Checks.milliseconds(effectiveAt);
    }

    /**
     * Checks the fields that every body takes, against the command and the clock.
     *
     * @param resolution that of a command that closes
     * @throws issueledger.events.InvalidValue with all their offences
     */
    public static void check(
            Class<? extends IssueCommand> command,
            @Nullable Resolution resolution,
            @Nullable String reason,
            @Nullable Instant effectiveAt,
            Instant now) {
        Checks checks = new Checks();
        checks.that(reason != null || !needsReason(command, resolution), "/reason", "is required");
        checks.optionalText("/reason", reason);
        if (effectiveAt != null) {
            checks.that(!effectiveAt.isBefore(Instant.EPOCH), "/effectiveAt", "must not be before 1970");
            checks.that(
                    !effectiveAt.isAfter(now.plus(TOLERATED_FUTURE)),
                    "/effectiveAt",
                    "must be at most 5 minutes after " + Rfc3339.format(now));
        }
        checks.done();
    }

    /** Whether the command always needs a reason, given how it closes the issue if it does. */
    public static boolean needsReason(Class<? extends IssueCommand> command, @Nullable Resolution resolution) {
        return command == ReturnToWork.class
                || command == ReopenIssue.class
                || command == CorrectNote.class
                || (command == CloseIssue.class
                        && (resolution == Resolution.WONT_FIX || resolution == Resolution.NOT_REPRODUCIBLE));
    }
}
