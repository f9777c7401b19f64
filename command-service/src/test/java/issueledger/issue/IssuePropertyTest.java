package issueledger.issue;

import static issueledger.events.IssueExamples.ISSUE;
import static issueledger.issue.IssueScenario.NOW;
import static issueledger.issue.IssueScenario.THEN;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.Better;
import issueledger.events.Erasing;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.IssueFixed;
import issueledger.events.IssueEvent.IssueOpened;
import issueledger.events.IssueEvent.IssueReopened;
import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.IssueEvent.PhaseCompleted;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.IssueEvent.ReferenceAdded;
import issueledger.events.IssueEvent.TestingStarted;
import issueledger.events.IssueEvent.WorkResumed;
import issueledger.events.IssueEvent.WorkStarted;
import issueledger.events.IssueExamples;
import issueledger.events.MetricKind;
import issueledger.events.NoteKind;
import issueledger.events.PlannedPhase;
import issueledger.events.ReferenceKind;
import issueledger.events.Requirement;
import issueledger.events.Resolution;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.events.TestKind;
import issueledger.issue.IssueCommand.AddReference;
import issueledger.issue.IssueCommand.AdvancePhase;
import issueledger.issue.IssueCommand.AssessImpact;
import issueledger.issue.IssueCommand.AssignIssue;
import issueledger.issue.IssueCommand.ChangeLabels;
import issueledger.issue.IssueCommand.CloseIssue;
import issueledger.issue.IssueCommand.CorrectNote;
import issueledger.issue.IssueCommand.DefineTestingStrategy;
import issueledger.issue.IssueCommand.LinkFile;
import issueledger.issue.IssueCommand.MarkFixed;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueCommand.PlanPhases;
import issueledger.issue.IssueCommand.ProposeSolution;
import issueledger.issue.IssueCommand.RecordMetric;
import issueledger.issue.IssueCommand.RecordNote;
import issueledger.issue.IssueCommand.RecordRootCause;
import issueledger.issue.IssueCommand.RecordTestRun;
import issueledger.issue.IssueCommand.RemoveReference;
import issueledger.issue.IssueCommand.ReopenIssue;
import issueledger.issue.IssueCommand.ReturnToWork;
import issueledger.issue.IssueCommand.ReviseDescription;
import issueledger.issue.IssueCommand.StartTesting;
import issueledger.issue.IssueCommand.StartWork;
import issueledger.issue.IssueCommand.UnlinkFile;
import issueledger.issue.IssueCommand.WithdrawMetric;
import issueledger.issue.Refusal.Rejected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Invariants of an issue under random commands in random order. */
class IssuePropertyTest {

    record Asked(
            IssueCommand command,
            @Nullable String reason,
            @Nullable Instant effectiveAt) {
        IssueState.Context context() {
            return new IssueState.Context(
                    ISSUE,
                    reason,
                    effectiveAt,
                    NOW,
                    id -> id.equals(ISSUE) || id.equals("other")
                            ? Optional.of(new IssueState.Other(null))
                            : Optional.empty());
        }
    }

    /** The decided events, and the state after them. */
    private static final class Life {
        private final List<IssueEvent> events = new ArrayList<>();
        private final List<Instant> times = new ArrayList<>();
        private IssueState state = IssueState.NONE;

        void record(List<IssueEvent> decided, Instant at) {
            for (IssueEvent event : decided) {
                state = state.evolve(event, at);
                events.add(event);
                times.add(at);
            }
        }
    }

    @Property
    void an_issue_is_the_fold_of_what_was_decided(@ForAll("questions") List<Asked> questions) {
        Life life = new Life();
        life.record(List.of(IssueExamples.opened("api")), THEN);
        Phases phases = new Phases();
        for (Asked asked : questions) {
            IssueState before = life.state;
            List<String> behaviour = behaviour(before);
            List<IssueEvent> decided = answer(before, asked);
            assertThat(answer(before, asked)).isEqualTo(decided);
            decided.forEach(phases::see);
            life.record(decided, asked.effectiveAt() == null ? NOW : asked.effectiveAt());
            assertThat(behaviour(before)).as("a state never changes").isEqualTo(behaviour);
            if (decided.isEmpty()) {
                assertThat(life.state).isSameAs(before);
            }
            assertThat(life.state.version()).isEqualTo(life.events.size());
            assertThat(life.state.status())
                    .isEqualTo(decided.stream().reduce(before.status(), IssuePropertyTest::along, (a, b) -> b));
        }
        IssueState refolded = IssueState.NONE;
        for (int i = 0; i < life.events.size(); i++) {
            refolded = refolded.evolve(life.events.get(i), life.times.get(i));
        }
        assertThat(behaviour(refolded)).isEqualTo(behaviour(life.state));
        assertFoldsErased(life);
        assertNumbers(life.events);
    }

    /** With texts erased here and there, nothing fails, and the status path is the same. */
    private static void assertFoldsErased(Life life) {
        for (int each = 1; each <= 3; each++) {
            IssueState erased = IssueState.NONE;
            for (int i = 0; i < life.events.size(); i++) {
                IssueEvent event = life.events.get(i);
                String type = EventJson.typeOf(event.getClass());
                String payload = EventJson.write(event);
                erased = erased.evolve(
                        EventJson.read(type, "1", i % each == 0 ? Erasing.payload(type, "1", payload) : payload),
                        life.times.get(i));
            }
            assertThat(erased.version()).isEqualTo(life.state.version());
            assertThat(erased.status()).isEqualTo(life.state.status());
        }
    }

    private static List<IssueEvent> answer(IssueState state, Asked asked) {
        try {
            return state.decide(asked.command(), asked.context());
        } catch (Rejected refused) {
            assertThat(refused.status()).isEqualTo(state.status());
            return List.of();
        }
    }

    private static Status along(Status from, IssueEvent event) {
        return switch (event) {
            case IssueOpened e -> throw new AssertionError("opened twice");
            case WorkStarted e -> step(from, Status.IN_PROGRESS, Status.OPEN);
            case TestingStarted e -> step(from, Status.TESTING, Status.IN_PROGRESS);
            case WorkResumed e -> step(from, Status.IN_PROGRESS, Status.TESTING);
            case IssueFixed e -> step(from, Status.FIXED, Status.TESTING);
            case IssueClosed e ->
                e.resolution() == Resolution.CONFIRMED
                        ? step(from, Status.CLOSED, Status.FIXED)
                        : step(from, Status.CLOSED, Status.OPEN, Status.IN_PROGRESS, Status.TESTING, Status.FIXED);
            case IssueReopened e -> step(from, Status.OPEN, Status.FIXED, Status.CLOSED);
            default -> from;
        };
    }

    private static Status step(Status from, Status to, Status... allowed) {
        assertThat(allowed).contains(from);
        return to;
    }

    /** At most one phase runs, and the completed ones are the first of the plan. */
    private static final class Phases {
        private List<PlannedPhase> plan = List.of();
        private int completed;
        private @Nullable Long running;

        void see(IssueEvent event) {
            switch (event) {
                case PhasesPlanned e -> {
                    assertThat(e.phases().subList(0, completed)).isEqualTo(plan.subList(0, completed));
                    assertThat(running == null || running <= e.phases().size()).isTrue();
                    plan = e.phases();
                }
                case PhaseStarted e -> {
                    assertThat(running).isNull();
                    assertThat(e.phase()).isEqualTo(completed + 1L).isLessThanOrEqualTo(plan.size());
                    running = e.phase();
                }
                case PhaseCompleted e -> {
                    assertThat(running).isEqualTo(e.phase());
                    completed++;
                    running = null;
                }
                default -> {}
            }
        }
    }

    private static void assertNumbers(List<IssueEvent> events) {
        List<Long> notes = events.stream()
                .filter(NoteRecorded.class::isInstance)
                .map(e -> ((NoteRecorded) e).note())
                .toList();
        List<Long> references = events.stream()
                .filter(ReferenceAdded.class::isInstance)
                .map(e -> ((ReferenceAdded) e).reference())
                .toList();
        for (List<Long> numbers : List.of(notes, references)) {
            assertThat(numbers)
                    .isEqualTo(
                            Stream.iterate(1L, n -> n + 1).limit(numbers.size()).toList());
        }
        Set<Long> once = new HashSet<>(references);
        assertThat(once).hasSameSizeAs(references);
    }

    /** Two states that answer all of this alike are the same. */
    private static List<String> behaviour(IssueState state) {
        List<String> answers = new ArrayList<>();
        answers.add(state.version() + " " + state.status() + " " + state.allowedCommands() + state.refusedCommands());
        for (IssueCommand probe : PROBES) {
            for (Instant at : new Instant[] {null, Instant.EPOCH, THEN.plusSeconds(2)}) {
                answers.add(said(state, new Asked(probe, null, at)));
            }
        }
        return answers;
    }

    private static String said(IssueState state, Asked asked) {
        try {
            return state.decide(asked.command(), asked.context()).toString();
        } catch (Rejected e) {
            return e.reason() + " " + e.getMessage();
        }
    }

    private static final List<String> WORDS = List.of("Cache", "Index", "Measure");
    private static final List<Long> NUMBERS =
            List.of(1L, 2L, 3L, 0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, 4_294_967_297L);

    private static final List<IssueCommand> PROBES = Stream.concat(
                    Stream.of(
                            new RecordNote(NoteKind.PROGRESS, "seen"),
                            new PlanPhases(IssueExamples.plan("Cache")),
                            new StartWork(null),
                            new StartTesting(),
                            new MarkFixed(IssueExamples.fixed()),
                            new CloseIssue(IssueExamples.confirmed()),
                            new ReopenIssue(),
                            new AddReference("new", null, ReferenceKind.OTHER),
                            new RecordMetric(
                                    IssueExamples.metric(MetricKind.MEASURED, "latency", "ms", null, "340", null)),
                            new ChangeLabels(IssueExamples.labels(WORDS, List.of("api")))),
                    Stream.of(
                                    WORDS.stream()
                                            .flatMap(word -> Stream.<IssueCommand>of(
                                                    new RecordRootCause(IssueExamples.rootCause(word)),
                                                    new ReviseDescription(IssueExamples.revised(word, null)),
                                                    new ProposeSolution(IssueExamples.solution(word)),
                                                    new DefineTestingStrategy(IssueExamples.strategy(word)),
                                                    new AssignIssue(IssueExamples.assigned(word)),
                                                    new LinkFile(IssueExamples.linked(word, null)),
                                                    new UnlinkFile(IssueExamples.unlinked(word)))),
                                    NUMBERS.stream()
                                            .flatMap(number -> Stream.<IssueCommand>of(
                                                    new AdvancePhase(IssueExamples.phaseCompleted(number)),
                                                    new CorrectNote(IssueExamples.correction(number, "Cache")),
                                                    new WithdrawMetric(IssueExamples.withdrawn(number)),
                                                    new RemoveReference(IssueExamples.referenceRemoved(number)))))
                            .flatMap(probes -> probes))
            .toList();

    @Provide
    Arbitrary<List<Asked>> questions() {
        Arbitrary<@Nullable String> reasons =
                Arbitraries.of("because", "imported").injectNull(0.4);
        Arbitrary<@Nullable Instant> times = Arbitraries.of(
                        Instant.EPOCH, THEN.minusSeconds(1), THEN, THEN.plusSeconds(1), THEN.plusSeconds(3), NOW)
                .injectNull(0.6);
        return Combinators.combine(commands(), reasons, times)
                .as(Asked::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40)
                .edgeCases(EdgeCases.Config::none);
    }

    private static Arbitrary<IssueCommand> commands() {
        Arbitrary<String> word = Arbitraries.of(WORDS);
        Arbitrary<Long> number = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.longs().between(1, 3)),
                Tuple.of(1, Arbitraries.of(NUMBERS)),
                Tuple.of(1, Arbitraries.longs()));
        Arbitrary<Requirement[]> waived =
                Arbitraries.of(Requirement.class).set().map(set -> set.toArray(Requirement[]::new));
        Arbitrary<List<String>> labels = word.list().uniqueElements().ofMaxSize(2);
        return Arbitraries.frequencyOf(
                Tuple.of(
                        6,
                        Arbitraries.of(new StartWork(null), new StartTesting(), new ReturnToWork(), new ReopenIssue())),
                Tuple.of(3, waived.map(w -> new MarkFixed(IssueExamples.fixed(w)))),
                Tuple.of(3, waived.map(w -> new CloseIssue(IssueExamples.confirmed(w)))),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                new CloseIssue(IssueExamples.closed(Resolution.WONT_FIX)),
                                new CloseIssue(IssueExamples.duplicateOf(ISSUE)),
                                new CloseIssue(IssueExamples.duplicateOf("other")),
                                new CloseIssue(IssueExamples.duplicateOf("none")))),
                Tuple.of(
                        4,
                        word.list()
                                .ofMinSize(1)
                                .ofMaxSize(4)
                                .map(names -> new PlanPhases(IssueExamples.plan(names.toArray(String[]::new))))),
                Tuple.of(6, number.map(n -> new AdvancePhase(IssueExamples.phaseCompleted(n)))),
                Tuple.of(1, word.map(w -> new OpenIssue(ISSUE, IssueExamples.opened(w)))),
                Tuple.of(1, word.map(w -> new ReviseDescription(IssueExamples.revised(w, null)))),
                Tuple.of(2, word.map(w -> new RecordRootCause(IssueExamples.rootCause(w)))),
                Tuple.of(1, Arbitraries.of(Severity.class).map(s -> new AssessImpact(IssueExamples.impact(s)))),
                Tuple.of(1, word.map(w -> new ProposeSolution(IssueExamples.solution(w)))),
                Tuple.of(1, word.map(w -> new DefineTestingStrategy(IssueExamples.strategy(w)))),
                Tuple.of(
                        3,
                        Combinators.combine(Arbitraries.of(TestKind.class), Arbitraries.of(true, false))
                                .as((kind, good) -> new RecordTestRun(
                                        good ? IssueExamples.passed(kind) : IssueExamples.failed(kind)))),
                Tuple.of(2, word.map(w -> new RecordNote(NoteKind.DECISION, w))),
                Tuple.of(
                        2,
                        Combinators.combine(number, word)
                                .as((n, w) -> new CorrectNote(IssueExamples.correction(n, w)))),
                Tuple.of(
                        3,
                        Combinators.combine(
                                        Arbitraries.of(MetricKind.class),
                                        Arbitraries.of("ms", "s"),
                                        Arbitraries.of(Better.class).injectNull(0.3),
                                        Arbitraries.integers().between(-2, 2))
                                .as((kind, unit, better, value) -> new RecordMetric(
                                        IssueExamples.metric(kind, "latency", unit, better, value.toString(), null)))),
                Tuple.of(2, number.map(n -> new WithdrawMetric(IssueExamples.withdrawn(n)))),
                Tuple.of(
                        1,
                        Combinators.combine(word, word.injectNull(0.5))
                                .as((path, purpose) -> new LinkFile(IssueExamples.linked(path, purpose)))),
                Tuple.of(1, word.map(w -> new UnlinkFile(IssueExamples.unlinked(w)))),
                Tuple.of(2, word.map(w -> new AddReference(w, null, ReferenceKind.OTHER))),
                Tuple.of(2, number.map(n -> new RemoveReference(IssueExamples.referenceRemoved(n)))),
                Tuple.of(1, word.injectNull(0.3).map(w -> new AssignIssue(IssueExamples.assigned(w)))),
                Tuple.of(
                        2,
                        Combinators.combine(labels, labels)
                                .as((add, remove) -> new ChangeLabels(IssueExamples.labels(
                                        add,
                                        remove.stream()
                                                .filter(l -> !add.contains(l))
                                                .toList())))));
    }
}
