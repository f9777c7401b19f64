package issueledger.web.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.handling.Rehearsal;
import issueledger.web.OverHttp;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /commands?dry-run=true}. */
class DryBulkTest extends OverHttp {
    @Test
    void each_line_sees_what_the_lines_before_it_would_have_done() {
        String id = newId();
        String other = newId();
        long head = head();

        List<JsonNode> results = dry("""
            {"command":"open-issue","issueId":"%1$s","idempotencyKey":"dry-%1$s","body":{"title":"Slow","description":{"text":"5 s"}}}
            {"command":"start-work","issueId":"%1$s","ifMatch":"1","body":{}}
            {"command":"start-work","issueId":"%1$s"}
            {"command":"record-note","issueId":"%1$s","body":{"kind":"PROGRESS","text":"one"}}
            {"command":"record-note","issueId":"%1$s","body":{"kind":"PROGRESS","text":"two"}}
            {"command":"assign-issue","issueId":"%1$s","body":{"assignee":null}}
            {"command":"open-issue","issueId":"%1$s","idempotencyKey":"dry-%1$s","body":{"title":"Slow","description":{"text":"5 s"}}}
            {"command":"open-issue","issueId":"%1$s","idempotencyKey":"dry-%1$s","body":{"title":"Fast","description":{"text":"5 s"}}}
            {"command":"start-testing","issueId":"%2$s"}
            {"command":"open-issue","issueId":"%2$s","body":{"title":"Slow","description":{"text":"5 s"}}}
            {"command":"close","issueId":"%2$s","body":{"resolution":"DUPLICATE","duplicateOf":"%1$s"}}
            {"command":"close","issueId":"%1$s","body":{"resolution":"DUPLICATE","duplicateOf":"%2$s"}}
            """.formatted(id, other));

        assertThat(results)
                .extracting(r -> r.at("/status").intValue())
                .containsExactly(201, 200, 409, 200, 200, 200, 201, 422, 404, 201, 200, 409);
        assertThat(results)
                .filteredOn(r -> r.at("/status").intValue() < 300)
                .allSatisfy(r -> assertThat(r.at("/dryRun").booleanValue()).isTrue());
        assertThat(results)
                .filteredOn(r -> r.has("position"))
                .extracting(r -> r.at("/position").longValue() - head)
                .containsExactly(1L, 2L, 3L, 4L, 4L, 1L, 5L, 6L);
        assertThat(results.get(4).at("/note").intValue()).isEqualTo(2);
        assertThat(results.get(5).at("/version").intValue()).isEqualTo(4);
        assertThat(results.get(6).at("/replayed").booleanValue()).isTrue();
        assertThat(results.get(11).at("/reason").asString()).isEqualTo("DUPLICATE_OF_ITSELF");
        assertThat(head()).isEqualTo(head);
        post("/issues", OPENING.formatted(id), "Idempotency-Key", "dry-" + id).is(201);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void it_tells_of_each_line_what_then_happens(long seed) {
        List<String> lines = new RandomLines(seed).lines(120);
        long head = head();

        List<JsonNode> told = dry(String.join("\n", lines));

        assertThat(head()).isEqualTo(head);
        assertThat(told).hasSameSizeAs(lines);
        Set<Integer> statuses = new TreeSet<>();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode done = bulk("/commands", lines.get(i)).get(0);
            statuses.add(done.at("/status").intValue());
            assertThat(comparable(told.get(i))).as("%s", lines.get(i)).isEqualTo(comparable(done));
        }
        assertThat(statuses).contains(200, 201, 404, 409, 412, 422);
    }

    /** Without what differs between two requests: line, trace, moments, and ids of the server's making. */
    private static String comparable(JsonNode result) {
        ObjectNode same = ((ObjectNode) result).deepCopy();
        same.remove(List.of("line", "traceId", "dryRun"));
        if (same.at("/issueId").asString().length() == 36) {
            same.remove("issueId");
        }
        return same.toString().replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "T");
    }

    @Test
    @Tag("full")
    void a_line_that_touches_one_issue_more_than_10_000_is_too_large_and_the_others_go_on() {
        String known = opened();
        String prefix = newId();
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= Rehearsal.MAX_ISSUES; i++) {
            lines.append(opening(prefix + "-" + i));
        }
        lines.append(opening(prefix + "-more"));
        String note = "{\"command\":\"record-note\",\"issueId\":\"%s\",\"body\":" + NOTE + "}\n";
        lines.append(note.formatted(known));
        lines.append(note.formatted(prefix + "-1"));
        lines.append(note.formatted("nobody-opened-this"));
        long head = head();

        List<JsonNode> results = dry(lines.toString());

        List<JsonNode> last = results.subList(Rehearsal.MAX_ISSUES, results.size());
        assertThat(results.subList(0, Rehearsal.MAX_ISSUES))
                .allSatisfy(r -> assertThat(r.at("/status").intValue()).isEqualTo(201));
        assertThat(last).extracting(r -> r.at("/status").intValue()).containsExactly(413, 413, 200, 413);
        assertThat(last.get(0).at("/type").asString()).isEqualTo("/problems/too-large");
        assertThat(last.get(0).at("/detail").asString()).contains(prefix + "-more", "10,000");
        assertThat(last.get(2).at("/position").longValue()).isEqualTo(head + Rehearsal.MAX_ISSUES + 1);
        assertThat(head()).isEqualTo(head);
    }

    private static String opening(String id) {
        return "{\"command\":\"open-issue\",\"body\":" + OPENING.formatted(id) + "}\n";
    }

    private List<JsonNode> dry(String lines) {
        return bulk("/commands?dry-run=true", lines);
    }

    private List<JsonNode> bulk(String path, String lines) {
        return send("POST", path, BodyPublishers.ofString(lines), "Content-Type", "application/x-ndjson")
                .is(200)
                .text()
                .lines()
                .map(EventJson.MAPPER::readTree)
                .toList();
    }

    /** Lines on few issues and with few keys, so that most depend on lines before them. */
    private final class RandomLines {
        private static final List<String> BODIES = List.of(
                "start-work {}",
                "start-work {}",
                "start-testing {}",
                "start-testing {}",
                "return-to-work {\"reason\":\"it failed\"}",
                "mark-fixed {\"release\":\"2.1\"}",
                "mark-fixed {\"release\":\"2.1\",\"waivers\":[{\"requirement\":\"TESTS\",\"reason\":\"urgent\"}]}",
                "close {\"resolution\":\"CONFIRMED\"}",
                "close {\"resolution\":\"WONT_FIX\",\"reason\":\"too dear\"}",
                "close {\"resolution\":\"DUPLICATE\",\"duplicateOf\":\"OTHER\"}",
                "reopen {\"reason\":\"again\"}",
                "record-root-cause {\"technicalCause\":\"no index\"}",
                "record-root-cause {\"technicalCause\":\"a lock\"}",
                "record-root-cause {\"technicalCause\":\"a lock\",\"reason\":\"measured\"}",
                "plan-phases {\"phases\":[{\"name\":\"Index\"},{\"name\":\"Watch\"}]}",
                "plan-phases {\"phases\":[{\"name\":\"Index\"},{\"name\":\"Measure\"}]}",
                "advance-phase {\"phase\":1}",
                "advance-phase {\"phase\":2}",
                "record-test-run {\"kind\":\"UNIT\",\"outcome\":\"PASSED\"}",
                "record-test-run {\"kind\":\"UNIT\",\"outcome\":\"FAILED\"}",
                "record-note {\"kind\":\"PROGRESS\",\"text\":\"seen\"}",
                "correct-note {\"note\":1,\"text\":\"not seen\",\"reason\":\"a slip\"}",
                "record-metric"
                    + " {\"kind\":\"TARGET\",\"name\":\"latency\",\"statistic\":\"P95\",\"unit\":\"ms\",\"value\":500,\"better\":\"LOWER\"}",
                "record-metric"
                    + " {\"kind\":\"MEASURED\",\"name\":\"latency\",\"statistic\":\"P95\",\"unit\":\"ms\",\"value\":340}",
                "record-metric"
                    + " {\"kind\":\"MEASURED\",\"name\":\"latency\",\"statistic\":\"P95\",\"unit\":\"s\",\"value\":1}",
                "withdraw-metric {\"metric\":1,\"reason\":\"a wrong host\"}",
                "link-file {\"path\":\"src/a.py\"}",
                "unlink-file {\"path\":\"src/a.py\"}",
                "add-reference {\"title\":\"Manual\"}",
                "remove-reference {\"reference\":1}",
                "change-labels {\"add\":[\"api\"]}",
                "change-labels {\"remove\":[\"api\"]}",
                "assign-issue {\"assignee\":\"mara\"}",
                "assign-issue {\"assignee\":\"mara\",\"effectiveAt\":\"2026-01-01T00:00:00Z\"}",
                "start-work {\"effectiveAt\":\"2026-01-01T00:00:00Z\"}",
                "record-note {\"kind\":\"PROGRESS\"}",
                "record-note {\"colour\":\"red\"}",
                "do-magic {}");

        private final Random random;
        private final List<String> ids;

        RandomLines(long seed) {
            random = new Random(seed);
            ids = Stream.generate(DryBulkTest.this::newId).limit(4).toList();
        }

        List<String> lines(int count) {
            List<String> lines = new ArrayList<>();
            ids.subList(0, 3).forEach(id -> lines.add(opening(id).strip()));
            for (int i = lines.size(); i < count; i++) {
                lines.add(line());
            }
            return lines;
        }

        private String line() {
            String id = ids.get(random.nextInt(ids.size()));
            String command = BODIES.get(random.nextInt(BODIES.size()));
            String key = random.nextInt(3) == 0
                    ? ",\"idempotencyKey\":\"" + ids.get(0) + "-" + random.nextInt(8) + "\""
                    : "";
            if (random.nextInt(25) == 0) {
                return "{\"command\":\"open-issue\"" + key
                        + ",\"body\":{\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}"
                        + (random.nextBoolean() ? ",\"id\":\"" + id + "\"" : "") + "}}";
            }
            String ifMatch = random.nextInt(5) == 0 ? ",\"ifMatch\":\"" + random.nextInt(12) + "\"" : "";
            int blank = command.indexOf(' ');
            return "{\"command\":\"" + command.substring(0, blank) + "\",\"issueId\":\"" + id + "\"" + key + ifMatch
                    + ",\"body\":"
                    + command.substring(blank + 1).replace("OTHER", ids.get(random.nextInt(ids.size()))) + "}";
        }
    }
}
