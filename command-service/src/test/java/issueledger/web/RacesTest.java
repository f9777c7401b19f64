package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import issueledger.axon.EventLogStorageEngine;
import issueledger.axon.EventReader;
import issueledger.command.CommandService;
import issueledger.events.Description;
import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.IssueOpened;
import issueledger.events.IssueEvent.LabelsChanged;
import issueledger.events.NoteKind;
import issueledger.events.Resolution;
import issueledger.handling.CommandDispatcher;
import issueledger.handling.CommandDispatcher.Accepted;
import issueledger.handling.CommandDispatcher.CommandOrigin;
import issueledger.handling.IssueStates;
import issueledger.handling.Submission;
import issueledger.http.Problem;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.ChangeLabels;
import issueledger.issue.IssueCommand.CloseIssue;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueCommand.RecordNote;
import issueledger.issue.IssueCommand.StartTesting;
import issueledger.issue.IssueCommand.StartWork;
import issueledger.issue.Reason;
import issueledger.issue.Refusal;
import issueledger.issue.Refusal.Rejected;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.log.Unavailable;
import issueledger.log.sqlite.SqliteEventLog;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Two command services on one log. */
class RacesTest {
    /** Fewer rivals than tries: each lost race is another's commit, so nobody can lose them all. */
    private static final int WRITERS = 6;

    private static final int ROUNDS = 8;

    @TempDir
    static Path data;

    private static ConfigurableApplicationContext one;
    private static ConfigurableApplicationContext other;

    @BeforeAll
    static void start() {
        one = service();
        other = service();
    }

    private static ConfigurableApplicationContext service() {
        return new SpringApplicationBuilder(CommandService.class)
                .web(WebApplicationType.NONE)
                .run("--issue-ledger.data-dir=" + data);
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
    }

    @Test
    void the_losers_of_a_race_are_decided_anew_and_all_land() throws Exception {
        submit(one, "slow-orders", opening());
        List<Accepted> accepted = Collections.synchronizedList(new ArrayList<>());
        race(
                ROUNDS,
                service -> accepted.add(submit(service, "slow-orders", new RecordNote(NoteKind.PROGRESS, "seen"))));

        int notes = WRITERS * ROUNDS;
        assertThat(accepted.stream().map(Accepted::version).sorted())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(2, notes + 1).boxed().toList());
        assertThat(accepted.stream().map(Accepted::note).sorted())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, notes).boxed().toList());
        List<RecordedEvent> stream = other.getBean(EventLog.class).readStream("slow-orders", 0, 1_000);
        assertThat(stream).hasSize(notes + 1);
        for (Accepted answer : accepted) {
            assertThat(stream.get((int) answer.version() - 1).position()).isEqualTo(answer.position());
        }
    }

    @Test
    void of_all_who_open_an_issue_under_one_id_one_does() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        race(1, service -> {
            try {
                submit(service, "slow-checkout", opening());
                opened.incrementAndGet();
            } catch (Rejected e) {
                assertThat(e.reason()).isEqualTo(Reason.ISSUE_EXISTS);
                refused.incrementAndGet();
            }
        });
        assertThat(opened).hasValue(1);
        assertThat(refused).hasValue(WRITERS - 1);
        assertThat(one.getBean(EventLog.class).readStream("slow-checkout", 0, 10))
                .hasSize(1);
    }

    @Test
    void what_a_service_keeps_of_an_issue_is_never_older_than_what_another_wrote() {
        submit(one, "slow-search", opening());
        submit(one, "slow-search", new RecordNote(NoteKind.PROGRESS, "kept by one"));
        submit(other, "slow-search", new RecordNote(NoteKind.PROGRESS, "and by the other"));
        submit(one, "slow-search", new StartWork(null));

        assertThatThrownBy(() -> submit(other, "slow-search", new StartWork(null)))
                .isInstanceOfSatisfying(
                        Rejected.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_STATUS));
        assertThat(submit(other, "slow-search", new RecordNote(NoteKind.PROGRESS, "third")))
                .isEqualTo(new Accepted(
                        "slow-search",
                        5,
                        lastPosition(),
                        List.of("NoteRecorded"),
                        3L,
                        null,
                        null,
                        null,
                        null,
                        null,
                        false));
        assertThat(one.getBean(IssueStates.class)
                        .find("slow-search")
                        .orElseThrow()
                        .version())
                .isEqualTo(5);
    }

    @Test
    void nobody_is_refused_or_told_that_nothing_is_to_do_by_what_a_service_knew_before_another_wrote() {
        submit(other, "slow-report", opening());
        // It has met no other writer yet, so it decides on its cached state.
        try (ConfigurableApplicationContext third = service()) {
            submit(third, "slow-report", labels(List.of("db"), List.of()));
            submit(other, "slow-report", labels(List.of(), List.of("db")));
            assertThat(submit(third, "slow-report", labels(List.of("db"), List.of()))
                            .events())
                    .containsExactly("LabelsChanged");

            submit(other, "slow-report", new StartWork(null));
            assertThat(submit(third, "slow-report", new StartTesting()).version())
                    .isEqualTo(6);

            submit(other, "slow-report", new RecordNote(NoteKind.PROGRESS, "seen"));
            assertThat(submitAt(third, 7).version()).isEqualTo(8);

            submit(other, "slow-report", new RecordNote(NoteKind.PROGRESS, "seen"));
            assertThatThrownBy(() -> submitAt(third, 8))
                    .isInstanceOfSatisfying(
                            Refusal.VersionMismatch.class,
                            e -> assertThat(e.currentVersion()).isEqualTo(9));

            submit(other, "slow-export", opening());
            assertThatThrownBy(() -> submit(third, "slow-export", opening()))
                    .isInstanceOfSatisfying(
                            Rejected.class, e -> assertThat(e.reason()).isEqualTo(Reason.ISSUE_EXISTS));
            assertThat(third.getBean(EventLog.class).readStream("slow-report", 0, 100))
                    .hasSize(9);
        }
    }

    private static Accepted submitAt(ConfigurableApplicationContext service, long ifMatch) {
        RecordNote note = new RecordNote(NoteKind.PROGRESS, "seen");
        return service.getBean(CommandDispatcher.class)
                .submit(Submission.of("slow-report", note, null, null, ifMatch), sender());
    }

    private static ChangeLabels labels(List<String> add, List<String> remove) {
        return new ChangeLabels(new LabelsChanged(add, remove));
    }

    @Test
    @Tag("full")
    void commands_that_queue_for_an_issue_on_a_locked_file_are_refused_together() throws Exception {
        submit(one, "slow-login", opening());
        List<Long> milliseconds = Collections.synchronizedList(new ArrayList<>());
        try (Connection holder = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("events.db"));
                Statement lock = holder.createStatement();
                ExecutorService clients = Executors.newCachedThreadPool()) {
            lock.execute("BEGIN IMMEDIATE");
            List<Future<Unavailable>> refusals = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                refusals.add(clients.submit(() -> {
                    long start = System.nanoTime();
                    Unavailable refusal = catchThrowableOfType(
                            Unavailable.class,
                            () -> submit(one, "slow-login", new RecordNote(NoteKind.PROGRESS, "waits")));
                    milliseconds.add((System.nanoTime() - start) / 1_000_000);
                    return refusal;
                }));
            }
            for (Future<Unavailable> refusal : refusals) {
                assertThat(refusal.get(30, TimeUnit.SECONDS))
                        .hasMessageMatching(".*(holds its lock|still wait for the log).*")
                        .extracting(Unavailable::outcome)
                        .isEqualTo(Unavailable.Outcome.NOT_APPENDED);
            }
            lock.execute("ROLLBACK");
        }
        assertThat(milliseconds).allSatisfy(waited -> assertThat(waited).isLessThan(8_000));
        assertThat(submit(one, "slow-login", new RecordNote(NoteKind.PROGRESS, "goes on"))
                        .version())
                .isEqualTo(2);
    }

    /** Each of a ring of issues is closed as a duplicate of the next, all at once, at both services. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void issues_never_become_duplicates_of_each_other_in_a_circle(int issues) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String prefix = "ring-" + issues + "-" + round + "-";
            for (int i = 0; i < issues; i++) {
                submit(one, prefix + i, opening());
            }
            AtomicInteger closed = new AtomicInteger();
            CyclicBarrier start = new CyclicBarrier(issues);
            try (ExecutorService clients = Executors.newFixedThreadPool(issues)) {
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < issues; i++) {
                    ConfigurableApplicationContext service = i % 2 == 0 ? one : other;
                    String id = prefix + i;
                    String next = prefix + (i + 1) % issues;
                    running.add(clients.submit(() -> {
                        start.await(20, TimeUnit.SECONDS);
                        try {
                            submit(service, id, new CloseIssue(new IssueClosed(Resolution.DUPLICATE, next, List.of())));
                            closed.incrementAndGet();
                        } catch (Rejected e) {
                            assertThat(e.reason()).isEqualTo(Reason.DUPLICATE_OF_ITSELF);
                        }
                        return null;
                    }));
                }
                for (Future<?> each : running) {
                    each.get(30, TimeUnit.SECONDS);
                }
            }
            assertThat(closed).hasValue(issues - 1);
        }
    }

    private static long lastPosition() {
        return one.getBean(EventLog.class).head().position();
    }

    private interface Writing {
        void by(ConfigurableApplicationContext service);
    }

    /** Half of the writers at each service, all at once in each round. */
    private static void race(int rounds, Writing writing) throws Exception {
        CyclicBarrier start = new CyclicBarrier(WRITERS);
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                ConfigurableApplicationContext service = i % 2 == 0 ? one : other;
                Callable<?> turns = () -> {
                    for (int round = 0; round < rounds; round++) {
                        start.await(20, TimeUnit.SECONDS);
                        writing.by(service);
                    }
                    return null;
                };
                running.add(writers.submit(turns));
            }
            for (Future<?> writer : running) {
                writer.get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static Accepted submit(ConfigurableApplicationContext service, String id, IssueCommand command) {
        return service.getBean(CommandDispatcher.class).submit(submission(id, command), sender());
    }

    private static Submission submission(String id, IssueCommand command) {
        return Submission.of(id, command, null, null, null);
    }

    private static CommandOrigin sender() {
        return new CommandOrigin("ada", "4bf92f3577b34da6a3ce929d0e0e4736", "0".repeat(64), null);
    }

    private static OpenIssue opening() {
        Description description = new Description("5 s", List.of(), List.of(), null, List.of());
        return new OpenIssue(null, new IssueOpened("Slow", description, List.of()));
    }

    @Test
    void a_command_that_loses_every_race_is_refused(@TempDir Path elsewhere) {
        AtomicInteger tries = new AtomicInteger();
        SimpleCommandBus losing = new SimpleCommandBus(SimpleCommandBus.builder()) {
            @Override
            public <C, R> void dispatch(CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
                tries.incrementAndGet();
                callback.onResult(
                        command,
                        GenericCommandResultMessage.asCommandResultMessage(
                                new ConcurrencyException("others were first")));
            }
        };
        try (EventLog log = SqliteEventLog.open(elsewhere.resolve("events.db"), Clock.systemUTC())) {
            EventReader reader = new EventReader(List.of());
            EventLogStorageEngine engine = EventLogStorageEngine.builder(log).build();
            CommandDispatcher commands = new CommandDispatcher(
                    losing, log, reader, engine, new IssueStates(log, reader, engine), Clock.systemUTC());
            Problem conflict = catchThrowableOfType(
                    Problem.class, () -> commands.submit(submission("slow-orders", opening()), sender()));
            assertThat(conflict.status()).isEqualTo(409);
            assertThat(conflict.name()).isEqualTo("conflict");
            assertThat(tries).hasValue(CommandDispatcher.MAX_ATTEMPTS);
        }
    }
}
