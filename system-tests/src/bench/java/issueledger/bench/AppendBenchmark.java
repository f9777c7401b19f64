package issueledger.bench;

import issueledger.log.AppendResult.Appended;
import issueledger.log.Commit;
import issueledger.log.CommitHash;
import issueledger.log.EventLog;
import issueledger.log.NewEvent;
import issueledger.log.RecordedEvent;
import issueledger.log.sqlite.SqliteEventLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;

/**
 * How fast the embedded log takes events, one event a commit, against raw SQLite in the same run: one thread, the same table, indexes,
 * triggers and pragmas, hashes ready beforehand, 128 rows a transaction. Then how fast it is read.
 *
 * <p>Arguments: how many events raw SQLite and 128 writers append in each round (60,000), and how many rounds (5).
 */
public final class AppendBenchmark {
    private static final int ROWS_A_TRANSACTION = 128;
    private static final int EVENTS_AN_ISSUE = 10;
    private static final int PAGE = 5_000;
    private static final int TAILS = 50_000;

    private final Path folder;
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();

    private AppendBenchmark(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        int events = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Path folder = Files.createTempDirectory("append-benchmark");
        try {
            AppendBenchmark benchmark = new AppendBenchmark(folder);
            benchmark.round(events / 4); // The machine warms up.
            benchmark.rates.clear();
            for (int i = 0; i < rounds; i++) {
                benchmark.round(events);
            }
            benchmark.print();
        } finally {
            delete(folder);
        }
    }

    private void round(int events) throws Exception {
        raw(events);
        writers(128, events);
        writers(8, events / 4);
        writers(1, events / 20);
    }

    private void raw(int events) throws Exception {
        Path file = fresh();
        SqliteEventLog.open(file, Clock.systemUTC()).close();
        List<Row> rows = rows(events);
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setGetGeneratedKeys(false); // As the log does: it spares the driver a query after each insert.
        try (Connection connection = config.createConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO events (position, stream, sequence, type, revision, recorded_at, payload,"
                                + " metadata, event_id, commit_position, commit_number, commit_hash, idempotency_key,"
                                + " payload_salt, metadata_salt)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            long begun = System.nanoTime();
            for (int from = 0; from < rows.size(); from += ROWS_A_TRANSACTION) {
                statement.execute("BEGIN IMMEDIATE");
                for (Row row : rows.subList(from, Math.min(from + ROWS_A_TRANSACTION, rows.size()))) {
                    row.bind(insert);
                    insert.executeUpdate();
                }
                statement.execute("COMMIT");
            }
            note("raw SQLite, 1 thread, 128 rows a transaction", events, begun);
        }
        delete(file.getParent());
    }

    private void writers(int writers, int events) throws Exception {
        Path file = fresh();
        try (EventLog log = SqliteEventLog.open(file, Clock.systemUTC());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> running = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                List<Commit> commits = commits("writer-" + w, events / writers);
                running.add(threads.submit(() -> {
                    start.await();
                    for (Commit commit : commits) {
                        if (!(log.append(List.of(commit)).outcomes().get(0) instanceof Appended)) {
                            throw new IllegalStateException("not appended: " + commit.id());
                        }
                    }
                    return null;
                }));
            }
            long begun = System.nanoTime();
            start.countDown();
            for (Future<?> writer : running) {
                writer.get();
            }
            int appended = events / writers * writers;
            note(writers + (writers == 1 ? " writer" : " writers"), appended, begun);
            if (writers == 128) {
                read(log, appended);
            }
        }
        delete(file.getParent());
    }

    private void read(EventLog log, int events) {
        long begun = System.nanoTime();
        long position = 0;
        for (List<RecordedEvent> page = log.read(0, PAGE); !page.isEmpty(); page = log.read(position, PAGE)) {
            position = page.get(page.size() - 1).position();
        }
        if (position != events) {
            throw new IllegalStateException("read up to " + position + " of " + events);
        }
        note("read, 1 thread, pages of " + PAGE, events, begun);

        begun = System.nanoTime();
        for (int i = 0; i < TAILS; i++) {
            log.readStream("writer-" + i % 128 + "-issue-0", EVENTS_AN_ISSUE, 100);
        }
        note("readStream of an empty tail", TAILS, begun);
    }

    private void note(String what, int events, long begun) {
        double seconds = Duration.ofNanos(System.nanoTime() - begun).toNanos() / 1e9;
        rates.computeIfAbsent(what, w -> new ArrayList<>()).add(events / seconds);
    }

    private void print() {
        double raw = median(rates.values().iterator().next());
        System.out.printf("%-46s %12s %10s %10s %8s%n", "", "each/s", "worst", "best", "to raw");
        rates.forEach((what, all) -> System.out.printf(
                "%-46s %,12.0f %,10.0f %,10.0f %7.0f%%%n",
                what,
                median(all),
                all.stream().mapToDouble(r -> r).min().orElse(0),
                all.stream().mapToDouble(r -> r).max().orElse(0),
                100 * median(all) / raw));
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private Path fresh() throws Exception {
        return Files.createTempDirectory(folder, "log").resolve("events.db");
    }

    private static void delete(Path folder) throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    private static List<Commit> commits(String writer, int events) {
        List<Commit> commits = new ArrayList<>(events);
        for (int i = 0; i < events; i++) {
            commits.add(
                    new Commit(List.of(event(writer + "-issue-" + i / EVENTS_AN_ISSUE, i % EVENTS_AN_ISSUE)), null));
        }
        return commits;
    }

    /** About 300 bytes of payload and 350 of metadata, as a note of the demo has. */
    private static NewEvent event(String issue, long sequence) {
        String id = issue + "-" + sequence;
        String payload = "{\"note\":" + (sequence + 1) + ",\"kind\":\"PROGRESS\",\"text\":\"" + TEXT + id + "\"}";
        String metadata = "{\"actor\":\"ada.lovelace@example.org\",\"reason\":\"measured again after the index was"
                + " rebuilt\",\"commandId\":\"" + id + "\",\"correlationId\":\"" + id + "\",\"causationId\":\"" + id
                + "\",\"traceId\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"request\":"
                + "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"}";
        return new NewEvent(id, issue, sequence, "NoteRecorded", "1", payload, metadata);
    }

    private static final String TEXT = "The slow query log shows 5 s for GET /orders with more than 200 lines; the plan"
            + " reads the whole table, since the index on customer_id was dropped in the migration of last week."
            + " A copy of production answers in 40 ms with it. ";

    private static List<Row> rows(int events) {
        List<Row> rows = new ArrayList<>(events);
        Instant at = Instant.parse("2026-02-14T09:30:00.000Z");
        String hash = CommitHash.NONE;
        int position = 1;
        int writers = 128;
        for (int i = 0; position <= events; i++) {
            for (int w = 0; w < writers && position <= events; w++, position++) {
                NewEvent event = event("writer-" + w + "-issue-" + i / EVENTS_AN_ISSUE, i % EVENTS_AN_ISSUE);
                hash = CommitHash.of(hash, position, List.of(event), at);
                rows.add(new Row(position, event, "2026-02-14T09:30:00.000Z", hash));
            }
        }
        return rows;
    }

    /** Bound values, prepared beforehand. */
    private record Row(long position, NewEvent event, String recordedAt, String hash) {
        void bind(PreparedStatement insert) throws Exception {
            insert.setLong(1, position);
            insert.setString(2, event.stream());
            insert.setLong(3, event.sequence());
            insert.setString(4, event.type());
            insert.setString(5, event.revision());
            insert.setString(6, recordedAt);
            insert.setString(7, event.payload());
            insert.setString(8, event.metadata());
            insert.setString(9, event.id());
            insert.setLong(10, position);
            insert.setLong(11, position);
            insert.setString(12, hash);
            insert.setString(13, null);
            insert.setString(14, event.commitments().payloadSalt());
            insert.setString(15, event.commitments().metadataSalt());
        }
    }
}
