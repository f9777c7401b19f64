package issueledger.handling;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import issueledger.axon.EventLogStorageEngine;
import issueledger.axon.EventReader;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.events.Rfc3339;
import issueledger.handling.Issue.Decision;
import issueledger.http.Problem;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueCommand.RecordNote;
import issueledger.issue.IssueState;
import issueledger.issue.Refusal;
import issueledger.log.AppendResult.Appended;
import issueledger.log.EventLog;
import issueledger.log.LogUnavailable;
import issueledger.log.RecordedCommit;
import issueledger.log.RecordedEvent;
import issueledger.template.Reading.Remark;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.common.lock.LockAcquisitionFailedException;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Hands commands to Axon, retries the losers of races, and says where what followed stands in the log. */
@Component
public class CommandDispatcher {
    /** Attempts at a command that loses races; the last loss is answered 409 conflict. */
    public static final int TRIES = 12;

    /** Of a command's metadata, not of its events': it is decided on what the log holds, not on what this process knows. */
    public static final String AFRESH = "afresh";

    private static final int PAGE = 1_000;

    private final CommandBus bus;
    private final EventLog log;
    private final EventReader reader;
    private final EventStorageEngine snapshots;
    private final Clock clock;

    public CommandDispatcher(
            CommandBus bus, EventLog log, EventReader reader, EventStorageEngine snapshots, Clock clock) {
        this.clock = clock;
        this.bus = bus;
        this.log = log;
        this.reader = reader;
        this.snapshots = snapshots;
        bus.registerHandlerInterceptor((unitOfWork, chain) -> {
            EventLogStorageEngine.started(unitOfWork);
            CommandMessage<?> message = unitOfWork.getMessage();
            if (!message.getMetaData().containsKey(AFRESH)) {
                EventLogStorageEngine.assume(unitOfWork, begins(message.getPayload()));
            }
            try {
                Decision decision = (Decision) chain.proceed();
                if (decision.events().isEmpty() && EventLogStorageEngine.hasAssumed(unitOfWork)) {
                    throw new Undecided();
                }
                return new Handled(decision, unitOfWork);
            } catch (Refusal e) {
                throw EventLogStorageEngine.hasAssumed(unitOfWork) ? new Undecided() : e;
            }
        });
    }

    /** With an id of the server's. A client's may be there: an append that is refused costs those beside it a turn on MongoDB. */
    private static boolean begins(Object payload) {
        return payload instanceof Import
                || (payload instanceof Submission submission
                        && submission.command() instanceof OpenIssue opening
                        && opening.id() == null);
    }

    /** Refused on possibly stale cached state; decided again from the log. */
    private static final class Undecided extends RuntimeException {
        Undecided() {
            super("to be decided on what the log holds", null, false, false);
        }
    }

    /**
     * The answer of an accepted command.
     *
     * @param note the number that a note got
     * @param reference the number that a reference got or has
     * @param replayed whether it is the answer that an earlier request with its key got
     * @param warnings what of a document was read as something else than it may have been meant
     */
    public record Accepted(
            String issueId,
            long version,
            long position,
            List<String> events,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long note,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long reference,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<Remark> warnings,

            @JsonIgnore boolean replayed) {
        public Accepted with(List<Remark> given) {
            return new Accepted(issueId, version, position, events, note, reference, given, replayed);
        }
    }

    /** A decision and the unit of work that recorded it, which knows after its commit where. */
    private record Handled(Decision decision, UnitOfWork<?> unitOfWork) {}

    /** Who sends a command, with what belongs in the metadata of its events. */
    public record CommandOrigin(
            String actor,
            String traceId,
            String request,
            @Nullable String idempotencyKey) {}

    public Accepted submit(Submission submission, CommandOrigin sender) {
        return once(sender, afresh -> {
            Handled handled = dispatch(
                    submission, id -> metadata(id, sender, submission.reason(), submission.effectiveAt()), afresh);
            return accepted(
                    submission.issueId(), handled.decision(), submission.command(), positionOf(submission, handled));
        });
    }

    /** Has a document become an issue, with all that it implies, or nothing. */
    public Accepted submit(Import document, CommandOrigin sender) {
        return once(sender, afresh -> {
            Handled handled = dispatch(document, id -> metadata(id, sender, null, null), afresh);
            long position = EventLogStorageEngine.appendedIn(handled.unitOfWork())
                    .orElseThrow()
                    .last();
            return accepted(document.issueId(), handled.decision(), null, position);
        });
    }

    /** What would be answered, were it accepted now; nothing is recorded. */
    public Accepted rehearse(Submission submission, CommandOrigin sender) {
        return unlessReplayed(sender, () -> {
            IssueState state = state(submission.issueId()).orElse(IssueState.NONE);
            Decision decision = Issue.rehearse(state, submission, log, clock);
            long position = decision.events().isEmpty()
                    ? positionOf(submission.issueId(), decision.version())
                    : log.head().position() + decision.events().size();
            return accepted(submission.issueId(), decision, submission.command(), position);
        });
    }

    /** As {@link #rehearse(Submission, CommandOrigin)}. */
    public Accepted rehearse(Import document, CommandOrigin sender) {
        return unlessReplayed(sender, () -> {
            Decision decision = Issue.rehearse(document, log, clock);
            return accepted(
                    document.issueId(),
                    decision,
                    null,
                    log.head().position() + decision.events().size());
        });
    }

    /** Decides once for each idempotency key; later requests with the key get the first answer. */
    private Accepted once(CommandOrigin sender, Function<Boolean, Accepted> deciding) {
        for (int attempt = 1; ; attempt++) {
            boolean afresh = attempt > 1;
            try {
                return unlessReplayed(sender, () -> deciding.apply(afresh));
            } catch (ConcurrencyException e) {
                if (attempt == TRIES) {
                    throw new Problem(
                            409,
                            "conflict",
                            "Others were faster",
                            "Other writers changed the issue each of " + TRIES + " times: try again.");
                }
                pause(attempt);
            }
        }
    }

    /**
     * The first answer under the sender's key, else what is decided. What appends nothing was perhaps decided on what the first request
     * with the key did meanwhile: then it is that one's answer, too.
     */
    private Accepted unlessReplayed(CommandOrigin sender, Supplier<Accepted> deciding) {
        Optional<Accepted> earlier = replayed(sender);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        try {
            Accepted decided = deciding.get();
            return decided.events().isEmpty() ? replayed(sender).orElse(decided) : decided;
        } catch (Refusal e) {
            return replayed(sender).orElseThrow(() -> e);
        }
    }

    private Optional<Accepted> replayed(CommandOrigin sender) {
        String key = sender.idempotencyKey();
        return key == null
                ? Optional.empty()
                : log.findByIdempotencyKey(sender.actor(), key).map(commit -> answerOf(commit, sender));
    }

    /** What a commit was answered. */
    private static Accepted answerOf(RecordedCommit commit, CommandOrigin sender) {
        List<RecordedEvent> events = commit.events();
        RecordedEvent first = events.get(0);
        RecordedEvent last = events.get(events.size() - 1);
        JsonNode request = EventJson.MAPPER.readTree(first.metadata()).get("request");
        if (request == null || !sender.request().equals(request.asString())) {
            throw new Problem(
                    422,
                    "idempotency-mismatch",
                    "The key belongs to another request",
                    "The Idempotency-Key was used for another command, issue or body: take a new one for this.");
        }
        JsonNode payload = EventJson.MAPPER.readTree(first.payload());
        boolean single = events.size() == 1;
        return new Accepted(
                first.stream(),
                last.version(),
                last.position(),
                events.stream().map(RecordedEvent::type).toList(),
                single && first.type().equals("NoteRecorded")
                        ? payload.get("note").longValue()
                        : null,
                single && first.type().equals("ReferenceAdded")
                        ? payload.get("reference").longValue()
                        : null,
                null,
                true);
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, 5L * attempt + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, "interrupted between two tries", e);
        }
    }

    private Handled dispatch(Object payload, Function<String, Map<String, Object>> metadata, boolean afresh) {
        CommandMessage<Object> message = GenericCommandMessage.asCommandMessage(payload);
        message = message.withMetaData(metadata.apply(message.getIdentifier()));
        AtomicReference<CommandResultMessage<?>> answer = new AtomicReference<>();
        // The bus is local and handles a command on the thread that dispatches it.
        bus.dispatch(
                afresh ? message.andMetaData(Map.of(AFRESH, true)) : message, (command, result) -> answer.set(result));
        CommandResultMessage<?> result = Objects.requireNonNull(answer.get(), "the bus answers before it returns");
        if (!result.isExceptional()) {
            return (Handled) result.getPayload();
        }
        Throwable failure = result.exceptionResult();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case Undecided e -> {
                    return dispatch(payload, metadata, true);
                }
                case Refusal e -> throw e;
                case ConcurrencyException e -> throw e;
                case LogUnavailable e -> throw e;
                case LockAcquisitionFailedException e ->
                    throw new LogUnavailable(
                            LogUnavailable.Outcome.NOT_APPENDED,
                            "the commands before this one on the issue still wait for the log",
                            e);
                default -> {}
            }
        }
        throw new IllegalStateException("a command failed", failure);
    }

    private static Map<String, Object> metadata(
            String commandId, CommandOrigin sender, @Nullable String reason, @Nullable Instant effectiveAt) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("actor", sender.actor());
        if (reason != null) {
            metadata.put("reason", reason);
        }
        metadata.put("commandId", commandId);
        metadata.put("correlationId", commandId);
        metadata.put("causationId", commandId);
        metadata.put("traceId", sender.traceId());
        if (sender.idempotencyKey() != null) {
            metadata.put("idempotencyKey", sender.idempotencyKey());
        }
        metadata.put("request", sender.request());
        if (effectiveAt != null) {
            metadata.put("effectiveAt", Rfc3339.format(effectiveAt));
        }
        return metadata;
    }

    private static Accepted accepted(String issueId, Decision decision, @Nullable IssueCommand command, long position) {
        List<String> types = decision.events().stream()
                .map(e -> EventJson.typeOf(e.getClass()))
                .toList();
        boolean note = command instanceof RecordNote;
        return new Accepted(
                issueId,
                decision.version(),
                position,
                types,
                note ? decision.number() : null,
                note ? null : decision.number(),
                null,
                false);
    }

    private long positionOf(Submission submission, Handled handled) {
        return EventLogStorageEngine.appendedIn(handled.unitOfWork())
                .map(Appended::last)
                .orElseGet(() ->
                        positionOf(submission.issueId(), handled.decision().version()));
    }

    private long positionOf(String issueId, long version) {
        return log.readStream(issueId, version - 1, 1).get(0).position();
    }

    /** An issue's state as the log has it, empty if there is no such issue. */
    public Optional<IssueState> state(String issueId) {
        Optional<DomainEventMessage<?>> snapshot = snapshots.readSnapshot(issueId);
        IssueState state = snapshot.map(s -> ((Issue) s.getPayload()).state()).orElse(IssueState.NONE);
        long next = snapshot.map(s -> s.getSequenceNumber() + 1).orElse(0L);
        List<RecordedEvent> page;
        do {
            page = log.readStream(issueId, next, PAGE);
            for (RecordedEvent recorded : page) {
                EventReader.ReadEvent read = reader.read(recorded);
                for (IssueEvent event : read.events()) {
                    state = state.evolve(event, read.metadata().effectiveAt(recorded.recordedAt()));
                }
            }
            next += page.size();
        } while (page.size() == PAGE);
        return state.version() == 0 ? Optional.empty() : Optional.of(state);
    }
}
