package issueledger.issue;

import static issueledger.events.IssueExamples.ISSUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import issueledger.events.IssueEvent;
import issueledger.events.Requirement;
import issueledger.issue.Refusal.Rejected;
import issueledger.issue.Refusal.Unmet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Given events, when a command, then events or a refusal. */
final class IssueScenario {
    /** When all that is given took effect, unless it says otherwise. */
    static final Instant THEN = Instant.parse("2026-02-14T09:00:00Z");

    /** The clock of the decision. */
    static final Instant NOW = Instant.parse("2026-02-15T00:30:00Z");

    private final IssueState state;
    private @Nullable String reason;
    private @Nullable Instant effectiveAt;
    private Set<String> others = Set.of();
    private final Map<String, String> duplicates = new HashMap<>();

    private IssueScenario(IssueState state) {
        this.state = state;
    }

    static IssueScenario given(IssueEvent... events) {
        return new IssueScenario(IssueState.NONE).and(events);
    }

    static IssueScenario given(List<? extends IssueEvent> events) {
        return given(events.toArray(IssueEvent[]::new));
    }

    IssueScenario and(IssueEvent... events) {
        return and(THEN, events);
    }

    /** An event with an effective time. */
    IssueScenario and(Instant at, IssueEvent... events) {
        IssueState folded = state;
        for (IssueEvent event : events) {
            folded = folded.evolve(event, at);
        }
        return new IssueScenario(folded);
    }

    IssueScenario besideIssue(String id) {
        others = Set.of(id);
        return this;
    }

    /** Another issue that stands closed as a duplicate. */
    IssueScenario besideDuplicate(String id, String of) {
        duplicates.put(id, of);
        return this;
    }

    IssueScenario because(String why) {
        reason = why;
        return this;
    }

    IssueScenario effectiveAt(Instant at) {
        effectiveAt = at;
        return this;
    }

    IssueState state() {
        return state;
    }

    Asked when(IssueCommand command) {
        return new Asked(state, command, context());
    }

    private IssueState.Context context() {
        return new IssueState.Context(ISSUE, reason, effectiveAt, NOW, this::other);
    }

    private Optional<IssueState.Other> other(String id) {
        return id.equals(ISSUE) || others.contains(id) || duplicates.containsKey(id)
                ? Optional.of(new IssueState.Other(duplicates.get(id)))
                : Optional.empty();
    }

    /** A command that waits for its outcome. */
    record Asked(IssueState state, IssueCommand command, IssueState.Context context) {

        /** Expects exactly these events, and returns the state after them. */
        IssueScenario then(IssueEvent... events) {
            assertThat(state.decide(command, context)).containsExactly(events);
            return new IssueScenario(state).and(events);
        }

        IssueScenario stayedQuiet() {
            assertThat(state.decide(command, context)).isEmpty();
            return new IssueScenario(state);
        }

        /** Refused with exactly this reason. */
        Rejected refused(Reason reason) {
            Rejected rejected = catchThrowableOfType(Rejected.class, () -> state.decide(command, context));
            assertThat(rejected).as("%s is refused", command).isNotNull();
            assertThat(rejected.reason()).isEqualTo(reason);
            assertThat(rejected.status()).isEqualTo(state.status());
            assertThat(rejected.allowedCommands()).isEqualTo(state.allowedCommands());
            assertThat(rejected).hasMessageEndingWith(".");
            return rejected;
        }

        /** Refused because of just these requirements. */
        void unmet(Requirement... requirements) {
            Rejected rejected = refused(Reason.REQUIREMENTS_UNMET);
            assertThat(rejected.requirements()).extracting(Unmet::requirement).containsExactly(requirements);
            assertThat(rejected.requirements())
                    .extracting(Unmet::detail)
                    .allSatisfy(detail -> assertThat(detail).isNotBlank());
        }
    }

    /** As many as asked for, made of 1, 2, … */
    static <E extends IssueEvent> List<E> many(int count, java.util.function.IntFunction<E> event) {
        List<E> events = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            events.add(event.apply(i));
        }
        return events;
    }
}
