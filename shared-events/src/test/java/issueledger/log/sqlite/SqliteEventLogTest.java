package issueledger.log.sqlite;

import static issueledger.log.LogExamples.append;
import static issueledger.log.LogExamples.appended;
import static issueledger.log.LogExamples.commit;
import static issueledger.log.LogExamples.keyed;
import static issueledger.log.LogExamples.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import issueledger.log.AppendResult.Appended;
import issueledger.log.AppendResult.Outcome;
import issueledger.log.Commit;
import issueledger.log.CommitHash;
import issueledger.log.EventLog;
import issueledger.log.EventLogContract;
import issueledger.log.LogDamaged;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import issueledger.log.NewEvent;
import issueledger.log.RecordedEvent;
import issueledger.log.StoppedClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteEventLogTest extends EventLogContract {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("events.db");
    }

    @Override
    protected EventLog open(Clock clock) {
        return SqliteEventLog.open(file(), clock);
    }

    private static final String REST = "request, payload_salt, metadata_salt, payload_commitment, metadata_commitment";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE events SET payload = '{}' WHERE position = 1",
                "UPDATE events SET position = 9 WHERE position = 1",
                "UPDATE OR REPLACE events SET position = 2 WHERE position = 1",
                "DELETE FROM events WHERE position = 2",
                "DELETE FROM events",
                "INSERT INTO events SELECT 2, 'x', 0, type, revision, recorded_at, payload, metadata, 'x', 2, 2,"
                        + " commit_hash, NULL, " + REST + " FROM events WHERE position = 1",
                "INSERT OR REPLACE INTO events SELECT 2, 'x', 0, type, revision, recorded_at, payload, metadata, 'x',"
                        + " 2, 2, commit_hash, NULL, " + REST + " FROM events WHERE position = 1",
                "INSERT OR REPLACE INTO events SELECT 3, stream, sequence, type, revision, recorded_at, payload,"
                        + " metadata, 'x', 3, 3, commit_hash, NULL, " + REST + " FROM events WHERE position = 1",
                "INSERT OR REPLACE INTO events SELECT 3, 'x', 0, type, revision, recorded_at, payload, metadata, 'x',"
                        + " 3, 3, commit_hash, idempotency_key, " + REST + " FROM events WHERE position = 1",
                "INSERT INTO events SELECT 4, 'x', 0, type, revision, recorded_at, payload, metadata, 'x', 4, 3,"
                        + " commit_hash, NULL, " + REST + " FROM events WHERE position = 1",
                "INSERT INTO events SELECT 0, 'x', 0, type, revision, recorded_at, payload, metadata, 'x', 0, 0,"
                        + " commit_hash, NULL, " + REST + " FROM events WHERE position = 1",
                "INSERT INTO events SELECT NULL, stream, sequence, type, revision, recorded_at, payload, metadata, 'x',"
                        + " 3, 3, commit_hash, NULL, " + REST + " FROM events WHERE position = 1",
                "INSERT INTO events SELECT 3, 'x', 0, type, revision, recorded_at, x'00', metadata, 'x', 3, 3,"
                        + " commit_hash, NULL, " + REST + " FROM events WHERE position = 1",
            })
    void the_file_itself_refuses_to_be_rewritten(String statement) throws Exception {
        EventLog log = log();
        appended(log, keyed("ada", "k", note("a", 0)));
        appended(log, commit(note("a", 1)));
        List<RecordedEvent> before = log.read(0, 10);

        assertThatThrownBy(() -> execute(statement)).isInstanceOf(SQLException.class);

        assertThat(log.read(0, 10)).isEqualTo(before);
        assertThat(appended(log, commit(note("a", 2))).first()).isEqualTo(3);
    }

    @Test
    void any_sqlite_tool_may_read_it_while_it_is_written() throws Exception {
        EventLog log = log();
        appended(log, keyed("ada", "k", note("a", 0), note("b", 0)));

        assertThat(query("SELECT group_concat(position || ' ' || stream || ' ' || commit_position || ' ' ||"
                        + " commit_number || ' ' || coalesce(replace(idempotency_key, char(10), '/'), '-'), ', ')"
                        + " FROM events"))
                .isEqualTo("1 a 1 1 ada/k, 2 b 1 1 -");
        assertThat(query("PRAGMA journal_mode")).isEqualTo("wal");
        assertThat(query("PRAGMA application_id")).isEqualTo("1232292967");
        assertThat(query("PRAGMA user_version")).isEqualTo("2");
    }

    @Test
    void a_file_of_the_first_format_is_refused() throws Exception {
        log().close();
        execute("PRAGMA user_version = 1");
        assertThatThrownBy(this::log)
                .isInstanceOf(LogUnavailable.class)
                .hasMessageContaining("its format is version 1, which no release had");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.7.0", "3.50.4", "3.51.2"})
    void a_sqlite_that_can_corrupt_the_file_is_refused(String version) {
        assertThatThrownBy(() -> SqliteFile.requireSafe(version))
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith("SQLite " + version + " can corrupt it");
    }

    @Test
    void the_sqlite_that_comes_with_it_is_safe() throws Exception {
        SqliteFile.requireSafe(query("SELECT sqlite_version()"));
        SqliteFile.requireSafe("3.51.3");
    }

    @Test
    void the_write_ahead_log_shrinks_once_a_reader_that_stood_still_is_gone() throws Exception {
        standStill(3 * SqliteFile.WAL_LIMIT / 2, Duration.ZERO);
    }

    @Test
    @Tag("full")
    @Timeout(180)
    void a_reader_may_stand_still_for_a_minute_under_writes() throws Exception {
        standStill(0, Duration.ofMinutes(1));
    }

    /** Writes past a reader that holds its snapshot, at least so many bytes and so long; then lets it go and writes a little more. */
    private void standStill(long bytes, Duration time) throws Exception {
        String text =
                "{\"note\":1,\"kind\":\"PROGRESS\",\"text\":\"" + "x".repeat(bytes > 0 ? 1_000_000 : 2_000) + "\"}";
        EventLog log = log();
        long sequence = 0;
        appended(log, commit(note("a", sequence++)));
        try (Connection reader = connect();
                Statement statement = reader.createStatement()) {
            statement.execute("BEGIN");
            statement.executeQuery("SELECT max(position) FROM events").next();
            long end = System.nanoTime() + time.toNanos();
            for (long written = 0; written < bytes || System.nanoTime() < end; written += text.length()) {
                appended(log, commit(note("a", sequence++, text)));
            }
            assertThat(log.walBytes()).isGreaterThan(bytes);
            statement.execute("COMMIT");
        }
        for (int i = 0; i < 100 && log.walBytes() > SqliteFile.WAL_LIMIT; i++) {
            for (int j = 0; j < 500; j++) {
                appended(log, commit(note("a", sequence++)));
            }
        }
        assertThat(log.walBytes()).isLessThanOrEqualTo(SqliteFile.WAL_LIMIT);
    }

    @Test
    void many_instances_on_one_file_stay_dense_and_never_fork() throws Exception {
        int instances = 4;
        int threadsEach = 4;
        int commits = 20;
        List<EventLog> logs = IntStream.range(0, instances).mapToObj(i -> log()).toList();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            inParallel(
                    threads,
                    IntStream.range(0, instances * threadsEach)
                            .<Callable<Void>>mapToObj(i -> () -> {
                                EventLog log = logs.get(i % instances);
                                // Four threads, one of each instance, contend for each stream.
                                String stream = "stream-" + i / instances;
                                for (int done = 0; done < commits; ) {
                                    long next = log.readStream(stream, 0, 1_000).size();
                                    NewEvent event = new NewEvent(
                                            "writer-" + i + "-" + done, stream, next, "NoteRecorded", "1", "{}", "{}");
                                    if (append(log, commit(event)) instanceof Appended) {
                                        done++;
                                    }
                                }
                                return null;
                            })
                            .toList());
        }

        int total = instances * threadsEach * commits;
        List<RecordedEvent> events = logs.get(0).read(0, total + 1);
        assertThat(positions(events))
                .isEqualTo(LongStream.rangeClosed(1, total).boxed().toList());
        assertThat(events.stream().map(RecordedEvent::id)).doesNotHaveDuplicates();
        for (int s = 0; s < threadsEach; s++) {
            assertThat(logs.get(1).readStream("stream-" + s, 0, 1_000))
                    .extracting(RecordedEvent::sequence)
                    .isEqualTo(LongStream.range(0, instances * commits).boxed().toList());
        }
        String hash = CommitHash.NONE;
        for (RecordedEvent e : events) {
            hash = CommitHash.of(hash, e.position(), List.of(e.asNew()), e.recordedAt());
            assertThat(e.hash()).isEqualTo(hash);
        }
    }

    @Test
    void many_may_open_a_new_file_at_once() throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int round = 0; round < 15; round++) {
                Path path = folder.resolve("round-" + round).resolve("events.db");
                List<SqliteEventLog> logs = inParallel(
                        threads,
                        IntStream.range(0, 6)
                                .<Callable<SqliteEventLog>>mapToObj(
                                        i -> () -> SqliteEventLog.open(path, Clock.systemUTC()))
                                .toList());
                for (int i = 0; i < logs.size(); i++) {
                    assertThat(appended(logs.get(i), commit(note("a", i))).first())
                            .isEqualTo(i + 1);
                }
                logs.forEach(EventLog::close);
            }
        }
    }

    @Test
    void a_gap_stops_the_reader_and_names_the_place() throws Exception {
        EventLog log = log();
        for (int i = 0; i < 5; i++) {
            appended(log, commit(note("a", i)));
        }
        execute("DROP TRIGGER events_are_never_deleted");
        execute("DELETE FROM events WHERE position = 3");

        assertThat(log.read(0, 2)).hasSize(2);
        assertThat(log.read(3, 10)).hasSize(2);
        assertThatThrownBy(() -> log.read(0, 10))
                .isInstanceOf(LogDamaged.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("position 3 is missing");
        assertThatThrownBy(() -> log.read(2, 1)).isInstanceOf(LogDamaged.class);
    }

    @Test
    void a_writer_that_fails_half_way_leaves_nothing_behind_and_holds_no_lock() {
        AtomicBoolean broken = new AtomicBoolean(true);
        StoppedClock sound = new StoppedClock(NOW);
        EventLog log = log(new Clock() {
            private int calls;

            @Override
            public Instant instant() {
                if (broken.get() && calls++ == 1) {
                    throw new IllegalStateException("the clock is broken");
                }
                return sound.instant();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        });
        List<Commit> batch = List.of(commit(note("a", 0)), commit(note("b", 0)));

        assertThatThrownBy(() -> log.append(batch)).hasRootCauseMessage("the clock is broken");
        broken.set(false);

        assertThat(appended(log(), commit(note("other", 0))).first()).isEqualTo(1);
        assertThat(appended(log, commit(note("a", 0))).first()).isEqualTo(2);
    }

    @Test
    void a_file_that_is_no_database_is_named() throws Exception {
        Files.writeString(file(), "Dear diary, today I was mistaken for an SQLite database.\n".repeat(40));

        assertRefused(file(), "not an SQLite database");
        assertThat(Files.readString(file())).startsWith("Dear diary");
    }

    @Test
    void a_database_of_another_program_is_named_and_left_as_it_is() throws Exception {
        execute("CREATE TABLE songs (title TEXT)");
        byte[] before = Files.readAllBytes(file());

        assertRefused(file(), "another program");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        assertThat(query("PRAGMA journal_mode")).isEqualTo("delete");
    }

    @Test
    void a_newer_schema_is_named_with_both_versions() throws Exception {
        log().close();
        execute("PRAGMA user_version = 7");

        assertRefused(file(), "version 7", "up to 2");
    }

    @Test
    void a_directory_in_the_files_place_is_named() throws Exception {
        Files.createDirectory(file());

        assertRefused(file(), "cannot be opened");
    }

    @Test
    void a_file_in_the_folders_place_is_named() throws Exception {
        Path file = Files.writeString(folder.resolve("data"), "").resolve("events.db");

        assertRefused(file, "ISSUE_LEDGER_DATA_DIR");
    }

    @Test
    void a_damaged_database_is_named() throws Exception {
        log().close();
        byte[] bytes = Files.readAllBytes(file());
        Arrays.fill(bytes, 100, bytes.length, (byte) 0x5A);
        Files.write(file(), bytes);

        assertRefused(file(), "damaged");
    }

    @Test
    void a_file_that_may_not_be_written_is_read_and_named_when_something_is_appended() throws Exception {
        EventLog before = log();
        appended(before, commit(note("a", 0)));
        before.close();
        assertThat(file().toFile().setWritable(false)).isTrue();
        assumeFalse(Files.isWritable(file()), "whoever runs the tests may write every file");

        EventLog log = log();
        assertThat(log.read(0, 10)).hasSize(1);
        assertThatThrownBy(() -> append(log, commit(note("a", 1))))
                .asInstanceOf(type(LogUnavailable.class))
                .satisfies(e -> assertThat(e.outcome()).isEqualTo(LogUnavailable.Outcome.NOT_APPENDED))
                .satisfies(e -> assertThat(e).hasMessageContainingAll(file().toString(), "may not be written"));
    }

    @Test
    @Tag("full")
    void a_lock_that_another_program_keeps_is_named_within_five_seconds_and_nothing_is_appended() throws Exception {
        EventLog log = log();
        appended(log, commit(note("a", 0)));
        LogHead head = log.head();
        try (Connection other = connect();
                Statement statement = other.createStatement();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            statement.execute("BEGIN EXCLUSIVE");
            List<Future<Outcome>> callers = new ArrayList<>();
            long begun = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                String stream = "stream-" + i;
                callers.add(threads.submit(() -> append(log, commit(note(stream, 0)))));
            }

            for (Future<Outcome> caller : callers) {
                assertThatThrownBy(caller::get)
                        .cause()
                        .asInstanceOf(type(LogUnavailable.class))
                        .satisfies(e -> assertThat(e.outcome()).isEqualTo(LogUnavailable.Outcome.NOT_APPENDED))
                        .satisfies(e -> assertThat(e).hasMessageContaining(file().toString()))
                        .satisfies(e -> assertThat(e).hasMessageContaining("lock"));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(7));
            assertThat(log.head()).isEqualTo(head);
            statement.execute("ROLLBACK");
        }
        assertThat(appended(log, commit(note("a", 1))).first()).isEqualTo(2);
    }

    private static void assertRefused(Path file, String... words) {
        assertThatThrownBy(() -> SqliteEventLog.open(file, Clock.systemUTC()))
                .asInstanceOf(type(LogUnavailable.class))
                .satisfies(e -> assertThat(e.outcome()).isEqualTo(LogUnavailable.Outcome.NOT_APPENDED))
                .satisfies(e -> assertThat(e).hasMessageContaining(file.toString()))
                .satisfies(e -> assertThat(e).hasMessageContainingAll(words));
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return String.join("\n", values);
        }
    }
}
