package issueledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The expected values were computed with Python's hashlib, not with the code under test. */
class CommitHashTest {
    private static final String FIRST = "02dc9fcfc8d37b32f17ea3e97b0023eda50fd7039aa57e4ed1d1288037928752";
    private static final String SECOND = "770a141135d192084928a6e817979a042d444304071f238986b6d9f425a04b7b";
    private static final String THIRD = "377814485554eb68ae4e90b5d78ee38084bf8ed1eedfa6b50c66d4d086cba9a2";

    private static final NewEvent OPENED = event(
            0,
            "IssueOpened",
            "{\"title\":\"Slow\",\"description\":{\"text\":\"5 s\",\"symptoms\":[],\"affectedFeatures\":[],"
                    + "\"userImpact\":null,\"endpoints\":[]},\"labels\":[]}",
            "{\"actor\":\"ada\"}");
    private static final NewEvent WORK_STARTED =
            event(1, "WorkStarted", "{\"startedOn\":\"2026-02-15\"}", "{\"actor\":\"grace\"}");
    private static final NewEvent PHASE_STARTED = event(2, "PhaseStarted", "{\"phase\":1}", "{\"actor\":\"grace\"}");
    private static final NewEvent NOTE = event(
            3,
            "NoteRecorded",
            "{\"note\":1,\"kind\":\"DECISION\",\"text\":\"„naïve“ 直す 🐢\"}",
            "{\"actor\":\"Grüße\"}");

    private static final Instant AT_FIRST = Instant.parse("2026-02-14T09:30:00Z");
    private static final Instant AT_SECOND = Instant.parse("2026-02-15T08:00:00.123Z");
    private static final Instant AT_THIRD = Instant.parse("2026-02-15T08:00:01Z");

    @Test
    void an_entry_is_nine_lines_each_ended_by_a_line_feed() {
        assertThat(CommitHash.entry(1, OPENED, AT_FIRST))
                .isEqualTo("issue-ledger/event/v2\n1\nslow-orders\n1\nIssueOpened\n1\n2026-02-14T09:30:00.000Z\n"
                        + "5cf037e47bbbc7bb635330a043f9da87ab55b3179ed19b8f002e009ee4c87d04\n"
                        + "f013e46ae0df8a09b2dedf6405caa54393d3c6004d32c360655244d6671db851\n");
    }

    @Test
    void the_first_commit_stands_on_zeros() {
        assertThat(CommitHash.of(CommitHash.NONE, 1, List.of(OPENED), AT_FIRST)).isEqualTo(FIRST);
    }

    @Test
    void a_commit_of_two_events_stands_on_the_one_before() {
        assertThat(CommitHash.of(FIRST, 2, List.of(WORK_STARTED, PHASE_STARTED), AT_SECOND))
                .isEqualTo(SECOND);
    }

    @Test
    void text_of_any_script_is_hashed_as_utf_8() {
        assertThat(CommitHash.of(SECOND, 4, List.of(NOTE), AT_THIRD)).isEqualTo(THIRD);
    }

    @Test
    void whatever_is_changed_changes_the_hash() {
        assertThat(List.of(
                        CommitHash.of(FIRST, 3, List.of(WORK_STARTED, PHASE_STARTED), AT_SECOND),
                        CommitHash.of(FIRST, 2, List.of(PHASE_STARTED, WORK_STARTED), AT_SECOND),
                        CommitHash.of(FIRST, 2, List.of(WORK_STARTED), AT_SECOND),
                        CommitHash.of(FIRST, 2, List.of(WORK_STARTED, PHASE_STARTED), AT_THIRD),
                        CommitHash.of(THIRD, 2, List.of(WORK_STARTED, PHASE_STARTED), AT_SECOND)))
                .doesNotHaveDuplicates()
                .doesNotContain(SECOND);
    }

    @Test
    void an_erased_text_keeps_its_commitment_in_the_entry() {
        Commitments erased = new Commitments(
                null,
                OPENED.commitments().metadataSalt(),
                Commitments.commitment(OPENED.commitments().payloadSalt(), OPENED.payload()),
                null);
        NewEvent event =
                new NewEvent(OPENED.id(), "slow-orders", 0, "IssueOpened", "1", "{}", OPENED.metadata(), erased);
        assertThat(CommitHash.of(CommitHash.NONE, 1, List.of(event), AT_FIRST)).isEqualTo(FIRST);
    }

    @Test
    void no_salt_is_used_twice() {
        Set<String> salts = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            NewEvent event = new NewEvent("id", "slow-orders", i, "NoteRecorded", "1", "{}", "{}");
            assertThat(salts.add(event.commitments().payloadSalt())).isTrue();
            assertThat(salts.add(event.commitments().metadataSalt())).isTrue();
        }
    }

    private static NewEvent event(long sequence, String type, String payload, String metadata) {
        Commitments salted = Commitments.salted(
                "%02x".formatted(2 * sequence).repeat(16),
                "%02x".formatted(2 * sequence + 1).repeat(16));
        return new NewEvent("id-" + sequence, "slow-orders", sequence, type, "1", payload, metadata, salted);
    }
}
