package issueledger.handling;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import issueledger.axon.Attempt;
import issueledger.axon.EventLogStorageEngine;
import issueledger.axon.EventReader;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.IssueEvent.ReferenceAdded;
import issueledger.events.Rfc3339;
import issueledger.handling.Issue.Decision;
import issueledger.handling.Issue.Rehearsed;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.AddReference;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueCommand.RecordMetric;
import issueledger.issue.IssueCommand.RecordNote;
import issueledger.issue.IssueState;
import issueledger.issue.Refusal;
import issueledger.log.AppendResult.Appended;
import issueledger.log.EventLog;
import issueledger.log.NotInTime;
import issueledger.log.RecordedCommit;
import issueledger.log.RecordedEvent;
import issueledger.log.Unavailable;
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
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.SerializationException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Dispatches submissions on Axon's bus, replays idempotency keys, and retries lost races. */
@Component
public class CommandDispatcher {
    /** Attempts at a submission that loses races; the last loss is answered 409 conflict. */
    public static final int MAX_ATTEMPTS = 12;

    /** In a command's metadata, not in its events': it is kept beside the commit. */
    static final String REQUEST = "request";

    private final CommandBus bus;
    private final EventLog log;
    private final EventReader reader;
    private final EventLogStorageEngine engine;
    private final IssueStates states;
    private final Clock clock;

    public CommandDispatcher(
            CommandBus bus,
            EventLog log,
            EventReader reader,
            EventLogStorageEngine engine,
            IssueStates states,
            Clock clock) {
        this.states = states;
        this.clock = clock;
        this.bus = bus;
        this.log = log;
        this.reader = reader;
        this.engine = engine;
        bus.registerHandlerInterceptor(this::decideOptimistically);
    }

    /** See {@link Attempt}. */
    private Handled decideOptimistically(UnitOfWork<? extends CommandMessage<?>> unitOfWork, InterceptorChain chain)
            throws Exception {
        Submission submission = (Submission) unitOfWork.getMessage().getPayload();
        String request = (String) unitOfWork.getMessage().getMetaData().get(REQUEST);
        Attempt attempt = Attempt.begin(unitOfWork, submission.newIssue(), request);
        try {
            Decision decision = (Decision) chain.proceed();
            if (decision.events().isEmpty()) {
                attempt.confirm(engine);
            }
            return new Handled(decision, attempt);
        } catch (Refusal e) {
            attempt.confirm(engine);
            throw e;
        }
    }

    /**
     * The answer of an accepted command.
     *
     * @param note the number that a note got
     * @param metric the number that a metric record got
     * @param reference the number that a reference got or has
     * @param metrics the numbers that imported metrics got
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
            Long metric,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long reference,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<Long> metrics,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<Remark> warnings,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean dryRun,

            @JsonIgnore boolean replayed) {
        /** The answer of a dry run: nothing was recorded. */
        Accepted dry() {
            return new Accepted(
                    issueId, version, position, events, note, metric, reference, metrics, warnings, true, replayed);
        }

        /** The answer to a later request with its key. */
        Accepted again() {
            return new Accepted(
                    issueId, version, position, events, note, metric, reference, metrics, warnings, dryRun, true);
        }

        public Accepted with(List<Remark> given) {
            return new Accepted(
                    issueId, version, position, events, note, metric, reference, metrics, given, dryRun, replayed);
        }

        /** The answer of an import. */
        public Accepted withMetrics(List<Long> numbers) {
            return new Accepted(
                    issueId, version, position, events, note, null, reference, numbers, warnings, dryRun, replayed);
        }
    }

    /** A decision and the attempt that recorded it, which knows its place in the log after the unit of work's commit. */
    private record Handled(Decision decision, Attempt attempt) {}

    /** Sender of a command, and its request's part of the events' metadata. */
    public record CommandOrigin(
            String actor,
            String traceId,
            String request,
            @Nullable String idempotencyKey) {}

    /**
     * Decides and records, once for each idempotency key; later requests with the key get the first answer.
     *
     * @throws Refusal where the issue does not accept it
     */
    public Accepted submit(Submission submission, CommandOrigin origin) {
        for (int attempt = 1; ; attempt++) {
            try {
                return unlessReplayed(submission, origin, () -> decide(submission, origin));
            } catch (ConcurrencyException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw new Problem(
                            ProblemType.CONFLICT,
                            "Other writers changed the issue each of " + MAX_ATTEMPTS + " times: try again.");
                }
                pause(attempt);
            }
        }
    }

    private Accepted decide(Submission submission, CommandOrigin origin) {
        Handled handled = dispatch(submission, origin);
        Decision decision = handled.decision();
        long position = handled.attempt()
                .appended()
                .map(Appended::last)
                .orElseGet(() -> positionOf(submission.issueId(), decision.version()));
        return accepted(submission, decision, position);
    }

    /**
     * The answer that {@link #submit} would give now, had the commands of the rehearsal before it been recorded; nothing is recorded.
     *
     * @throws Problem 413 where the rehearsal has no room for another issue or key
     */
    public Accepted rehearse(Submission submission, CommandOrigin origin, Rehearsal rehearsal) {
        return rehearsal
                .replayed(origin)
                .orElseGet(() -> unlessReplayed(submission, origin, () -> decideDry(submission, origin, rehearsal)))
                .dry();
    }

    private Accepted decideDry(Submission submission, CommandOrigin origin, Rehearsal rehearsal) {
        String id = submission.issueId();
        Function<String, Optional<IssueState>> issues =
                other -> rehearsal.find(other).or(() -> states.find(other));
        Optional<IssueState> standing = issues.apply(id);
        standing.ifPresentOrElse(state -> rehearsal.touch(id, state), () -> rehearsal.requireRoomFor(id));
        Rehearsed rehearsed = Issue.rehearse(standing.orElse(IssueState.NONE), submission, issues, clock.instant());
        Decision decision = rehearsed.decision();
        if (decision.events().isEmpty()) {
            return accepted(
                    submission, decision, rehearsal.positionOf(id).orElseGet(() -> positionOf(id, decision.version())));
        }
        return rehearsal.record(
                rehearsed.after(),
                decision.events().size(),
                () -> log.head().position(),
                origin,
                position -> accepted(submission, decision, position));
    }

    /**
     * Returns the key's first answer, or the decision's. After a refusal or an empty decision it looks for the key again: the first
     * request with it may have landed meanwhile.
     */
    private Accepted unlessReplayed(Submission submission, CommandOrigin origin, Supplier<Accepted> deciding) {
        Optional<Accepted> earlier = replayed(submission, origin);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        try {
            Accepted decided = deciding.get();
            return decided.events().isEmpty() ? replayed(submission, origin).orElse(decided) : decided;
        } catch (Refusal e) {
            return replayed(submission, origin).orElseThrow(() -> e);
        }
    }

    private Optional<Accepted> replayed(Submission submission, CommandOrigin origin) {
        String key = origin.idempotencyKey();
        return key == null
                ? Optional.empty()
                : log.findByIdempotencyKey(origin.actor(), key).map(commit -> answerOf(commit, submission, origin));
    }

    /** The first answer, made again from its commit. */
    private Accepted answerOf(RecordedCommit commit, Submission submission, CommandOrigin origin) {
        List<RecordedEvent> events = commit.events();
        RecordedEvent first = events.get(0);
        RecordedEvent last = events.get(events.size() - 1);
        if (commit.request() == null
                ? !mayBe(first, submission)
                : !commit.request().equals(origin.request())) {
            throw keyOfAnother();
        }
        IssueEvent event = events.size() == 1 ? reader.read(first).events().get(0) : null;
        return new Accepted(
                first.stream(),
                last.version(),
                last.position(),
                events.stream().map(RecordedEvent::type).toList(),
                event instanceof NoteRecorded noted ? noted.note() : null,
                event instanceof MetricRecorded ? metricAt(first) : null,
                event instanceof ReferenceAdded added ? added.reference() : null,
                null,
                null,
                null,
                true);
    }

    static Problem keyOfAnother() {
        return new Problem(
                ProblemType.IDEMPOTENCY_MISMATCH,
                "The Idempotency-Key was used for another command, issue or body: take a new one for this.");
    }

    private Long metricAt(RecordedEvent event) {
        return states.find(event.stream())
                .flatMap(issue -> issue.metricAt(event.version()))
                .orElseThrow();
    }

    /** Whether a commit whose request is erased may be of a submission: by its issue, and by whether it opened it. */
    private static boolean mayBe(RecordedEvent first, Submission submission) {
        boolean opened = first.sequence() == 0;
        boolean opens = submission.steps().get(0).command() instanceof OpenIssue;
        return opened == opens
                && (submission.newIssue() != null || first.stream().equals(submission.issueId()));
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, 5L * attempt + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotInTime("interrupted between two tries", e);
        }
    }

    private Handled dispatch(Submission submission, CommandOrigin origin) {
        CommandMessage<Submission> message = GenericCommandMessage.asCommandMessage(submission);
        message = message.withMetaData(metadata(message.getIdentifier(), origin, submission.effectiveAt()));
        AtomicReference<CommandResultMessage<?>> answer = new AtomicReference<>();
        // The bus is local and handles a command on the thread that dispatches it.
        bus.dispatch(message, (command, result) -> answer.set(result));
        CommandResultMessage<?> result = Objects.requireNonNull(answer.get(), "the bus answers before it returns");
        if (!result.isExceptional()) {
            return (Handled) result.getPayload();
        }
        Throwable failure = result.exceptionResult();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case Refusal e -> throw e;
                case ConcurrencyException e -> throw e;
                case Unavailable e -> throw e;
                case LockAcquisitionFailedException e ->
                    throw new NotInTime("the commands before this one on the issue still wait for the log", e);
                case SerializationException e -> throw IssueStates.unreadable(submission.issueId(), e);
                default -> {}
            }
        }
        throw new IllegalStateException("a command failed", failure);
    }

    private static Map<String, Object> metadata(String commandId, CommandOrigin origin, @Nullable Instant effectiveAt) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("actor", origin.actor());
        metadata.put("commandId", commandId);
        metadata.put("correlationId", commandId);
        metadata.put("causationId", commandId);
        metadata.put("traceId", origin.traceId());
        metadata.put(REQUEST, origin.request());
        if (origin.idempotencyKey() != null) {
            metadata.put("idempotencyKey", origin.idempotencyKey());
        }
        if (effectiveAt != null) {
            metadata.put("effectiveAt", Rfc3339.format(effectiveAt));
        }
        return metadata;
    }

    private static Accepted accepted(Submission submission, Decision decision, long position) {
        List<String> types = decision.events().stream()
                .map(e -> EventJson.typeOf(e.getClass()))
                .toList();
        IssueCommand command = submission.single().orElse(null);
        return new Accepted(
                submission.issueId(),
                decision.version(),
                position,
                types,
                command instanceof RecordNote ? decision.number() : null,
                command instanceof RecordMetric ? decision.number() : null,
                command instanceof AddReference ? decision.number() : null,
                null,
                null,
                null,
                false);
    }

    private long positionOf(String issueId, long version) {
        return log.readStream(issueId, version - 1, 1).get(0).position();
    }
}
