package issueledger.audit;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.AppendResult.Appended;
import issueledger.log.CommitHash;
import issueledger.log.LogHead;
import issueledger.query.Query.Answer;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** {@code GET /audit/verify} of a log and views that nobody changed. */
class VerifyHttpTest extends QueryServiceTest {
    private static int issues;

    @Autowired
    private VerifyController controller;

    private String issue = "";
    private Appended last = new Appended(0, 0, java.time.Instant.EPOCH, "");

    @BeforeEach
    void recordAnIssue() {
        issue = "verified-" + issues++;
        record(issue, OPENED);
        last = record(issue, STARTED);
    }

    private JsonNode verify(String query) {
        Answer answer = this.query.get("/audit/verify" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        return answer.json();
    }

    @Test
    void the_verdict_tells_what_was_checked() {
        LogHead head = LOG.head();

        JsonNode verdict = verify("");

        int views = query.get("/issues?limit=200").items().size();
        assertThat(verdict.toString())
                .isEqualTo(
                        "{\"ok\":true,\"from\":1,\"to\":%1$d,\"commits\":%2$d,\"events\":%1$d,\"views\":%3$d,\"erased\":0,\"hash\":\"%4$s\",\"difference\":null}"
                                .formatted(
                                        head.position(),
                                        head.commits(),
                                        verdict.get("views").asInt(),
                                        head.hash()));
        assertThat(verdict.get("views").asInt()).isGreaterThanOrEqualTo(Math.min(200, views));
    }

    @Test
    void in_lines_the_verdict_is_the_last() {
        Answer answer = query.get("/audit/verify", "Accept", "application/x-ndjson");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/x-ndjson");
        List<String> lines = answer.body().lines().toList();
        assertThat(lines.getLast()).startsWith("{\"ok\":true,");
        assertThat(lines.subList(0, lines.size() - 1))
                .allSatisfy(line -> assertThat(line).matches("\\{\"checked\":\\d+,\"of\":\\d+}"));
    }

    @Test
    void a_kept_head_is_held_against_the_log() {
        assertThat(verify("?position=" + last.last() + "&hash=" + last.hash())
                        .get("ok")
                        .asBoolean())
                .isTrue();
        assertThat(verify("?position=0&hash=" + CommitHash.NONE).get("ok").asBoolean())
                .isTrue();

        JsonNode other = verify("?position=" + last.first() + "&hash=" + "a".repeat(64));
        assertThat(other.get("ok").asBoolean()).isFalse();
        assertThat(other.get("difference").toString())
                .startsWith("{\"position\":%d,\"issueId\":\"%s\",\"what\":\"HASH\",\"detail\":\""
                        .formatted(last.first(), issue));
        assertThat(verify("?position=0&hash=" + last.hash()).get("difference").toString())
                .startsWith("{\"position\":0,\"issueId\":null,\"what\":\"HASH\"");

        long head = LOG.head().position();
        JsonNode beyond = verify("?position=" + (head + 5) + "&hash=" + last.hash());
        assertThat(beyond.get("ok").asBoolean()).isFalse();
        assertThat(beyond.get("difference").toString())
                .startsWith("{\"position\":%d,\"issueId\":null,\"what\":\"GAP\",\"detail\":\"".formatted(head + 1));
        assertThat(beyond.get("events").asLong()).isEqualTo(head);
    }

    @Test
    void bad_parameters_are_400_and_named() {
        query.get("/audit/verify?position=1").isMalformed("hash");
        query.get("/audit/verify?hash=" + last.hash()).isMalformed("position");
        for (String bad : List.of("", "x", "-1", "1.5", "9223372036854775808")) {
            query.get("/audit/verify?hash=" + last.hash() + "&position=" + bad).isMalformed("position");
        }
        for (String bad : List.of("", "x", last.hash() + "0", last.hash().toUpperCase(java.util.Locale.ROOT) + "A")) {
            query.get("/audit/verify?position=1&hash=" + bad).isMalformed("hash");
        }
        query.get("/audit/verify?from=1").isMalformed("from");
        query.get("/audit/verify", "Accept", "text/html").isProblem(406, "not-acceptable");
    }

    @Test
    void a_parked_event_is_no_difference() {
        seen(recorder().recordText(issue, "NoSuchEvent", "1", "{}", Recorder.metadata("ada", null, null)));
        record(issue, STARTED);

        assertThat(verify("").get("difference").isNull()).isTrue();
    }

    @Test
    void there_is_one_verification_at_a_time() throws InterruptedException {
        controller.place.acquire();
        try {
            Answer second = query.get("/audit/verify").isProblem(503, "overloaded");
            assertThat(second.header("Retry-After")).matches("\\d+");
        } finally {
            controller.place.release();
        }
        assertThat(verify("").get("ok").asBoolean()).isTrue();
    }

    @Test
    void a_verification_whose_client_leaves_ends() throws InterruptedException {
        Verification verification = new Verification(LOG, projections, null, (checked, of) -> {
            throw new java.io.UncheckedIOException(new java.io.IOException("gone"));
        });

        org.assertj.core.api.Assertions.assertThatThrownBy(verification::run)
                .isInstanceOf(java.io.UncheckedIOException.class);
    }

    @Autowired
    private issueledger.projections.Projections projections;
}
