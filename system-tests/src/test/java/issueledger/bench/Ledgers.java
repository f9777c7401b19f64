package issueledger.bench;

import issueledger.events.AffectedUsers;
import issueledger.events.Better;
import issueledger.events.Description;
import issueledger.events.EventJson;
import issueledger.events.EventMetadata;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.IssueEvent.IssueAssigned;
import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.IssueFixed;
import issueledger.events.IssueEvent.IssueOpened;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.NoteCorrected;
import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.IssueEvent.PhaseCompleted;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.IssueEvent.ReferenceAdded;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.IssueEvent.RootCauseRecorded;
import issueledger.events.IssueEvent.SolutionProposed;
import issueledger.events.IssueEvent.TestRunRecorded;
import issueledger.events.IssueEvent.TestingStarted;
import issueledger.events.IssueEvent.WorkStarted;
import issueledger.events.MetricKind;
import issueledger.events.NoteKind;
import issueledger.events.PlannedPhase;
import issueledger.events.ReferenceKind;
import issueledger.events.Resolution;
import issueledger.events.Severity;
import issueledger.events.Statistic;
import issueledger.events.TestKind;
import issueledger.events.TestOutcome;
import issueledger.log.AppendResult.Appended;
import issueledger.log.Commit;
import issueledger.log.NewEvent;
import issueledger.log.sqlite.SqliteEventLog;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes logs to measure with: what commands would have appended, without the commands. */
final class Ledgers {
    /** How many issues are worked on at the same time. */
    private static final int WINDOW = 200;

    private static final int BATCH = 1_000;
    private static final LocalDate DAY = LocalDate.of(2026, 2, 2);

    private final SqliteEventLog log;
    private final List<Commit> waiting = new ArrayList<>();
    private final Map<String, Long> next = new HashMap<>();

    private Ledgers(SqliteEventLog log) {
        this.log = log;
    }

    static void write(Path file, Consumer<Ledgers> content) {
        try (SqliteEventLog log = SqliteEventLog.open(file, Clock.systemUTC())) {
            Ledgers ledgers = new Ledgers(log);
            content.accept(ledgers);
            ledgers.flush();
        }
    }

    /** An issue's life: each part is what one command appends. */
    private interface Life {
        List<List<IssueEvent>> of(int number);
    }

    /** Issues {@code issue-from} to {@code issue-(to - 1)} with 10 events each: the demo's events, as often and as long as there. */
    void lives(int from, int to) {
        List<Life> lives = List.of(
                number -> commits(
                        opened(number),
                        baseline(5_200),
                        target(),
                        impact(Severity.HIGH),
                        assigned("tomas.okafor"),
                        note(1),
                        cause(),
                        file("src/api/routes/data.py"),
                        file("src/database/models.py"),
                        solution()),
                number -> commits(
                        opened(number),
                        baseline(2_800),
                        impact(Severity.MEDIUM),
                        plan(),
                        List.of(new WorkStarted(DAY), new PhaseStarted(1)),
                        note(1),
                        List.of(new PhaseCompleted(1, "Index in place; p95 fell to 1,900 ms."), new PhaseStarted(2)),
                        measured(1_900)),
                number -> commits(
                        opened(number),
                        cause(),
                        plan(),
                        List.of(new WorkStarted(DAY), new PhaseStarted(1)),
                        new PhaseCompleted(1, "4 queries per page."),
                        new TestingStarted(),
                        run(TestKind.UNIT),
                        run(TestKind.PERFORMANCE),
                        measured(330)),
                number -> commits(
                        opened(number),
                        baseline(4_100),
                        assigned("priya.raman"),
                        new WorkStarted(DAY),
                        file("src/orders/OrderRepository.kt"),
                        note(1),
                        new TestingStarted(),
                        run(TestKind.INTEGRATION),
                        new IssueFixed("orders 5.3.0", null, List.of()),
                        new IssueClosed(Resolution.CONFIRMED, null, List.of())),
                number -> commits(
                        opened(number),
                        baseline(690),
                        target(),
                        impact(Severity.LOW),
                        assigned("mara.lindqvist"),
                        note(1),
                        note(2),
                        new NoteCorrected(
                                1,
                                "Building the index concurrently takes 4 hours, and is cancelled by the lock that the"
                                        + " nightly back-up takes."),
                        new ReferenceAdded(
                                1,
                                "PostgreSQL: Building Indexes Concurrently",
                                "https://www.postgresql.org/docs/current/sql-createindex.html",
                                ReferenceKind.DOCUMENTATION),
                        measured(610)));
        interleave(from, to, number -> lives.get(number % lives.size()).of(number));
    }

    /** Issues for lists: of each 16 one is IN_PROGRESS and HIGH, each tenth has the label database, 20 of them belong to ada. */
    void listed(int issues) {
        interleave(
                0,
                issues,
                number -> commits(
                        opened(number),
                        impact(number / 4 % 4 == 0 ? Severity.HIGH : Severity.LOW),
                        assigned(number < 20 ? "ada" : "priya.raman"),
                        number % 4 == 0 ? new WorkStarted(DAY) : note(1)));
    }

    /** An issue with so many notes. */
    void noted(String id, int notes) {
        append(id, List.of(opened(1)));
        IntStream.rangeClosed(1, notes).forEach(note -> append(id, List.of(note(note))));
    }

    /** An issue with so many events, which say little. */
    void toggled(String id, int events) {
        append(id, List.of(opened(1)));
        IntStream.range(1, events).forEach(i -> append(id, List.of(assigned(i % 2 == 0 ? "ada" : "tomas.okafor"))));
    }

    /** The issues of a window advance in turn by one command; one that has come to its end makes room for the next. */
    private void interleave(int from, int to, Life life) {
        List<Underway> window = new ArrayList<>();
        int number = from;
        while (number < to || !window.isEmpty()) {
            while (number < to && window.size() < WINDOW) {
                window.add(new Underway(
                        "issue-" + number, new ArrayList<>(life.of(number++).reversed())));
            }
            window.forEach(issue -> append(issue.id(), issue.left().removeLast()));
            window.removeIf(issue -> issue.left().isEmpty());
        }
    }

    private record Underway(String id, List<List<IssueEvent>> left) {}

    private void append(String id, List<? extends IssueEvent> events) {
        String command = UUID.randomUUID().toString();
        String metadata = EventJson.MAPPER.writeValueAsString(new EventMetadata(
                "tomas.okafor",
                null,
                command,
                command,
                command,
                "0af7651916cd43dd8448eb211c80319c",
                null,
                "0f".repeat(32),
                null));
        List<NewEvent> recorded = new ArrayList<>();
        for (IssueEvent event : events) {
            recorded.add(new NewEvent(
                    UUID.randomUUID().toString(),
                    id,
                    next.merge(id, 1L, Long::sum) - 1,
                    EventJson.typeOf(event.getClass()),
                    EventJson.revisionOf(event.getClass()),
                    EventJson.write(event),
                    metadata));
        }
        waiting.add(new Commit(recorded, null));
        if (waiting.size() == BATCH) {
            flush();
        }
    }

    private void flush() {
        if (!log.append(waiting).outcomes().stream().allMatch(Appended.class::isInstance)) {
            throw new IllegalStateException("the log refused what was written for the benchmark");
        }
        waiting.clear();
    }

    private static List<List<IssueEvent>> commits(Object... parts) {
        List<List<IssueEvent>> commits = new ArrayList<>();
        for (Object part : parts) {
            commits.add(
                    part instanceof List<?> events
                            ? events.stream().map(IssueEvent.class::cast).toList()
                            : List.of((IssueEvent) part));
        }
        return commits;
    }

    private static IssueOpened opened(int number) {
        return new IssueOpened(
                "GET /api/orders/" + number + " slows down with the length of the list",
                new Description(
                        "A page of 100 orders takes 2.8 s, one of 10 takes 0.3 s: the time grows with the number of"
                                + " orders.",
                        List.of("301 queries for a page of 100 orders", "Database CPU at 95% while the calls are slow"),
                        List.of("Order overview", number % 16 == 5 ? "Nightly reconciliation" : "Invoice export"),
                        "Support staff wait on every page.",
                        List.of("GET /api/orders")),
                List.of("latency", number % 10 == 0 ? "database" : "frontend"));
    }

    private static ImpactAssessed impact(Severity severity) {
        return new ImpactAssessed(
                severity,
                new AffectedUsers("15% of the users, all who import", BigDecimal.valueOf(15), 1_200L),
                "Two customers have asked for service credits.",
                List.of("Send imports in batches of at most 500 rows"));
    }

    private static IssueAssigned assigned(String to) {
        return new IssueAssigned(to);
    }

    private static NoteRecorded note(int number) {
        return new NoteRecorded(
                number,
                NoteKind.PROGRESS,
                "The time is spent in one query on `records`, not in the application: 4.9 of 5.2 seconds in the"
                        + " traces.");
    }

    private static RootCauseRecorded cause() {
        return new RootCauseRecorded(
                "The lookup of earlier records joins `records` with `batches` on `(tenant_id, external_ref)`. There is"
                        + " no index on the two columns, so each call scans the whole table.",
                List.of("The table grew fourfold since the query was written"),
                List.of("Imports of tenants with more than 100,000 records"));
    }

    private static RelatedFileLinked file(String path) {
        return new RelatedFileLinked(path, "Main endpoint logic");
    }

    private static SolutionProposed solution() {
        return new SolutionProposed(
                "Index the two columns that the lookup joins on, then ask for all references of a request in one"
                        + " query.",
                List.of("Look up all external references of a request in one query"),
                List.of(),
                List.of("Index on records (tenant_id, external_ref), built concurrently"),
                List.of("p95 below 500 ms"));
    }

    private static PhasesPlanned plan() {
        return new PhasesPlanned(List.of(
                new PlannedPhase(
                        "Index", "Build the index concurrently and watch the plans.", "1 week", DAY, DAY.plusDays(7)),
                new PlannedPhase(
                        "Batched lookup", "One query per request.", "2 weeks", DAY.plusDays(8), DAY.plusDays(21))));
    }

    private static TestRunRecorded run(TestKind kind) {
        return new TestRunRecorded(
                kind, TestOutcome.PASSED, 214L, 0L, 2L, "p95 of 330 ms with 50 virtual users.", null);
    }

    private static MetricRecorded baseline(int value) {
        return metric(MetricKind.BASELINE, value, Better.LOWER);
    }

    private static MetricRecorded target() {
        return metric(MetricKind.TARGET, 500, Better.LOWER);
    }

    private static MetricRecorded measured(int value) {
        return metric(MetricKind.MEASURED, value, Better.LOWER);
    }

    private static MetricRecorded metric(MetricKind kind, int value, @Nullable Better better) {
        return new MetricRecorded(
                kind,
                "latency",
                Statistic.P95,
                "ms",
                BigDecimal.valueOf(value),
                MetricRecorded.DEFAULT_ENVIRONMENT,
                better,
                null,
                "gateway access log, 24 hours");
    }
}
