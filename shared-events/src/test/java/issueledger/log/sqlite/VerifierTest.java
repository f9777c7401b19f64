package issueledger.log.sqlite;

import static issueledger.log.LogExamples.appended;
import static issueledger.log.LogExamples.commit;
import static issueledger.log.LogExamples.keyed;
import static issueledger.log.LogExamples.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.EventLog;
import issueledger.log.LogHead;
import issueledger.log.StoppedClock;
import issueledger.log.Verifier;
import issueledger.log.Verifier.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program that strangers use finds whatever was done to the file behind the product's back. */
class VerifierTest {
    @TempDir
    Path folder;

    private Path file;
    private LogHead head = LogHead.EMPTY;

    @BeforeEach
    void writeALog() {
        file = folder.resolve("events.db");
        StoppedClock clock = new StoppedClock(Instant.parse("2026-02-14T09:30:00.000Z"));
        try (EventLog log = SqliteEventLog.open(file, clock)) {
            appended(log, keyed("ada", "k", note("a", 0), note("b", 0), note("a", 1)));
            clock.set(Instant.parse("2026-02-14T09:30:01.007Z"));
            appended(log, commit(note("a", 2), note("b", 1, "{\"text\":\"„naïve“ 直す 🐢\"}"), note("b", 2)));
            appended(log, commit(note("c", 0)));
            appended(log, commit(note("c", 1), note("a", 3)));
            head = log.head();
        }
    }

    @Test
    void what_the_product_wrote_is_accepted_with_its_head() {
        assertThat(Verifier.verify(file))
                .isEqualTo(new Verdict(true, "9 events in 4 commits; the last hash is " + head.hash()));
    }

    @Test
    void a_log_in_use_is_accepted_with_what_is_still_in_the_write_ahead_log() {
        try (EventLog log = SqliteEventLog.open(file, new StoppedClock(Instant.parse("2026-02-14T09:30:02Z")))) {
            String hash = appended(log, commit(note("d", 0))).hash();

            assertThat(Verifier.verify(file))
                    .isEqualTo(new Verdict(true, "10 events in 5 commits; the last hash is " + hash));
        }
    }

    @Test
    void an_empty_log_is_accepted() {
        Path empty = folder.resolve("empty.db");
        SqliteEventLog.open(empty, new StoppedClock(Instant.EPOCH)).close();

        assertThat(Verifier.verify(empty))
                .isEqualTo(new Verdict(true, "0 events in 0 commits; the last hash is " + "0".repeat(64)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        UPDATE events SET payload = replace(payload, 'going', 'went') WHERE position = 2 ; position 3: its commit's hash is wrong
        UPDATE events SET payload = payload || ' ' WHERE position = 9                    ; position 9: its commit's hash is wrong
        UPDATE events SET metadata = replace(metadata, 'ada', 'eve') WHERE position = 7  ; position 7: its commit's hash is wrong
        UPDATE events SET payload_salt = payload_salt || '00' WHERE position = 2         ; position 2: has no salt of 16 bytes
        UPDATE events SET payload_salt = upper(payload_salt) || '!' WHERE position = 2   ; position 2: has no salt of 16 bytes
        UPDATE events SET payload_salt = NULL, payload_commitment = hex(zeroblob(32)) WHERE position = 2 ; position 2: is erased, and no erasure is recorded
        UPDATE events SET type = type || char(10) || 'x' WHERE position = 9              ; position 9: has a field of two lines
        UPDATE events SET metadata_salt = payload_salt WHERE position = 7                ; position 7: its commit's hash is wrong
        UPDATE events SET type = 'NoteCorrected' WHERE position = 4                      ; position 6: its commit's hash is wrong
        UPDATE events SET revision = '2' WHERE position = 4                              ; position 6: its commit's hash is wrong
        UPDATE events SET stream = 'x', sequence = 0 WHERE position = 9                  ; position 9: its commit's hash is wrong
        UPDATE events SET recorded_at = '2026-02-14T09:30:02.000Z' WHERE position > 7    ; position 9: its commit's hash is wrong
        UPDATE events SET recorded_at = '2026-02-14T09:29:59.000Z' WHERE position = 5    ; position 5: was recorded before its predecessor
        UPDATE events SET sequence = 7 WHERE position = 9                                ; position 9: is not its issue's next version
        UPDATE events SET commit_position = 7, commit_number = 3 WHERE position = 8      ; position 8: is not of its commit
        UPDATE events SET commit_hash = replace(commit_hash, '1', '2') WHERE position = 7 ; position 7: its commit's hash is wrong
        UPDATE events SET commit_number = 9 WHERE position = 7                           ; position 7: is not of its commit
        DELETE FROM events WHERE position = 9                                            ; position 8: its commit's hash is wrong
        DELETE FROM events WHERE position = 3                                            ; position 3: is missing
        DELETE FROM events WHERE position = 5                                            ; position 5: is missing
        DELETE FROM events WHERE position = 1                                            ; position 1: is missing
        DELETE FROM events WHERE position BETWEEN 4 AND 6                                ; position 4: is missing
        UPDATE events SET position = 70 - position WHERE position IN (1, 2)              ; position 1: is missing
        """)
    void tampering_is_named(String tampering, String sentence) throws Exception {
        execute("DROP TRIGGER events_are_never_updated", "DROP TRIGGER events_are_never_deleted", tampering);

        assertThat(Verifier.verify(file)).isEqualTo(new Verdict(false, sentence));
    }

    @Test
    void two_events_that_changed_places_are_found() throws Exception {
        execute(
                "DROP TRIGGER events_are_never_updated",
                "UPDATE events SET position = 99 WHERE position = 1",
                "UPDATE events SET position = 1 WHERE position = 2",
                "UPDATE events SET position = 2 WHERE position = 99");

        assertThat(Verifier.verify(file)).isEqualTo(new Verdict(false, "position 3: its commit's hash is wrong"));
    }

    @Test
    void two_commits_that_changed_places_are_found() throws Exception {
        execute(
                "DROP TRIGGER events_are_never_updated",
                "UPDATE events SET position = 99, commit_position = 8, commit_number = 4 WHERE position = 7",
                "UPDATE events SET position = position - 1, commit_position = 7, commit_number = 3 WHERE position IN"
                        + " (8, 9)",
                "UPDATE events SET position = 9, commit_position = 9 WHERE position = 99");

        assertThat(Verifier.verify(file)).isEqualTo(new Verdict(false, "position 7: is not its issue's next version"));
    }

    @Test
    void a_file_that_is_no_log_is_refused_with_a_sentence() throws Exception {
        Path diary = Files.writeString(folder.resolve("diary.db"), "Dear diary, ".repeat(100));

        assertThat(Verifier.verify(diary).accepted()).isFalse();
        assertThat(Verifier.verify(diary).sentence())
                .contains("diary.db cannot be read")
                .doesNotContain("Traceback");
        assertThat(Verifier.verify(folder.resolve("nothing.db")).accepted()).isFalse();
        assertThat(folder.resolve("nothing.db")).doesNotExist();
    }

    private void execute(String... statements) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
