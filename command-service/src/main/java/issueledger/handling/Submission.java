package issueledger.handling;

import issueledger.events.Checks;
import issueledger.events.Resolution;
import issueledger.events.Rfc3339;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Commands for one issue, decided and recorded as one commit: one command, or all that a document implies.
 *
 * @param effectiveAt when it happened, where it is recorded later
 * @param ifMatch the version that the issue must be at
 */
public record Submission(
        @TargetAggregateIdentifier String issueId,
        List<Step> steps,
        @Nullable Instant effectiveAt,
        @Nullable Long ifMatch) {
    private static final Duration TOLERATED_FUTURE = Duration.ofMinutes(5);

    /** A command with its reason. */
    public record Step(IssueCommand command, @Nullable String reason) {
        public Step {
            Checks checks = new Checks();
            reason = checks.optionalText("/reason", reason);
            checks.done();
        }
    }

    public Submission {
        steps = List.copyOf(steps);
        effectiveAt = effectiveAt == null ? null : Checks.milliseconds(effectiveAt);
    }

    /** A single command. */
    public static Submission of(
            String issueId,
            IssueCommand command,
            @Nullable String reason,
            @Nullable Instant effectiveAt,
            @Nullable Long ifMatch) {
        return new Submission(issueId, List.of(new Step(command, reason)), effectiveAt, ifMatch);
    }

    /** The command, if it is a single one. */
    Optional<IssueCommand> single() {
        return steps.size() == 1 ? Optional.of(steps.get(0).command()) : Optional.empty();
    }

    /** The issue's id if the server has made it for this submission, else null. */
    public @Nullable String newIssue() {
        return steps.get(0).command() instanceof OpenIssue opening && opening.id() == null ? issueId : null;
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
        checks.that(reason != null || !IssueState.needsReason(command, resolution), "/reason", "is required");
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
}
