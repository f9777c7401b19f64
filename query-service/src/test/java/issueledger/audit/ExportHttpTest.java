package issueledger.audit;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.events.Rfc3339;
import issueledger.log.AppendResult.Appended;
import issueledger.log.CommitHash;
import issueledger.log.Commitments;
import issueledger.log.RecordedEvent;
import issueledger.query.Query.Answer;
import issueledger.query.QueryServiceTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code GET /audit/export}. */
class ExportHttpTest extends QueryServiceTest {
    private static int exports;

    private String issue = "";
    private Appended before = new Appended(0, 0, java.time.Instant.EPOCH, "");
    private Appended one = before;
    private Appended two = before;

    @BeforeEach
    void recordThreeCommits() {
        issue = "export-" + exports++;
        before = record(issue, OPENED);
        one = record(issue, STARTED, note(1, "„naïve“ 直す 🐢 \\ \""), note(2, "two"));
        two = record(issue, note(3, "three"), note(4, "four"));
    }

    private List<JsonNode> export(String query) {
        Answer answer = this.query.get("/audit/export" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/x-ndjson");
        assertThat(answer.body()).endsWith("\n");
        return answer.body().lines().map(EventJson.MAPPER::readTree).toList();
    }

    /** The head; whether a checkpoint is signed meanwhile is a matter of time, and of TlogHttpTest. */
    private static String withoutCheckpoint(JsonNode head) {
        return head.toString().replaceFirst("\"checkpoint\":\"[^\"]*\"", "\"checkpoint\":null");
    }

    @Test
    void a_part_is_widened_to_whole_commits() {
        List<JsonNode> lines = export("?from=" + (one.first() + 1) + "&to=" + two.first());

        assertThat(withoutCheckpoint(lines.getFirst()))
                .isEqualTo(
                        "{\"format\":\"issue-ledger/export/v2\",\"from\":%d,\"to\":%d,\"previousHash\":\"%s\",\"hash\":\"%s\",\"checkpoint\":null}"
                                .formatted(one.first(), two.last(), before.hash(), two.hash()));
        assertThat(lines).hasSize(1 + 5);
        List<RecordedEvent> recorded = LOG.read(one.first() - 1, 5);
        for (int i = 0; i < 5; i++) {
            assertThat(lines.get(1 + i)).isEqualTo(expected(recorded.get(i)));
        }
    }

    /** The line as the contract has it, member by member in order. */
    private static JsonNode expected(RecordedEvent event) {
        var line = EventJson.MAPPER
                .createObjectNode()
                .put("position", event.position())
                .put("issueId", event.stream())
                .put("version", event.version())
                .put("type", event.type())
                .put("revision", event.revision())
                .put("recordedAt", Rfc3339.format(event.recordedAt()))
                .put("commit", event.commit())
                .put("hash", event.hash())
                .put("payloadSalt", event.commitments().payloadSalt())
                .put("metadataSalt", event.commitments().metadataSalt())
                .put("payload", event.payload())
                .put("metadata", event.metadata());
        return EventJson.MAPPER.readTree(line.toString());
    }

    @Test
    void the_whole_log_is_exported_and_its_hashes_can_be_computed_from_it_alone() throws Exception {
        List<JsonNode> lines = export("");

        assertThat(lines.getFirst().get("from").asLong()).isEqualTo(1);
        assertThat(lines.getFirst().get("to").asLong()).isEqualTo(two.last());
        assertThat(lines.getFirst().get("previousHash").asString()).isEqualTo(CommitHash.NONE);
        assertThat(lines).hasSize(1 + (int) two.last());
        String hash = CommitHash.NONE;
        StringBuilder entries = new StringBuilder();
        for (int i = 1; i < lines.size(); i++) {
            JsonNode line = lines.get(i);
            entries.append(String.join(
                            "\n",
                            "issue-ledger/event/v2",
                            line.get("position").asString(),
                            line.get("issueId").asString(),
                            line.get("version").asString(),
                            line.get("type").asString(),
                            line.get("revision").asString(),
                            line.get("recordedAt").asString(),
                            Commitments.commitment(
                                    line.get("payloadSalt").asString(),
                                    line.get("payload").asString()),
                            Commitments.commitment(
                                    line.get("metadataSalt").asString(),
                                    line.get("metadata").asString())))
                    .append('\n');
            boolean ends = i == lines.size() - 1
                    || lines.get(i + 1).get("commit").asLong()
                            != line.get("commit").asLong();
            if (ends) {
                var digest = java.security.MessageDigest.getInstance("SHA-256");
                digest.update(java.util.HexFormat.of().parseHex(hash));
                hash = java.util.HexFormat.of()
                        .formatHex(digest.digest(entries.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                assertThat(hash).isEqualTo(line.get("hash").asString());
                entries.setLength(0);
            }
        }
        assertThat(hash).isEqualTo(lines.getFirst().get("hash").asString());
    }

    @Test
    void one_end_alone_is_taken_from_the_beginning_or_to_the_head() {
        assertThat(export("?from=" + two.last())).hasSize(1 + 2);
        assertThat(export("?to=" + one.first())).hasSize(1 + (int) one.last());
        assertThat(export("?from=0&to=1").get(1).get("position").asLong()).isEqualTo(1);
        assertThat(export("?from=" + one.first() + "&to=" + Long.MAX_VALUE)).hasSize(1 + 5);
    }

    @Test
    void beyond_the_head_there_is_a_head_without_events() {
        String nothing =
                "{\"format\":\"issue-ledger/export/v2\",\"from\":%d,\"to\":%d,\"previousHash\":\"%s\",\"hash\":\"%3$s\",\"checkpoint\":null}";
        for (String beyond : List.of("from=" + (two.last() + 1), "from=" + Long.MAX_VALUE)) {
            assertThat(export("?" + beyond))
                    .extracting(ExportHttpTest::withoutCheckpoint)
                    .containsExactly(nothing.formatted(two.last() + 1, two.last(), two.hash()));
        }
        assertThat(export("?to=0"))
                .extracting(ExportHttpTest::withoutCheckpoint)
                .containsExactly(nothing.formatted(1, 0, CommitHash.NONE));
    }

    @Test
    void bad_parameters_are_400_and_named() {
        for (String bad : List.of("", "-1", "x", "1.5", "+1", "9223372036854775808", "%31%20")) {
            query.get("/audit/export?from=" + bad).isMalformed("from");
            query.get("/audit/export?to=" + bad).isMalformed("to");
        }
        query.get("/audit/export?from=2&to=1").isMalformed("from");
        query.get("/audit/export?from=1&to=0").isMalformed("from");
        query.get("/audit/export?from=1&from=1").isMalformed("from");
        query.get("/audit/export?limit=1").isMalformed("limit");
        query.get("/audit/export", "Accept", "application/json").isProblem(406, "not-acceptable");
    }

    /** docs/verify_export.py, which knows the format and nothing of this program. */
    private static String verified(Path file, String export, String... kept) throws Exception {
        Files.writeString(file, export);
        List<String> command = new ArrayList<>(List.of("python3", "../docs/verify_export.py", file.toString()));
        command.addAll(List.of(kept));
        Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
        python.getOutputStream().close();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return python.waitFor() + " " + said.strip();
    }

    @Test
    void an_export_is_verified_offline(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("export.ndjson");
        String all = query.get("/audit/export").body();
        String part = query.get("/audit/export?from=" + one.first()).body();
        String hash = "the last hash is " + two.hash();

        assertThat(verified(file, all))
                .startsWith("0 " + two.last() + " events in ")
                .endsWith(hash);
        assertThat(verified(file, part)).startsWith("0 5 events in 2 commits").endsWith(hash);
        assertThat(verified(file, all, Long.toString(one.last()), one.hash())).endsWith(hash);
        assertThat(verified(file, all, Long.toString(two.last() + 1), two.hash()))
                .isEqualTo("1 position " + (two.last() + 1) + ": is not in this export");
        assertThat(verified(file, all, Long.toString(one.last()), two.hash()))
                .isEqualTo("1 position " + one.last() + ": is not of the kept hash");
        assertThat(verified(file, part.replace("„naïve“", "„naive“")))
                .isEqualTo("1 position " + one.last() + ": its commit's hash is wrong");
        String cut = part.substring(0, part.lastIndexOf("{\"position\":"));
        assertThat(verified(file, cut)).isEqualTo("1 position " + two.first() + ": its commit's hash is wrong");
        assertThat(verified(file, "Dear diary")).startsWith("1 ").contains("is no export");
    }
}
