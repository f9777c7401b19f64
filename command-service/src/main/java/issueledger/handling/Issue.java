package issueledger.handling;

import issueledger.axon.Snapshots;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.IssueEvent.ReferenceAdded;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.AddReference;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueState;
import issueledger.issue.Refusal;
import issueledger.log.EventLog;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    /** What stands, as it was loaded. */
    public IssueState state() {
        return state;
    }

    /**
     * What was decided.
     *
     * @param version the issue's, with the events
     * @param number the number that a note or reference got or has
     */
    public record Decision(
            List<IssueEvent> events, long version, @Nullable Long number) {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    public Decision handle(Submission submission, EventLog log, EventStore store, Clock clock) {
        if (state.version() > 0) {
            store.storeSnapshot(snapshot());
        }
        List<IssueEvent> events = decided(state, submission, log, clock);
        if (state.version() == 0) {
            id = submission.issueId();
        }
        Long number = numberIn(state, events, submission.command());
        events.forEach(AggregateLifecycle::apply);
        if (!events.isEmpty()) {
            DomainEventMessage<Issue> snapshot = snapshot();
            CurrentUnitOfWork.get().afterCommit(recorded -> store.storeSnapshot(snapshot));
        }
        return new Decision(events, state.version(), number);
    }

    /** Carries out all that a document implies, or nothing. */
    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    public Decision handle(Import document, EventLog log, EventStore store, Clock clock) {
        if (document.ifMatch() != null && document.ifMatch() != state.version()) {
            throw new Refusal.VersionMismatch(state.version());
        }
        if (state.version() == 0) {
            id = document.issueId();
        }
        List<Reasoned> all = decided(state, document, log, clock);
        all.forEach(one -> AggregateLifecycle.apply(
                one.event(), one.reason() == null ? MetaData.emptyInstance() : MetaData.with("reason", one.reason())));
        DomainEventMessage<Issue> snapshot = snapshot();
        CurrentUnitOfWork.get().afterCommit(recorded -> store.storeSnapshot(snapshot));
        return new Decision(events(all), state.version(), null);
    }

    private DomainEventMessage<Issue> snapshot() {
        return new GenericDomainEventMessage<>("Issue", id, AggregateLifecycle.getVersion(), copy());
    }

    /** What an issue in this state would be after a command, without anything being recorded. */
    public static Decision rehearse(IssueState state, Submission submission, EventLog log, Clock clock) {
        List<IssueEvent> events = decided(state, submission, log, clock);
        return new Decision(events, state.version() + events.size(), numberIn(state, events, submission.command()));
    }

    /** What would become of a document, without anything being recorded. */
    public static Decision rehearse(Import document, EventLog log, Clock clock) {
        if (document.ifMatch() != null && document.ifMatch() != 0) {
            throw new Refusal.VersionMismatch(0);
        }
        List<Reasoned> all = decided(IssueState.NONE, document, log, clock);
        return new Decision(events(all), all.size(), null);
    }

    /** An event that a document implies, with its reason where it has one. */
    private record Reasoned(IssueEvent event, @Nullable String reason) {}

    private static List<IssueEvent> events(List<Reasoned> all) {
        return all.stream().map(Reasoned::event).toList();
    }

    /** Each step is decided on what the steps before it make of the issue. */
    private static List<Reasoned> decided(IssueState from, Import document, EventLog log, Clock clock) {
        Instant now = clock.instant();
        IssueState state = from;
        List<Reasoned> all = new ArrayList<>();
        for (Import.Step step : document.steps()) {
            String reason = step.reason();
            for (IssueEvent event : state.decide(step.command(), context(document.issueId(), reason, null, log, now))) {
                state = state.evolve(event, now);
                all.add(new Reasoned(event, reason));
            }
        }
        return all;
    }

    private static List<IssueEvent> decided(IssueState state, Submission submission, EventLog log, Clock clock) {
        if (state.version() == 0 && !(submission.command() instanceof OpenIssue)) {
            throw new Refusal.UnknownIssue();
        }
        if (submission.ifMatch() != null && submission.ifMatch() != state.version()) {
            throw new Refusal.VersionMismatch(state.version());
        }
        return state.decide(
                submission.command(),
                context(submission.issueId(), submission.reason(), submission.effectiveAt(), log, clock.instant()));
    }

    private static IssueState.Context context(
            String issueId, @Nullable String reason, @Nullable Instant effectiveAt, EventLog log, Instant now) {
        return new IssueState.Context(
                issueId,
                reason,
                effectiveAt,
                now,
                other -> !log.readStream(other, 0, 1).isEmpty());
    }

    private static @Nullable Long numberIn(IssueState state, List<IssueEvent> events, IssueCommand command) {
        if (events.isEmpty()) {
            return command instanceof AddReference add ? state.standing(add).orElseThrow() : null;
        }
        return switch (events.get(0)) {
            case NoteRecorded e -> e.note();
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
        state = state.evolve(event, effectiveAt == null ? recordedAt : Instant.parse(effectiveAt));
    }
}
