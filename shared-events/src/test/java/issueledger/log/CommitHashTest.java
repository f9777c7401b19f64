package issueledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected values were computed with Python's hashlib, not with the code under test. */
class CommitHashTest {
    private static final String FIRST = "f5b37f39cad397a2973586ffbe698d8a9f85921ca4f8978dcf9ee9ccd2366106";
    private static final String SECOND = "b39c1058a22126661f7d68d5e1636337486f6e78dc56bdc41f325f33540bf582";
    private static final String THIRD = "3e7eb98885283dfcbe108f7787e30f61de265f1b02d80b8cc1181ddf8645e272";

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
                .isEqualTo("issue-ledger/event/v1\n1\nslow-orders\n1\nIssueOpened\n1\n2026-02-14T09:30:00.000Z\n"
                        + "184c204b8db9ffc11cc0d31aa844e708c4debac312dda524c22865ed8278a137\n"
                        + "de8e542f1fdb6ed5d074f25dc16d9c2953c8ad6aa9ebd92b62fdd6b5771f1329\n");
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

    private static NewEvent event(long sequence, String type, String payload, String metadata) {
        return new NewEvent("id-" + sequence, "slow-orders", sequence, type, "1", payload, metadata);
    }
}
