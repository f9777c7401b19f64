package issueledger.issue;

import issueledger.events.IssueEvent;
import issueledger.events.Resolution;
import issueledger.events.Status;
import issueledger.issue.IssueState.Context;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@link IssueState#RULES}: when a command is allowed, what else it takes, and how it is decided.
 *
 * @param statuses in which the command is allowed
 * @param resolutions that the row of a closing command is for; empty for every other command
 * @param limit of the things of which the command adds one, null if it adds none
 */
record CommandRule<C extends IssueCommand>(
        Class<C> command,
        Set<Status> statuses,
        Decision<C> decision,
        Set<Trait> traits,
        Set<Resolution> resolutions,
        @Nullable Limit limit) {

    enum Trait {
        /** Its effective time must not be before the last change of the status, and the issue's size never refuses it. */
        CHANGES_STATUS,
        /** It always needs a reason. */
        NEEDS_REASON,
        /** It removes or withdraws something, and the issue's size never refuses it. */
        REMOVES
    }

    /** The events of a command that the status allows; {@link Refusal.Rejected} where a rule of its own refuses it. */
    interface Decision<C extends IssueCommand> {
        List<IssueEvent> decide(IssueState issue, C command, Context context);
    }

    /**
     * How many things of a kind may stand in one issue.
     *
     * @param what the things
     * @param count how many there are
     */
    record Limit(int most, String what, ToIntFunction<IssueState> count) {}

    static <C extends IssueCommand> CommandRule<C> rule(
            Class<C> command, Set<Status> statuses, Decision<C> decision, Trait... traits) {
        return new CommandRule<>(command, statuses, decision, Set.of(traits), Set.of(), null);
    }

    /** A rule whose decision needs no context. */
    static <C extends IssueCommand> CommandRule<C> rule(
            Class<C> command,
            Set<Status> statuses,
            BiFunction<IssueState, C, List<IssueEvent>> decision,
            Trait... traits) {
        return rule(command, statuses, (issue, given, context) -> decision.apply(issue, given), traits);
    }

    CommandRule<C> as(Resolution first, Resolution... others) {
        return new CommandRule<>(command, statuses, decision, traits, EnumSet.of(first, others), limit);
    }

    CommandRule<C> atMost(int most, String what, ToIntFunction<IssueState> count) {
        return new CommandRule<>(command, statuses, decision, traits, resolutions, new Limit(most, what, count));
    }

    /** @param closing the resolution of a closing command, null for another command or while it is not known */
    boolean isFor(@Nullable Resolution closing) {
        return resolutions.isEmpty() || (closing != null && resolutions.contains(closing));
    }

    boolean is(Trait trait) {
        return traits.contains(trait);
    }

    List<IssueEvent> decide(IssueState issue, IssueCommand given, Context context) {
        return decision.decide(issue, command.cast(given), context);
    }
}
