package issueledger.handling;

import issueledger.axon.Attempt;
import issueledger.axon.Snapshots;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.IssueEvent.ReferenceAdded;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.AddReference;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueState;
import issueledger.issue.Refusal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** The shell that lets Axon load an {@link IssueState}, have it decide, and save what follows. */
@Aggregate(commandTargetResolver = "issueOfTheSubmission", lockFactory = "issueLocks")
public class Issue implements Snapshots.Copyable {
    @AggregateIdentifier
    @SuppressWarnings("UnusedVariable") // Axon reads it.
    private @Nullable String id;

    private IssueState state = IssueState.NONE;

    /** For Axon. */
    public Issue() {}

    /** For the next command, which then reads no more than the events that came after this. */
    @Override
    public Issue copy() {
        Issue copy = new Issue();
        copy.id = id;
        copy.state = state; // It never changes.
        return copy;
    }

    @Override
    public long payloadBytes() {
        return state.payload();
    }

    /** The state as it was loaded. */
    public IssueState state() {
        return state;
    }

    /**
     * Outcome of a decision.
     *
     * @param version the issue's, with the events
     * @param number the number that a note or metric record got, or that a reference got or has
     */
    public record Decision(
            List<IssueEvent> events, long version, @Nullable Long number) {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    public Decision handle(Submission submission, IssueStates states, EventStore store, Clock clock) {
        if (state.version() > 0) {
            store.storeSnapshot(snapshot());
        }
        List<Reasoned> decided = decide(state, submission, states::find, clock.instant());
        Decision decision = decision(state, submission, decided);
        if (state.version() == 0) {
            id = submission.issueId();
        }
        decided.forEach(one -> AggregateLifecycle.apply(
                one.event(), one.reason() == null ? MetaData.emptyInstance() : MetaData.with("reason", one.reason())));
        if (!decided.isEmpty()) {
            DomainEventMessage<Issue> snapshot = snapshot();
            CurrentUnitOfWork.get().afterCommit(recorded -> store.storeSnapshot(snapshot));
        }
        return decision;
    }

    private DomainEventMessage<Issue> snapshot() {
        return new GenericDomainEventMessage<>("Issue", id, AggregateLifecycle.getVersion(), copy());
    }

    /** A decision that was not recorded, and the state that it would leave. */
    record Rehearsed(Decision decision, IssueState after) {}

    /**
     * Decides as {@link #handle} does; nothing is recorded.
     *
     * @param issues another issue by its id, empty if there is none
     */
    static Rehearsed rehearse(
            IssueState state, Submission submission, Function<String, Optional<IssueState>> issues, Instant now) {
        List<Reasoned> decided = decide(state, submission, issues, now);
        Instant at = submission.effectiveAt() == null ? now : submission.effectiveAt();
        IssueState after = state;
        for (Reasoned one : decided) {
            after = after.evolve(one.event(), at);
        }
        return new Rehearsed(decision(state, submission, decided), after);
    }

    private record Reasoned(IssueEvent event, @Nullable String reason) {}

    /** Each step is decided on the state that the steps before it leave. */
    private static List<Reasoned> decide(
            IssueState from, Submission submission, Function<String, Optional<IssueState>> issues, Instant now) {
        List<Submission.Step> steps = submission.steps();
        if (from.version() == 0 && !(steps.get(0).command() instanceof OpenIssue)) {
            throw new Refusal.UnknownIssue();
        }
        if (submission.ifMatch() != null && submission.ifMatch() != from.version()) {
            throw new Refusal.VersionMismatch(from.version());
        }
        Instant effectiveAt = submission.effectiveAt();
        IssueState state = from;
        List<Reasoned> all = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            String reason = steps.get(i).reason();
            IssueState.Context context = context(submission.issueId(), reason, effectiveAt, issues, now);
            for (IssueEvent event : state.decide(steps.get(i).command(), context)) {
                all.add(new Reasoned(event, reason));
                if (i < steps.size() - 1) { // The state after the last step has no use.
                    state = state.evolve(event, effectiveAt == null ? now : effectiveAt);
                }
            }
        }
        return all;
    }

    private static Decision decision(IssueState from, Submission submission, List<Reasoned> decided) {
        List<IssueEvent> events = decided.stream().map(Reasoned::event).toList();
        Long number = submission
                .single()
                .map(command -> numberIn(from, events, command))
                .orElse(null);
        return new Decision(events, from.version() + events.size(), number);
    }

    private static IssueState.Context context(
            String issueId,
            @Nullable String reason,
            @Nullable Instant effectiveAt,
            Function<String, Optional<IssueState>> issues,
            Instant now) {
        return new IssueState.Context(issueId, reason, effectiveAt, now, other -> other(issues, other));
    }

    /** The decision rests on where the other issue ends: the append checks it. */
    private static Optional<IssueState.Other> other(Function<String, Optional<IssueState>> issues, String id) {
        return issues.apply(id).map(other -> {
            Attempt.current().ifPresent(attempt -> attempt.expectEnd(id, other.version()));
            return new IssueState.Other(other.duplicateOf());
        });
    }

    private static @Nullable Long numberIn(IssueState state, List<IssueEvent> events, IssueCommand command) {
        if (events.isEmpty()) {
            return command instanceof AddReference add ? state.standing(add).orElseThrow() : null;
        }
        return switch (events.get(0)) {
            case NoteRecorded e -> e.note();
            case MetricRecorded e -> state.nextMetric();
            case ReferenceAdded e -> e.reference();
            default -> null;
        };
    }

    @EventSourcingHandler
    public void on(
            IssueEvent event,
            @Timestamp Instant recordedAt,
            @MetaDataValue("effectiveAt") @Nullable String effectiveAt,
            DomainEventMessage<?> message) {
        id = message.getAggregateIdentifier();
        state = state.evolve(
                event, effectiveAt == null ? recordedAt : Instant.parse(effectiveAt), message.getSequenceNumber() + 1);
    }
}
