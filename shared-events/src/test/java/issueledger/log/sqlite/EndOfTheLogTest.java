package issueledger.log.sqlite;

import static issueledger.log.LogExamples.appended;
import static issueledger.log.LogExamples.commit;
import static issueledger.log.LogExamples.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.EventLog;
import issueledger.log.LogVerifier;
import issueledger.log.LogVerifier.Difference;
import issueledger.log.LogVerifier.Fault;
import issueledger.log.LogVerifier.Verified;
import issueledger.log.NewEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link LogVerifier#verifyEnd}: a log of 30 events, of which 11 to 14 are one commit. */
class EndOfTheLogTest {
    private static final int EVENTS = 30;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() {
        file = folder.resolve("events.db");
        try (EventLog log = SqliteEventLog.open(file, Clock.systemUTC())) {
            for (int i = 0; i < 10; i++) {
                appended(log, commit(note("one", i)));
            }
            appended(log, commit(new NewEvent[] {note("two", 0), note("two", 1), note("one", 10), note("two", 2)}));
            for (int i = 3; i < 19; i++) {
                appended(log, commit(note("two", i)));
            }
        }
    }

    private Verified verified(long events) {
        try (EventLog log = SqliteEventLog.open(file, Clock.systemUTC())) {
            assertThat(log.head().position()).isEqualTo(EVENTS);
            return new LogVerifier(log).verifyEnd(EVENTS, events);
        }
    }

    private void tamper(String update) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TRIGGER IF EXISTS events_are_never_updated");
            statement.execute(update);
        }
    }

    @Test
    void it_begins_with_a_whole_commit() {
        assertThat(verified(5)).isEqualTo(new Verified(5, 5, 0, verified(EVENTS).hash(), null));
        assertThat(verified(16).events()).isEqualTo(16);
        assertThat(verified(17).events()).as("from the commit's first event on").isEqualTo(20);
        assertThat(verified(20))
                .isEqualTo(new Verified(20, 17, 0, verified(EVENTS).hash(), null));
        assertThat(verified(29).events()).isEqualTo(29);
        assertThat(verified(EVENTS)).isEqualTo(verified(1_000));
    }

    @Test
    void a_changed_event_is_found_in_it_and_not_before_it() throws SQLException {
        tamper("UPDATE events SET payload = replace(payload, 'going on', 'going of') WHERE position = 13");
        Difference difference = verified(18).difference();
        assertThat(difference).isNotNull();
        assertThat(difference.position()).isEqualTo(11);
        assertThat(difference.what()).isEqualTo(Fault.HASH);
        assertThat(verified(10).difference()).isNull();
        assertThat(verified(EVENTS).difference()).isEqualTo(difference);
    }

    @Test
    void a_version_that_is_left_out_is_found() throws SQLException {
        tamper("UPDATE events SET sequence = sequence + 5 WHERE position = 28");
        Difference difference = verified(5).difference();
        assertThat(difference).isNotNull();
        assertThat(difference.position()).isEqualTo(28);
        assertThat(difference.what()).isEqualTo(Fault.SEQUENCE);
    }
}
