package issueledger.cli;

import static issueledger.log.LogExamples.appended;
import static issueledger.log.LogExamples.commit;
import static issueledger.log.LogExamples.note;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.log.AppendResult.Appended;
import issueledger.log.Commit;
import issueledger.log.Commit.IdempotencyKey;
import issueledger.log.Erasure;
import issueledger.log.ErasureOrder;
import issueledger.log.EventLog;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import issueledger.log.NewEvent;
import issueledger.log.RecordedEvent;
import issueledger.log.Verifier;
import issueledger.log.mongo.MongoDeployment;
import issueledger.log.mongo.UnusableDatabase;
import issueledger.log.sqlite.SqliteErasing;
import issueledger.log.sqlite.SqliteEventLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackUpTest {
    private static ReplicaSetOfOne server;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final BackUp backUp = new BackUp(new PrintStream(said, true, UTF_8));
    private Path source;
    private Path file;

    @BeforeAll
    static void start() {
        server = new ReplicaSetOfOne();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Three events a commit, many commits a page; the texts of one are erased. */
    @BeforeEach
    void writeALog() throws IOException {
        source = Files.createDirectory(folder.resolve("data")).resolve("events.db");
        file = Files.createDirectory(folder.resolve("kept")).resolve("backup.db");
        List<Commit> commits = new ArrayList<>();
        Instant time = Instant.parse("2026-02-14T09:30:00.000Z");
        for (int i = 0; i < 500; i++) {
            List<NewEvent> events = List.of(note("a", 2L * i), note("b", i), note("a", 2L * i + 1));
            commits.add(new Commit(events, new IdempotencyKey("ada", "k-" + i), "request " + i, Map.of(), time));
            time = time.plusMillis(i % 3);
        }
        try (EventLog log = SqliteEventLog.open(source, Clock.systemUTC())) {
            assertThat(log.append(commits).outcomes()).allMatch(Appended.class::isInstance);
        }
        SqliteErasing.erase(
                source, new ErasureOrder("b", 8, true, "ada", "a person left", Instant.parse("2026-03-01T00:00:00Z")));
    }

    private record Contents(LogHead head, List<RecordedEvent> events, List<Erasure> erasures) {}

    private static Contents contents(String where) {
        try (OpenedLog opened = OpenedLog.open(where)) {
            EventLog log = opened.log();
            return new Contents(
                    log.head(),
                    Stream.iterate(
                                    log.read(0, 1_000),
                                    page -> !page.isEmpty(),
                                    page -> log.read(page.getLast().position(), 1_000))
                            .flatMap(List::stream)
                            .toList(),
                    log.erasures());
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    private void backUpIsRefused(String why) {
        assertThatThrownBy(() -> backUp.backUp(source.toString(), file))
                .isInstanceOf(LogUnavailable.class)
                .hasMessageContaining(why);
    }

    private void restoreIsRefused(String log, String why) {
        assertThatThrownBy(() -> backUp.restore(file, log))
                .isInstanceOfAny(LogUnavailable.class, UnusableDatabase.class)
                .hasMessageContaining(why);
    }

    @Test
    void a_restored_back_up_has_all_of_the_log_and_leaves_the_file_as_it_is() throws IOException {
        LogHead head = backUp.backUp(source.toString(), file);
        byte[] kept = Files.readAllBytes(file);
        assertThat(names(file.getParent())).containsExactly("backup.db");
        assertThat(said.toString(UTF_8))
                .isEqualTo("copying positions 1 to 1500\n" + file
                        + " holds 1500 events in 500 commits, all verified; the last hash is " + head.hash() + "\n");

        Path target = folder.resolve("new").resolve("events.db");
        assertThat(backUp.restore(file, target.toString())).isEqualTo(head);

        assertThat(names(target.getParent())).containsExactly("events.db");
        assertThat(contents(target.toString())).isEqualTo(contents(source.toString()));
        assertThat(contents(target.toString()).erasures()).hasSize(1);
        assertThat(Verifier.verify(target).sentence())
                .startsWith("position 23: ERASED")
                .endsWith(head.hash());
        assertThat(Verifier.verify(file).accepted()).isTrue();
        assertThat(Files.readAllBytes(file)).isEqualTo(kept);
        assertThat(names(file.getParent())).containsExactly("backup.db");
    }

    @Test
    void a_log_goes_by_way_of_back_ups_into_a_database_and_back() {
        String database = server.newDatabase();
        backUp.backUp(source.toString(), file);
        backUp.restore(file, database);
        assertThat(contents(database)).isEqualTo(contents(source.toString()));

        file = file.resolveSibling("of-the-database.db");
        backUp.backUp(database, file);
        Path target = folder.resolve("back").resolve("events.db");
        backUp.restore(file, target.toString());
        assertThat(contents(target.toString())).isEqualTo(contents(source.toString()));
    }

    @Test
    void a_log_without_events_is_backed_up_and_restored() {
        Path empty = folder.resolve("empty.db");
        SqliteEventLog.open(empty, Clock.systemUTC()).close();
        assertThat(backUp.backUp(empty.toString(), file)).isEqualTo(LogHead.EMPTY);
        assertThat(backUp.restore(file, folder.resolve("restored.db").toString()))
                .isEqualTo(LogHead.EMPTY);
    }

    @Test
    void a_back_up_ends_at_a_commit_while_others_are_appended() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Long> appending = CompletableFuture.supplyAsync(() -> {
            try (EventLog log = SqliteEventLog.open(source, Clock.systemUTC())) {
                long next = 0;
                while (!done.get()) {
                    appended(log, commit(note("c", next), note("d", next++)));
                    begun.countDown();
                }
                return log.head().position();
            }
        });
        begun.await();
        LogHead head;
        try {
            head = backUp.backUp(source.toString(), file);
        } finally {
            done.set(true);
        }
        assertThat(appending.get()).isGreaterThan(head.position());
        assertThat(Verifier.verify(file).accepted()).isTrue();
        Contents all = contents(source.toString());
        assertThat(contents(file.toString()).events()).isEqualTo(all.events().subList(0, (int) head.position()));
    }

    @Test
    void a_file_that_is_there_is_left_as_it_is() throws IOException {
        Files.writeString(file, "precious");
        backUpIsRefused(file + " is there already: move it away or give another name");
        assertThat(file).hasContent("precious");
        assertThat(names(file.getParent())).containsExactly("backup.db");
    }

    @Test
    void a_file_in_no_folder_and_a_folder_are_refused() {
        file = folder.resolve("none").resolve("backup.db");
        backUpIsRefused("the folder " + file.getParent() + " is not there");
        file = folder;
        backUpIsRefused(folder + " is a folder: name a file in it");
    }

    @Test
    void a_log_that_is_not_there_is_not_made() throws IOException {
        source = folder.resolve("data").resolve("other.db");
        backUpIsRefused(source + " is not there");
        assertThat(source).doesNotExist();
        assertThat(names(file.getParent())).isEmpty();
    }

    private static void change(Path log, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + log);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TRIGGER events_are_never_updated");
            statement.execute("DROP TRIGGER events_are_never_deleted");
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        UPDATE events SET payload = '{}' WHERE position = 1400                             | position 1399 is not as it was written
        UPDATE events SET metadata_salt = payload_salt WHERE position = 1400               | position 1399 is not as it was written
        UPDATE events SET recorded_at = '2026-02-14T09:29:00.000Z' WHERE position = 1399   | position 1399 is not as it was written
        UPDATE events SET commit_hash = '0' WHERE position = 1399                          | position 1399 is not as it was written
        UPDATE events SET commit_number = 9 WHERE position = 1500                          | at 1500
        DELETE FROM events WHERE position = 1400                                           | position 1400 is missing
        DELETE FROM erasures                                                               | position 23 is erased, and no erasure
        """)
    void a_log_that_was_changed_is_not_backed_up_and_its_copy_not_restored(String change, String why) throws Exception {
        Path copy = folder.resolve("kept").resolve("copy.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + source);
                Statement statement = connection.createStatement()) {
            statement.execute("VACUUM INTO '" + copy + "'");
        }
        change(source, change);
        change(copy, change);

        backUpIsRefused(why);
        assertThat(names(file.getParent())).containsExactly("copy.db");
        file = copy;
        Path target = folder.resolve("new").resolve("events.db");
        restoreIsRefused(target.toString(), why);
        assertThat(names(target.getParent())).isEmpty();
        String database = server.newDatabase();
        restoreIsRefused(database, why);
        assertThatThrownBy(() -> OpenedLog.open(database))
                .hasMessageContaining("is not restored to its end: give ./ledger restore again");
    }

    @Test
    void a_back_up_that_is_cut_off_is_refused_and_restores_nothing() throws IOException {
        backUp.backUp(source.toString(), file);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));

        Path target = folder.resolve("new").resolve("events.db");
        restoreIsRefused(target.toString(), file.toString());
        assertThat(target.getParent()).doesNotExist();
    }

    @Test
    void a_file_of_another_kind_is_refused() throws IOException {
        Files.writeString(file, "Dear diary, this is no data file at all. ".repeat(50));
        restoreIsRefused(folder.resolve("events.db").toString(), file.toString());
        assertThat(file).content().startsWith("Dear diary");
    }

    @Test
    void a_data_file_that_may_be_in_use_is_not_restored_from() throws IOException {
        backUp.backUp(source.toString(), file);
        Files.writeString(file.resolveSibling("backup.db-wal"), "frames");
        restoreIsRefused(folder.resolve("events.db").toString(), "backup.db-wal is beside it");
        file = folder.resolve("none.db");
        restoreIsRefused(folder.resolve("events.db").toString(), "none.db is not there");
    }

    @Test
    void a_log_that_is_there_is_not_restored_over() throws IOException {
        backUp.backUp(source.toString(), file);
        Contents before = contents(source.toString());
        restoreIsRefused(source.toString(), source + " is there already");
        assertThat(contents(source.toString())).isEqualTo(before);

        Path target = folder.resolve("events.db");
        Files.writeString(folder.resolve("events.db-wal"), "of the log before");
        restoreIsRefused(target.toString(), "events.db-wal is there already");

        String database = server.newDatabase();
        try (OpenedLog other = OpenedLog.open(database)) {
            appended(other.log(), commit(note("other", 0)));
        }
        restoreIsRefused(database, "holds a log already: name an empty or a new one in the connection string");
        assertThat(contents(database).events()).hasSize(1);
    }

    @Test
    void a_restore_that_was_killed_is_finished_by_another_and_opened_by_nobody_until_then() {
        backUp.backUp(source.toString(), file);
        String database = server.newDatabase();
        try (MongoDeployment deployment = MongoDeployment.openToRestore(database);
                EventLog log = deployment.log(Clock.systemUTC())) {
            new CopyLog(beginningOf(file, 300), log, new PrintStream(said, true, UTF_8)).copy();
        }
        assertThatThrownBy(() -> MongoDeployment.open(database))
                .isInstanceOf(UnusableDatabase.class)
                .hasMessageContaining("is not restored to its end: give ./ledger restore again");
        assertThatThrownBy(() -> backUp.backUp(database, file.resolveSibling("early.db")))
                .isInstanceOf(UnusableDatabase.class);

        said.reset();
        backUp.restore(file, database);

        assertThat(said.toString(UTF_8))
                .startsWith("comparing positions 1 to 300, which are there already\ncopying positions 301 to 1500\n")
                .contains("1500 events in 500 commits, all verified");
        assertThat(contents(database)).isEqualTo(contents(source.toString()));
        restoreIsRefused(database, "holds a log already");
    }

    private EventLog beginningOf(Path whole, int events) {
        Path beginning = folder.resolve("beginning.db");
        SqliteEventLog.open(beginning, Clock.systemUTC()).close();
        try (EventLog from = SqliteEventLog.openImmutable(whole)) {
            SqliteErasing.copy(beginning, from.erasures());
            EventLog log = SqliteEventLog.open(beginning, Clock.systemUTC());
            for (int first = 0; first < events; first += 3) {
                log.append(List.of(CopyLog.commit(from.read(first, 3))));
            }
            return log;
        }
    }
}
