package issueledger.cli;

import static issueledger.log.LogExamples.appended;
import static issueledger.log.LogExamples.commit;
import static issueledger.log.LogExamples.note;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.log.EventLog;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import issueledger.log.StoppedClock;
import issueledger.log.Unavailable.Outcome;
import issueledger.log.Verifier;
import issueledger.log.sqlite.SqliteEventLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyLogTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Path source;
    private Path target;

    @BeforeEach
    void writeALog() {
        source = folder.resolve("events.db");
        target = folder.resolve("copy.db");
        writeFrom(0, 20);
    }

    /** Commits of one, two and three events on two streams. */
    private void writeFrom(int first, int end) {
        StoppedClock clock =
                new StoppedClock(Instant.parse("2026-02-14T09:30:00.000Z").plusSeconds(first));
        try (EventLog log = SqliteEventLog.open(source, clock)) {
            for (int i = first; i < end; i++) {
                appended(log, commit(note("a", 2L * i), note("b", i), note("a", 2L * i + 1)));
                clock.set(clock.instant().plusMillis(i % 3));
            }
        }
    }

    private LogHead copy() {
        return CopyLog.copy(source.toString(), target.toString(), new PrintStream(said, true, UTF_8));
    }

    private static void change(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TRIGGER events_are_never_updated");
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }

    private void isRefused(String why) {
        assertThatThrownBy(this::copy)
                .isInstanceOf(LogUnavailable.class)
                .message()
                .startsWith(why);
    }

    @Test
    void a_copy_has_the_positions_the_hashes_and_the_times_of_its_source() {
        LogHead head = copy();

        try (EventLog from = SqliteEventLog.open(source, Clock.systemUTC());
                EventLog to = SqliteEventLog.open(target, Clock.systemUTC())) {
            assertThat(to.read(0, 100)).hasSize(60).isEqualTo(from.read(0, 100));
            assertThat(head).isEqualTo(from.head());
        }
        assertThat(Verifier.verify(target).sentence()).endsWith(head.hash());
        assertThat(said.toString(UTF_8))
                .isEqualTo("copying positions 1 to 60\n60 events in 20 commits are the same in both; the last hash is "
                        + head.hash() + "\n");
    }

    @Test
    void what_has_come_since_is_copied_after_what_is_there_was_compared() {
        copy();
        writeFrom(20, 30);
        said.reset();
        copy();

        assertThat(said.toString(UTF_8))
                .startsWith("comparing positions 1 to 60, which are there already\ncopying positions 61 to 90\n"
                        + "90 events in 30 commits are the same in both");
        assertThat(Verifier.verify(target).accepted()).isTrue();
    }

    @Test
    void a_commit_that_was_changed_in_the_source_is_named_and_nothing_of_it_is_copied() throws SQLException {
        change(source, "UPDATE events SET payload = '{\"note\":1}' WHERE position = 32");

        isRefused("position 31 is not as it was written");
        try (EventLog copied = SqliteEventLog.open(target, Clock.systemUTC())) {
            assertThat(copied.head().position()).isLessThanOrEqualTo(30);
        }
        assertThat(Verifier.verify(target).accepted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "target"})
    void what_was_changed_in_one_of_two_equal_logs_is_found_when_they_are_compared(String where) throws SQLException {
        copy();
        change(
                where.equals("source") ? source : target,
                "UPDATE events SET metadata = '{\"actor\":\"eve\"}' WHERE position = 7");

        isRefused("position 7 is not the same in both");
    }

    @Test
    void what_was_changed_in_both_is_found_by_its_hash() throws SQLException {
        copy();
        for (Path file : List.of(source, target)) {
            change(file, "UPDATE events SET metadata = 'no JSON' WHERE position = 7");
        }

        isRefused("position 7 is not as it was written");
    }

    @Test
    void another_log_is_not_gone_on_with() {
        try (EventLog other = SqliteEventLog.open(target, new StoppedClock(Instant.EPOCH))) {
            appended(other, commit(note("other", 0)));
        }
        isRefused("the target holds another log: its hash at position 1 is ");
    }

    @Test
    @Tag("full")
    void a_log_that_is_away_for_a_moment_is_waited_for() {
        try (EventLog from = SqliteEventLog.open(source, Clock.systemUTC());
                EventLog to = SqliteEventLog.open(target, Clock.systemUTC())) {
            new CopyLog(awayNowAndThen(from), awayNowAndThen(to), new PrintStream(said, true, UTF_8)).copy();
            assertThat(to.head()).isEqualTo(from.head());
        }
    }

    /** Fails each second time before anything is done. */
    private static EventLog awayNowAndThen(EventLog log) {
        AtomicInteger calls = new AtomicInteger();
        return (EventLog) Proxy.newProxyInstance(
                EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (proxy, method, arguments) -> {
                    if (calls.incrementAndGet() % 2 == 1) {
                        throw new LogUnavailable(Outcome.NOT_APPENDED, "the log is away", null);
                    }
                    try {
                        return method.invoke(log, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
