package issueledger.log.sqlite;

import static issueledger.log.LogExamples.append;
import static issueledger.log.LogExamples.appended;
import static issueledger.log.LogExamples.commit;
import static issueledger.log.LogExamples.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import issueledger.log.EventLog;
import issueledger.log.LogDamaged;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import issueledger.log.RecordedEvent;
import issueledger.log.Unavailable.Outcome;
import issueledger.log.Verifier;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.ThrowingSupplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConfig;

/** A bad day: every fault is a sentence that names the file, nothing is half-written, and it goes on once the cause is gone. */
@Timeout(60)
class SqliteFaultsTest {
    private static final int PAGE = 4096;
    private static final String KIBIBYTE = "{\"text\":\"" + "x".repeat(1_000) + "\"}";

    @TempDir
    Path folder;

    private Path data;
    private Path file;
    private final List<EventLog> opened = new ArrayList<>();

    @BeforeEach
    void nameTheFile() {
        data = folder.resolve("data");
        file = data.resolve("events.db");
    }

    @AfterEach
    void closeLogs() {
        opened.forEach(EventLog::close);
    }

    private EventLog open(Path path, Clock clock, SqliteFile.Connector connector) {
        EventLog log = SqliteEventLog.open(path, clock, connector);
        opened.add(log);
        return log;
    }

    private EventLog open() {
        return open(file, Clock.systemUTC(), SQLiteConfig::createConnection);
    }

    // ---- a disk that is full

    @Test
    void a_full_disk_refuses_appends_and_nothing_else_until_there_is_space_again() {
        AtomicBoolean full = new AtomicBoolean(true);
        EventLog log = open(file, Clock.systemUTC(), (config, url) -> {
            Connection connection = config.createConnection(url);
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA max_page_count = " + (full.get() ? 20 : 1_000_000));
            }
            return connection;
        });
        long last = fill(log);
        LogHead head = log.head();

        assertThat(refusal(() -> append(log, commit(note("b", 0, KIBIBYTE), note("b", 1, KIBIBYTE.repeat(8)))), file))
                .hasMessageContaining("the disk is full: free some space");
        assertThat(log.read(0, 1_000)).hasSize((int) last);
        assertThat(log.readStream("b", 0, 10)).isEmpty();
        assertThat(log.head()).isEqualTo(head);
        assertThat(log.trouble().orElseThrow()).contains(file.toString(), "the disk is full");
        assertThat(Verifier.verify(file).accepted()).isTrue();

        full.set(false);
        assertThat(appended(log, commit(note("b", 0, KIBIBYTE))).first()).isEqualTo(last + 1);
        assertThat(log.trouble()).isEmpty();
        assertThat(Verifier.verify(file).accepted()).isTrue();
    }

    @Test
    void a_small_disk_that_is_really_full_refuses_appends_and_nothing_else_until_there_is_space_again()
            throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                succeeds("mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk.toString()), "only root may mount");
        try (EventLog log = SqliteEventLog.open(disk.resolve("events.db"), Clock.systemUTC())) {
            Path ballast = Files.write(disk.resolve("ballast"), new byte[300 * 1024]);
            long last = fill(log);

            assertThat(refusal(
                            () -> append(log, commit(note("b", 0, KIBIBYTE.repeat(300)))), disk.resolve("events.db")))
                    .hasMessageContainingAll("disk", "space");
            assertThat(log.read(0, 1_000)).hasSize((int) last);
            assertThat(log.head().position()).isEqualTo(last);

            Files.delete(ballast);
            assertThat(appended(log, commit(note("b", 0, KIBIBYTE))).first()).isEqualTo(last + 1);
            assertThat(Verifier.verify(disk.resolve("events.db")).accepted()).isTrue();
        } finally {
            assertThat(succeeds("umount", disk.toString())).isTrue();
        }
    }

    /** Appends until there is no space, and answers the last position. */
    private static long fill(EventLog log) {
        for (long position = 0; ; position++) {
            try {
                append(log, commit(note("a", position, KIBIBYTE)));
            } catch (LogUnavailable e) {
                assertThat(e.outcome()).isEqualTo(Outcome.NOT_APPENDED);
                assertThat(position).isPositive();
                return position;
            }
        }
    }

    // ---- a file that may not be written

    @Test
    void a_file_that_may_only_be_read_is_read_and_takes_appends_once_it_may_be_written() {
        appended(open(), commit(note("a", 0)));
        AtomicBoolean readOnly = new AtomicBoolean(true);
        EventLog log = open(
                file,
                Clock.systemUTC(),
                (config, url) ->
                        config.createConnection(readOnly.get() ? "jdbc:sqlite:file:" + file + "?mode=ro" : url));

        assertThat(log.read(0, 10)).hasSize(1);
        assertThat(refusal(() -> append(log, commit(note("a", 1))), file))
                .hasMessageContaining("may not be written: check its owner and permissions");
        assertThat(log.head().position()).isEqualTo(1);

        readOnly.set(false);
        assertThat(appended(log, commit(note("a", 1))).first()).isEqualTo(2);
    }

    @Test
    void a_disk_that_takes_no_more_writes_under_a_running_log_is_named_and_service_comes_back() throws Exception {
        EventLog log = open();
        appended(log, commit(note("a", 0)));
        Path wal = data.resolve("events.db-wal");
        assumeTrue(succeeds("chattr", "+i", wal.toString()), "only root may, and not on every file system");
        LogUnavailable refusal;
        try {
            refusal = catchThrowableOfType(LogUnavailable.class, () -> append(log, commit(note("a", 1))));
            assertThat(log.read(0, 10)).hasSize(1);
        } finally {
            assertThat(succeeds("chattr", "-i", wal.toString())).isTrue();
        }

        assertThat(refusal).hasMessageContaining(file.toString());
        long next = log.readStream("a", 0, 10).size();
        assertThat(appended(log, commit(note("a", next))).first()).isEqualTo(next + 1);
        assertThat(Verifier.verify(file).accepted()).isTrue();
    }

    // ---- a file that is no log

    @Test
    void an_empty_file_is_not_taken_for_a_new_log() throws Exception {
        Files.createDirectories(data);
        Files.createFile(file);

        assertThat(refusal(this::open, file)).hasMessageContainingAll("it is empty", "back-up", "remove it");
        assertThat(file).isEmptyFile();
    }

    @Test
    void whatever_else_is_in_the_files_place_is_named_and_left_as_it_is() throws Exception {
        Files.createDirectories(data);
        for (int length : List.of(1, 99, 512, 4096, 20_000)) {
            byte[] garbage = new byte[length];
            Arrays.fill(garbage, (byte) 0xA7);
            Files.write(file, garbage);

            refusal(this::open, file);
            assertThat(Files.readAllBytes(file)).isEqualTo(garbage);
        }
    }

    @Test
    void a_new_log_is_made_whole_and_leaves_nothing_beside_it() throws Exception {
        open().close();

        try (Stream<Path> files = Files.list(data)) {
            assertThat(files).containsExactly(file);
        }
    }

    // ---- a data directory that vanishes

    @Test
    void a_directory_that_was_moved_away_takes_no_append_and_answers_no_read_until_it_is_back() throws Exception {
        EventLog log = open();
        appended(log, commit(note("a", 0)));
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(data, elsewhere);

        assertThat(refusal(() -> append(log, commit(note("a", 1))), file))
                .hasMessageContainingAll("moved, removed or replaced", "put the same file back");
        refusal(() -> log.read(0, 10), file);
        refusal(() -> log.readStream("a", 0, 10), file);
        refusal(log::head, file);
        assertThat(data).doesNotExist();

        Files.move(elsewhere, data);
        assertThat(log.read(0, 10)).hasSize(1);
        assertThat(appended(log, commit(note("a", 1))).first()).isEqualTo(2);
        assertThat(Verifier.verify(file).sentence()).startsWith("2 events in 2 commits");
    }

    @Test
    void a_directory_that_was_deleted_is_never_begun_anew_by_a_running_log() throws Exception {
        EventLog log = open();
        appended(log, commit(note("a", 0)));
        deleteData();

        assertThat(refusal(() -> append(log, commit(note("a", 1))), file)).hasMessageContaining("restore a back-up");
        assertThat(data).doesNotExist();

        EventLog another = open();
        refusal(() -> append(log, commit(note("a", 1))), file);
        refusal(log::head, file);
        assertThat(another.head()).isEqualTo(LogHead.EMPTY);
    }

    @Test
    void a_write_ahead_log_that_was_deleted_takes_no_append_and_closing_saves_what_it_held() throws Exception {
        EventLog log = open();
        appended(log, commit(note("a", 0)));
        Files.delete(data.resolve("events.db-wal"));

        refusal(() -> append(log, commit(note("a", 1))), file);
        log.close();

        assertThat(Verifier.verify(file).sentence()).startsWith("1 events in 1 commits");
    }

    @Test
    void what_is_written_while_the_directory_goes_is_not_acknowledged_but_unknown() throws Exception {
        Path elsewhere = folder.resolve("elsewhere");
        AtomicBoolean going = new AtomicBoolean();
        EventLog log = open(
                file,
                new Clock() {
                    @Override
                    public Instant instant() {
                        if (going.getAndSet(false)) {
                            move(data, elsewhere); // In the middle of the transaction.
                        }
                        return Instant.now();
                    }

                    @Override
                    public ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(ZoneId zone) {
                        return this;
                    }
                },
                SQLiteConfig::createConnection);
        appended(log, commit(note("a", 0)));
        going.set(true);

        LogUnavailable unknown = catchThrowableOfType(LogUnavailable.class, () -> append(log, commit(note("a", 1))));
        move(elsewhere, data);

        assertThat(unknown.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(unknown).hasMessageContaining(file.toString());
        assertThat(log.readStream("a", 0, 10)).hasSize(2);
        assertThat(appended(log, commit(note("a", 2))).first()).isEqualTo(3);
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void deleteData() throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(data);
    }

    // ---- a write-ahead log that a crash left torn

    @Test
    @Tag("full")
    void a_write_ahead_log_torn_anywhere_keeps_every_commit_before_the_tear() throws Exception {
        EventLog log = open();
        List<Long> ends = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            appended(log, commit(note("a", 2 * i, KIBIBYTE), note("a", 2 * i + 1, KIBIBYTE)));
            ends.add(Files.size(data.resolve("events.db-wal")));
        }
        List<RecordedEvent> all = log.read(0, 100);

        for (int commits = 3; commits < 12; commits++) {
            for (int extra : List.of(0, 25)) {
                int torn = commits;
                Path crashed = crash("torn-" + commits + "-" + extra, wal -> wal.setLength(ends.get(torn - 1) + extra));
                assertHolds(crashed, all.subList(0, 2 * commits));
            }
        }
    }

    @Test
    void a_write_ahead_log_with_garbage_in_it_keeps_every_commit_before_it() throws Exception {
        EventLog log = open();
        List<Long> ends = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            appended(log, commit(note("a", i, KIBIBYTE)));
            ends.add(Files.size(data.resolve("events.db-wal")));
        }
        List<RecordedEvent> all = log.read(0, 100);

        for (int commits = 3; commits < 12; commits++) {
            long damaged = ends.get(commits - 1) + 24 + 100; // In the first page of the next commit.
            Path crashed = crash("garbage-" + commits, wal -> {
                wal.seek(damaged);
                wal.write(new byte[] {0x5A, 0x5A, 0x5A, 0x5A, 0x5A, 0x5A, 0x5A, 0x5A});
            });
            assertHolds(crashed, all.subList(0, commits));
        }
    }

    /** A log that recovered in silence: it holds these, goes on at the next position, and strangers accept it. */
    private void assertHolds(Path crashed, List<RecordedEvent> events) {
        try (EventLog recovered = SqliteEventLog.open(crashed, Clock.systemUTC())) {
            assertThat(recovered.read(0, 1_000)).isEqualTo(events);
            assertThat(recovered.head().hash()).isEqualTo(events.getLast().hash());
            assertThat(appended(recovered, commit(note("a", events.size()))).first())
                    .isEqualTo(events.size() + 1);
        }
        assertThat(Verifier.verify(crashed).accepted()).isTrue();
    }

    private interface Damage {
        void to(RandomAccessFile file) throws IOException;
    }

    /** The files as a crash leaves them, the write-ahead log damaged. */
    private Path crash(String name, Damage damage) throws IOException {
        Path crashed = Files.createDirectory(folder.resolve(name)).resolve("events.db");
        Files.copy(file, crashed);
        Path wal = Files.copy(data.resolve("events.db-wal"), crashed.resolveSibling("events.db-wal"));
        try (RandomAccessFile bytes = new RandomAccessFile(wal.toFile(), "rw")) {
            damage.to(bytes);
        }
        return crashed;
    }

    // ---- a page that is damaged

    @ParameterizedTest
    @ValueSource(strings = {"5A", "00", "FF"})
    void whatever_page_is_damaged_the_answer_is_right_or_an_error_that_names_the_file(String filling) throws Exception {
        int streams = 30;
        EventLog sound = open();
        for (int i = 0; i < 10; i++) {
            for (int s = 0; s < streams; s++) {
                appended(sound, commit(note("stream-" + s, i)));
            }
        }
        List<RecordedEvent> all = sound.read(0, 1_000);
        LogHead head = sound.head();
        sound.close();
        byte[] bytes = Files.readAllBytes(file);
        assertThat(Files.exists(data.resolve("events.db-wal"))).isFalse();

        int named = 0;
        for (int page = 1;
                page < bytes.length / PAGE;
                page++) { // The first page is the header's: it is not even opened.
            byte[] damaged = bytes.clone();
            Arrays.fill(damaged, page * PAGE, (page + 1) * PAGE, HexFormat.of().parseHex(filling)[0]);
            Path copy = Files.createDirectories(folder.resolve("page-" + page)).resolve("events.db");
            Files.write(copy, damaged);
            try (EventLog log = SqliteEventLog.open(copy, Clock.systemUTC())) {
                named += rightOrNamed(() -> log.read(0, 1_000), all, copy) ? 0 : 1;
                rightOrNamed(log::head, head, copy);
                for (int s = 0; s < streams; s++) {
                    String stream = "stream-" + s;
                    rightOrNamed(
                            () -> log.readStream(stream, 0, 100),
                            all.stream().filter(e -> e.stream().equals(stream)).toList(),
                            copy);
                }
                LogUnavailable refused =
                        catchThrowableOfType(LogUnavailable.class, () -> append(log, commit(note("new-stream", 0))));
                if (refused != null) {
                    assertThat(refused).hasMessageContainingAll(copy.toString(), "is damaged");
                }
            } catch (LogUnavailable e) {
                assertThat(e).hasMessageContaining(copy.toString());
                named++;
            }
        }
        assertThat(named).isGreaterThan(bytes.length / PAGE / 2);
    }

    @Test
    void a_damaged_page_of_events_is_named_by_the_position_where_it_begins() throws Exception {
        EventLog sound = open();
        for (int i = 0; i < 40; i++) {
            appended(sound, commit(note("a", i, KIBIBYTE)));
        }
        List<RecordedEvent> all = sound.read(0, 100);
        sound.close();
        byte[] bytes = Files.readAllBytes(file);
        List<Integer> leaves = new ArrayList<>();
        for (int page = 1; page < bytes.length / PAGE; page++) {
            if (bytes[page * PAGE] == 0x0D) {
                leaves.add(page);
            }
        }
        int leaf = leaves.get(leaves.size() / 2);
        Arrays.fill(bytes, leaf * PAGE, (leaf + 1) * PAGE, (byte) 0x5A);
        Files.write(file, bytes);
        EventLog log = open();

        LogDamaged damage = catchThrowableOfType(LogDamaged.class, () -> log.read(0, 100));
        int sane =
                Integer.parseInt(damage.getMessage().replaceFirst("(?s).* at position (\\d+) or after it.*", "$1")) - 1;

        assertThat(damage).hasMessageContainingAll(file.toString(), "is damaged", "restore it from a back-up");
        assertThat(sane).isBetween(1, 39);
        assertThat(log.read(0, sane)).isEqualTo(all.subList(0, sane));
        assertThat(catchThrowableOfType(LogDamaged.class, () -> log.readStream("a", 0, 100)))
                .hasMessageContaining("in the stream a at sequence " + sane + " or after it");
        assertThat(log.head().position()).isEqualTo(40);
    }

    /** @return whether it was right */
    private static <T> boolean rightOrNamed(ThrowingSupplier<T> question, T answer, Path file) throws Exception {
        T given;
        try {
            given = question.get();
        } catch (LogUnavailable e) {
            assertThat(e).hasMessageContaining(file.toString());
            return false;
        } catch (Throwable e) {
            throw new AssertionError("no such error was to come", e);
        }
        assertThat(given).isEqualTo(answer);
        return true;
    }

    // ----

    private static LogUnavailable refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Path file) {
        LogUnavailable refusal = catchThrowableOfType(LogUnavailable.class, call);
        assertThat(refusal).isNotNull().hasMessageContaining(file.toString());
        assertThat(refusal.outcome()).isEqualTo(Outcome.NOT_APPENDED);
        return refusal;
    }

    private static boolean succeeds(String... command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // There is no such program here.
        }
    }
}
