package issueledger.bench;

import issueledger.log.RecordedEvent;
import issueledger.log.sqlite.SqliteEventLog;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Speed of the views. */
final class ViewRows {
    private static final int ISSUES = 50_000;
    private static final int OWN_WRITE_ISSUES = 1_000;

    private static final int READS_PER_SECOND = 500;
    private static final int NOTED_ISSUES = 200;
    private static final int COST_SECONDS = 20;

    private ViewRows() {}

    /** New views of a large log, against the log read alone. */
    static void fill(Bench bench) throws Exception {
        Path data = bench.ledger("lives", file -> Ledgers.write(file, log -> log.lives(0, ISSUES)));
        List<Double> baseline = new ArrayList<>();
        List<Double> subject = new ArrayList<>();
        for (int round = 0; round < Wrk.ROUNDS; round++) {
            baseline.add(10.0 * ISSUES / secondsOfReading(data));
            subject.add(10.0 * ISSUES / secondsOfFilling(data));
        }
        double rate = Wrk.median(subject);
        double alone = Wrk.median(baseline);
        bench.report()
                .line(
                        "first fill of the views, " + Report.count(ISSUES) + " issues with 10 events each",
                        Report.count(rate) + " events/s",
                        Report.count(alone) + " events/s (the log read alone)",
                        Report.ratio(rate / alone),
                        "60,000 events/s",
                        rate >= 60_000);
    }

    private static double secondsOfReading(Path data) {
        long began = System.nanoTime();
        try (SqliteEventLog log = SqliteEventLog.open(data.resolve("events.db"), Clock.systemUTC())) {
            List<RecordedEvent> page = log.read(0, 10_000);
            while (!page.isEmpty()) {
                page = log.read(page.getLast().position(), 10_000);
            }
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private static double secondsOfFilling(Path data) throws Exception {
        removeViews(data);
        try (Service service = Service.query(data, Map.of())) {
            service.awaitReady();
            double seconds = secondsOfFolding(service.said());
            System.out.println("     fill: " + seconds + " s");
            return seconds;
        }
    }

    static void removeViews(Path data) throws IOException {
        try (DirectoryStream<Path> views = Files.newDirectoryStream(data, "views*")) {
            for (Path file : views) {
                Files.delete(file);
            }
        }
    }

    /** From the first to the last line that the query service says of its start, which bear milliseconds. */
    static double secondsOfFolding(String said) {
        Duration time = Duration.between(timeOf(said, "the log holds "), timeOf(said, "the views hold all "));
        return time.toMillis() / 1e3;
    }

    static OffsetDateTime timeOf(String said, String words) {
        return said.lines()
                .filter(line -> line.contains(words))
                .map(line -> OffsetDateTime.parse(line.substring(0, line.indexOf(' '))))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the query service did not say: " + words));
    }

    /** Both services at the rate of the goal, once they have warmed up, and at one that leaves them and their clients room. */
    static void ownWrite(Bench bench) throws Exception {
        Path data = bench.fresh("own-write");
        try (Service commands = Service.command(data);
                Service queries = Service.query(data, Map.of())) {
            commands.awaitReady();
            queries.awaitReady();
            for (int wanted : List.of(1_000, 300)) {
                String prefix = "noted-at-" + wanted + "-";
                CommandRows.open(commands, prefix, OWN_WRITE_ISSUES);
                Queue<Double> waits = new ConcurrentLinkedQueue<>();
                double reached = ownWrites(commands, queries, prefix, wanted, waits);
                Percentiles wait = Percentiles.of(waits);
                boolean hasGoal = wanted == 1_000;
                bench.report()
                        .line(
                                "from a command's answer to the view that has it, under " + Report.count(reached)
                                        + " commands/s of " + Report.count(wanted) + " wanted",
                                wait.toString(),
                                "",
                                "",
                                hasGoal ? "p50 5 ms, p99 30 ms at 1,000/s" : "",
                                hasGoal ? wait.p50() <= 5 && wait.p99() <= 30 && reached >= 0.99 * wanted : null);
            }
        }
    }

    /**
     * An open loop: each command has its time, whether the one before is answered or not, as long as a connection is free. Answers how many
     * were answered in a second.
     *
     * @param waits gets the milliseconds from a command's answer to its view's, for one of twenty commands
     */
    private static double ownWrites(Service commands, Service queries, String prefix, int wanted, Queue<Double> waits)
            throws Exception {
        int clients = 64;
        int sampleEach = 20;
        int warmUp = 32;
        int seconds = 20;
        AtomicLong tickets = new AtomicLong();
        AtomicLong answered = new AtomicLong();
        long began = System.nanoTime();
        long measured = began + warmUp * 1_000_000_000L;
        long end = measured + seconds * 1_000_000_000L;
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients; i++) {
                all.add(threads.submit(() -> {
                    try (Connection command = new Connection(commands.port());
                            Connection query = new Connection(queries.port())) {
                        while (System.nanoTime() < end) {
                            long ticket = tickets.getAndIncrement();
                            LockSupport.parkNanos(began + ticket * 1_000_000_000L / wanted - System.nanoTime());
                            String issue = "/issues/" + prefix + ticket * 7 % OWN_WRITE_ISSUES;
                            long position = command.post(issue + "/record-note", CommandRows.NOTE);
                            long then = System.nanoTime();
                            if (then >= measured) {
                                answered.incrementAndGet();
                            }
                            if (ticket % sampleEach == 0) {
                                query.getAt(issue, position);
                                if (then >= measured) {
                                    waits.add((System.nanoTime() - then) / 1e6);
                                }
                            }
                        }
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            for (Future<?> client : all) {
                client.get();
            }
        }
        return (double) answered.get() / seconds;
    }

    /** Processor time of the query service for each event, while 64 connections open issues and then note on 200 issues of 170 notes. */
    static void cost(Bench bench) throws Exception {
        Path data = bench.fresh("cost");
        Ledgers.write(data.resolve("events.db"), log -> {
            for (int i = 0; i < NOTED_ISSUES; i++) {
                log.noted("noted-0-" + i, 170);
                log.noted("noted-1-" + i, 170);
            }
        });
        try (Service commands = Service.command(data);
                Service queries = Service.query(data, Map.of())) {
            commands.awaitReady();
            queries.awaitReady();
            AtomicLong next = new AtomicLong();
            for (int round = 0; round < 2; round++) {
                int issues = round;
                cost(bench, commands, queries, "opening", round == 0 ? "" : "0.10 ms", 0.10, connection -> {
                    long number = next.getAndIncrement();
                    connection.post("/issues", "{\"id\":\"cost-" + number + "\"," + CommandRows.ISSUE);
                });
                cost(
                        bench,
                        commands,
                        queries,
                        "noting on 200 issues of 170 notes",
                        round == 0 ? "" : "0.05 ms",
                        0.05,
                        connection -> connection.post(
                                "/issues/noted-" + issues + "-" + next.getAndIncrement() % NOTED_ISSUES
                                        + "/record-note",
                                CommandRows.NOTE));
            }
        }
    }

    private interface Work {
        void once(Connection connection) throws IOException;
    }

    /** @param goal empty for a round that warms up and is not reported */
    private static void cost(
            Bench bench, Service commands, Service queries, String work, String goal, double most, Work once)
            throws Exception {
        long end = System.nanoTime() + COST_SECONDS * 1_000_000_000L;
        double before = queries.processorSeconds();
        AtomicLong done = new AtomicLong();
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 64; i++) {
                all.add(threads.submit(() -> {
                    try (Connection connection = new Connection(commands.port())) {
                        while (System.nanoTime() < end) {
                            once.once(connection);
                            done.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> client : all) {
                client.get();
            }
        }
        double milliseconds = 1e3 * (queries.processorSeconds() - before) / done.get();
        double rate = (double) done.get() / COST_SECONDS;
        System.out.println("     " + work + ": " + milliseconds + " ms at " + rate + "/s");
        if (!goal.isEmpty()) {
            bench.report()
                    .line(
                            "processor time of the query service an event, " + work + " at " + Report.count(rate)
                                    + "/s",
                            "%.3f ms".formatted(milliseconds),
                            "",
                            "",
                            goal,
                            milliseconds <= most);
        }
    }

    /** Reads at a fixed rate, one issue of all at random, alone and while the views are rebuilt. */
    static void rebuild(Bench bench) throws Exception {
        Path data = bench.ledger("lives", file -> Ledgers.write(file, log -> log.lives(0, ISSUES)));
        try (Service service = Service.query(data, Map.of());
                Connection orders = new Connection(service.port())) {
            service.awaitReady();
            reads(service, 15, () -> true); // Warms up.
            Percentiles alone = reads(service, 15, () -> true);
            orders.send("POST", "/projections/issues/rebuild", "");
            long began = System.nanoTime();
            Percentiles beside = reads(
                    service,
                    120,
                    () -> service.get("/projections/issues/rebuild").contains("RUNNING"));
            double seconds = (System.nanoTime() - began) / 1e9;
            bench.report()
                    .line(
                            "GET /issues/{id} at 500/s while " + Report.count(10 * ISSUES) + " events are rebuilt in "
                                    + Report.seconds(seconds),
                            beside.toString(),
                            alone + " (without the rebuild)",
                            Report.ratio(beside.p99() / alone.p99()) + " (p99)",
                            "< 3",
                            beside.p99() / alone.p99() < 3);
        }
    }

    /** Hashing the log against reading it, and comparing the views; then the reads of a live service beside both. */
    static void verify(Bench bench) throws Exception {
        Path data = bench.ledger("lives", file -> Ledgers.write(file, log -> log.lives(0, ISSUES)));
        double alone = 10.0 * ISSUES / secondsOfReading(data);
        try (Service service = Service.query(data, Map.of())) {
            service.awaitReady();
            service.get("/audit/verify"); // Warms up.
            String verdict = service.get("/audit/verify");
            if (!verdict.contains("\"ok\":true")) {
                throw new IllegalStateException(verdict);
            }
            String said = service.said();
            OffsetDateTime begun = lastTimeOf(said, "a verification begins");
            OffsetDateTime hashed = lastTimeOf(said, "events are verified, ");
            OffsetDateTime compared = lastTimeOf(said, " views of issues are compared");
            double rate = 10.0 * ISSUES / (Duration.between(begun, hashed).toMillis() / 1e3);
            double views = ISSUES / (Duration.between(hashed, compared).toMillis() / 1e3);
            bench.report()
                    .line(
                            "verification of the log, " + Report.count(10 * ISSUES) + " events",
                            Report.count(rate) + " events/s",
                            Report.count(alone) + " events/s (the log read alone)",
                            Report.ratio(rate / alone),
                            "150,000 events/s",
                            rate >= 150_000);
            bench.report()
                    .line(
                            "comparison of the views with a new fold, 10 events each",
                            Report.count(views) + " views/s",
                            "",
                            "",
                            "",
                            null);
            reads(service, 15, () -> true); // Warms up.
            Percentiles quiet = reads(service, 15, () -> true);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<String> verification = threads.submit(() -> service.get("/audit/verify"));
                Percentiles beside = reads(service, 120, () -> !verification.isDone());
                bench.report()
                        .line(
                                "GET /issues/{id} at 500/s beside a verification",
                                beside.toString(),
                                quiet + " (without it)",
                                Report.ratio(beside.p99() / quiet.p99()) + " (p99)",
                                "< 2",
                                beside.p99() / quiet.p99() < 2);
            }
        }
    }

    private static OffsetDateTime lastTimeOf(String said, String words) {
        return said.lines()
                .filter(line -> line.contains(words))
                .reduce((one, next) -> next)
                .map(line -> OffsetDateTime.parse(line.substring(0, line.indexOf(' '))))
                .orElseThrow(() -> new IllegalStateException("the query service did not say: " + words));
    }

    interface Going {
        boolean on() throws Exception;
    }

    /** Reads one issue of all at random, 500 times a second. */
    static Percentiles reads(Service service, int seconds, Going going) throws Exception {
        Queue<Double> waits = new ConcurrentLinkedQueue<>();
        long began = System.nanoTime();
        long end = began + seconds * 1_000_000_000L;
        AtomicLong tickets = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                all.add(threads.submit(() -> {
                    try (Connection connection = new Connection(service.port())) {
                        while (!over.get() && System.nanoTime() < end) {
                            long ticket = tickets.getAndIncrement();
                            long due = began + ticket * 1_000_000_000L / READS_PER_SECOND;
                            LockSupport.parkNanos(due - System.nanoTime());
                            connection.send("GET", "/issues/issue-" + ticket * 7_919 % ISSUES, "");
                            waits.add((System.nanoTime() - due) / 1e6);
                        }
                    }
                    return null;
                }));
            }
            while (System.nanoTime() < end && going.on()) {
                Thread.sleep(200);
            }
            over.set(true);
            for (Future<?> client : all) {
                client.get();
            }
        }
        return Percentiles.of(waits);
    }
}
