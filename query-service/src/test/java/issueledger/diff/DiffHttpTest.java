package issueledger.diff;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.latency;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import com.flipkart.zjsonpatch.Jackson3JsonPatch;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.IssueAssigned;
import issueledger.events.IssueEvent.NoteCorrected;
import issueledger.events.MetricKind;
import issueledger.issues.Life;
import issueledger.query.QueryServiceTest;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code GET /issues/{id}/diff}. */
class DiffHttpTest extends QueryServiceTest {

    private JsonNode diff(String id, String query) {
        return this.query.get("/issues/" + id + "/diff" + query).json();
    }

    private static List<String> changes(JsonNode diff) {
        return StreamSupport.stream(diff.get("changes").spliterator(), false)
                .map(JsonNode::stringValue)
                .toList();
    }

    /** Any version is the other one's patched, in both directions, for random issues within the rules. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void applying_the_patch_gives_the_other_version(long seed) {
        String id = "diff-random-" + seed;
        Life life = new Life(seed);
        recorder().record(id, life.opening().toArray(IssueEvent[]::new));
        for (int i = 0; i < 40; i++) {
            CLOCK.pass(Duration.ofMinutes(7));
            IssueEvent[] step = life.step().toArray(IssueEvent[]::new);
            if (step.length > 0) {
                seen(recorder().record(id, step));
            }
        }
        long last = query.get("/issues/" + id).json().get("version").longValue();
        Random random = new Random(seed);
        for (int i = 0; i < 25; i++) {
            long from = 1 + random.nextLong(last);
            long to = 1 + random.nextLong(last);
            JsonNode before = query.get("/issues/" + id + "?version=" + from).json();
            JsonNode after = query.get("/issues/" + id + "?version=" + to).json();

            JsonNode diff = diff(id, "?from=" + from + "&to=" + to);

            assertThat(Jackson3JsonPatch.apply(diff.get("patch"), before)).isEqualTo(after);
            assertThat(diff.get("from").longValue()).isEqualTo(from);
            assertThat(diff.get("to").longValue()).isEqualTo(to);
            assertThat(diff.get("patch").isEmpty()).isEqualTo(from == to);
            if (from == to) {
                assertThat(changes(diff)).isEmpty();
            }
        }
    }

    /** An event says something in the lines, and the way back says it too. */
    @Test
    void every_event_has_a_line_in_both_directions() {
        for (long seed = 20; seed < 26; seed++) {
            String id = "diff-lines-" + seed;
            Life life = new Life(seed);
            recorder().record(id, life.opening().toArray(IssueEvent[]::new));
            for (int i = 0; i < 60; i++) {
                IssueEvent[] step = life.step().toArray(IssueEvent[]::new);
                if (step.length > 0) {
                    recorder().record(id, step);
                }
            }
            seen(recorder().record(id, new IssueAssigned("the-last-of-" + seed)));
            long last = query.get("/issues/" + id).json().get("version").longValue();
            for (long version = 2; version <= last; version++) {
                JsonNode patch = diff(id, "?from=" + (version - 1) + "&to=" + version);
                boolean changed = StreamSupport.stream(patch.get("patch").spliterator(), false)
                        .map(operation -> operation.get("path").stringValue())
                        .anyMatch(path ->
                                !path.matches("/(version|position|updatedAt|updatedBy|metrics/.*|phases/.*At)"));
                if (changed) {
                    assertThat(changes(patch)).as("%s", patch).isNotEmpty();
                    assertThat(changes(diff(id, "?from=" + version + "&to=" + (version - 1))))
                            .isNotEmpty();
                }
            }
        }
    }

    @Test
    void lines_are_for_a_report() {
        record(
                "diff-1",
                OPENED,
                STARTED,
                note(1, "It scans."),
                latency(MetricKind.BASELINE, "5200"),
                latency(MetricKind.MEASURED, "340.50"),
                new NoteCorrected(1, "It scans\nthe table."),
                new IssueAssigned("mara"));

        assertThat(changes(diff("diff-1", "?from=1&to=2"))).contains("status: OPEN → IN_PROGRESS");
        assertThat(changes(diff("diff-1", "?from=2&to=1"))).contains("status: IN_PROGRESS → OPEN");
        assertThat(changes(diff("diff-1", "?from=4&to=5"))).containsExactly("p95 latency measured: none → 340.50 ms");
        assertThat(changes(diff("diff-1", "?from=5&to=6")))
                .containsExactly("note 1 corrected: It scans. → It scans the table.");
        assertThat(changes(diff("diff-1", ""))).containsExactly("assignee: none → mara");
        assertThat(changes(diff("diff-1", "?from=3")))
                .containsExactly(
                        "note 1 corrected: It scans. → It scans the table.",
                        "p95 latency baseline: none → 5200 ms",
                        "p95 latency measured: none → 340.50 ms",
                        "assignee: none → mara");
    }

    @Test
    void by_default_it_is_the_last_change() {
        record("diff-2", OPENED);
        JsonNode first = diff("diff-2", "");
        assertThat(first.get("from").longValue()).isEqualTo(1);
        assertThat(first.get("to").longValue()).isEqualTo(1);
        assertThat(first.get("patch")).isEmpty();
        record("diff-2", STARTED, note(1, "a"));
        assertThat(diff("diff-2", "").get("from").longValue()).isEqualTo(2);
        assertThat(diff("diff-2", "").get("to").longValue()).isEqualTo(3);
        assertThat(diff("diff-2", "?to=2").get("from").longValue()).isEqualTo(1);
        assertThat(diff("diff-2", "?to=1").get("from").longValue()).isEqualTo(1);
    }

    @Test
    void what_is_not_there_is_404_and_what_is_no_version_400() {
        record("diff-3", OPENED, STARTED);
        query.get("/issues/diff-3/diff?from=1&to=3").isProblem(404, "unknown-version");
        query.get("/issues/diff-3/diff?from=9223372036854775807").isProblem(404, "unknown-version");
        query.get("/issues/diff-none/diff").isProblem(404, "unknown-issue");
        query.get("/issues/diff-none/diff?from=1&to=2").isProblem(404, "unknown-issue");
        query.get("/issues/diff-3/diff?from=0").isMalformed("from");
        query.get("/issues/diff-3/diff?to=x").isMalformed("to");
        query.get("/issues/diff-3/diff?to=9223372036854775808").isMalformed("to");
        query.get("/issues/diff-3/diff?from=1&from=2").isMalformed("from");
        query.get("/issues/diff-3/diff?of=1").isMalformed("of");
        query.get("/issues/diff-3/diff", "Accept", "text/html").isProblem(406, "not-acceptable");
    }
}
