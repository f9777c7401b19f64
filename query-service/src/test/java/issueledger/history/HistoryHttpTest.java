package issueledger.history;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.events.Rfc3339;
import issueledger.log.AppendResult.Appended;
import issueledger.query.Query.Answer;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code GET /events} and {@code GET /issues/{id}/events}. */
class HistoryHttpTest extends QueryServiceTest {

    @Test
    void an_event_is_answered_with_all_that_is_known_of_it_and_its_payload_as_recorded() {
        String payload =
                "{\"kind\":\"BASELINE\",\"name\":\"latency\",\"statistic\":\"P95\",\"unit\":\"ms\",\"value\":5200.10,\"environment\":\"production\",\"better\":\"LOWER\",\"measuredAt\":null,\"source\":\"k6"
                    + " \\u00fc\"}";
        record("exact-1", OPENED);
        Instant effective = Instant.parse("2026-02-01T10:00:00Z");
        Appended appended = seen(recorder()
                .recordText(
                        "exact-1", "MetricRecorded", "1", payload, Recorder.metadata("ada", "Forgotten", effective)));

        assertThat(query.get("/issues/exact-1/events?after=1").body()).isEqualTo("""
            {"items":[{"position":%d,"issueId":"exact-1","version":2,"type":"MetricRecorded","revision":"1",\
            "recordedAt":"%s","effectiveAt":"2026-02-01T10:00:00.000Z","actor":"ada","reason":"Forgotten",\
            "payload":%s,"metadata":{"commandId":"c-1","correlationId":"c-1","causationId":"c-1",\
            "traceId":"0af7651916cd43dd8448eb211c80319c","idempotencyKey":null},"commit":%d,"hash":"%s"}],\
            "nextCursor":null}\
            """.formatted(
                appended.first(), Rfc3339.format(appended.recordedAt()), payload, appended.first(), appended.hash()));
    }

    @Test
    void a_commit_is_known_by_its_first_position() {
        Appended appended = record("commit-1", OPENED, STARTED, TESTING);

        assertThat(query.get("/issues/commit-1/events").items())
                .allSatisfy(item -> assertThat(item.get("commit").asLong()).isEqualTo(appended.first()))
                .allSatisfy(item -> assertThat(item.get("hash").asString()).isEqualTo(appended.hash()))
                .hasSize(3);
    }

    @Test
    void the_history_of_an_issue_pages_by_version() {
        record("history-1", OPENED, STARTED);
        record("history-2", OPENED);
        record("history-1", note(1, "One"), note(2, "Two"));

        Answer first = query.get("/issues/history-1/events?limit=3");
        Answer second = query.get("/issues/history-1/events?limit=3&after=" + first.nextCursor());

        assertThat(first.items("version")).containsExactly("1", "2", "3");
        assertThat(first.nextCursor()).isEqualTo("3");
        assertThat(second.items("version")).containsExactly("4");
        assertThat(second.json().get("nextCursor").isNull()).isTrue();
        assertThat(query.get("/issues/history-1/events?limit=4")
                        .json()
                        .get("nextCursor")
                        .isNull())
                .isTrue();
        assertThat(query.get("/issues/history-1/events?after=4").items()).isEmpty();
    }

    @Test
    void the_whole_log_pages_by_position_without_a_gap() {
        long last = record("log-1", OPENED, STARTED, TESTING, note(1, "One")).last();

        List<Long> positions = new ArrayList<>();
        String after = "0";
        while (positions.size() < last) {
            Answer page = query.get("/events?limit=3&after=" + after);
            page.items().forEach(item -> positions.add(item.get("position").asLong()));
            after = page.nextCursor();
        }

        assertThat(positions).hasSize((int) last).isSorted().startsWith(1L).endsWith(last);
        assertThat(query.get("/events?limit=3&after=" + (last - 3))
                        .json()
                        .get("nextCursor")
                        .isNull())
                .isTrue();
        assertThat(query.get("/events?after=" + last).body()).isEqualTo("{\"items\":[],\"nextCursor\":null}");
        assertThat(query.get("/events?after=999999999999999999").items()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/events", "/issues/lines-1/events"})
    void lines_are_the_items_of_the_page(String path) {
        if (query.get("/issues/lines-1").status() == 404) {
            record("lines-1", OPENED, STARTED, note(1, "One\nTwo"));
        }
        List<String> items = query.get(path + "?after=1&limit=2").items().stream()
                .map(EventJson.MAPPER::writeValueAsString)
                .toList();

        Answer lines = query.get(path + "?after=1&limit=2", "Accept", "application/x-ndjson");

        assertThat(lines.header("Content-Type")).startsWith("application/x-ndjson");
        assertThat(lines.body()).endsWith("\n");
        assertThat(lines.body().lines()).containsExactlyElementsOf(items);
        assertThat(lines.header("Ledger-Position"))
                .isEqualTo(Long.toString(LOG.head().position()));
    }

    @Test
    void no_lines_are_an_empty_body() {
        record("lines-2", OPENED);

        Answer lines = query.get("/issues/lines-2/events?after=1", "Accept", "application/x-ndjson");

        assertThat(lines.status()).isEqualTo(200);
        assertThat(lines.body()).isEmpty();
        query.get("/issues/nobody/events", "Accept", "application/x-ndjson").isProblem(404, "unknown-issue");
    }

    @Test
    void what_is_no_json_is_shown_as_text() {
        recorder().recordText("text-1", "NoteRecorded", "1", "{\"note\":", "who?");
        seen(recorder().recordText("text-1", "NoteRecorded", "1", "1 2", "{}"));

        List<JsonNode> items = query.get("/issues/text-1/events").items();
        assertThat(items.get(0).get("payload").asString()).isEqualTo("{\"note\":");
        assertThat(items.get(0).get("actor").isNull()).isTrue();
        assertThat(items.get(0).get("metadata").get("commandId").isNull()).isTrue();
        assertThat(items.get(1).get("payload").asString()).isEqualTo("1 2");
    }

    @ParameterizedTest
    @CsvSource({
        "after=-1, after",
        "after=x, after",
        "after=, after",
        "limit=0, limit",
        "limit=10001, limit",
        "limit=x, limit",
        "from=1, from",
        "after=1&after=2, after"
    })
    void a_bad_value_is_refused_and_named(String parameters, String named) {
        record("refused-" + parameters.hashCode(), OPENED);

        query.get("/events?" + parameters).isMalformed(named);
        query.get("/events?" + parameters, "Accept", "application/x-ndjson").isMalformed(named);
        query.get("/issues/refused-" + parameters.hashCode() + "/events?" + parameters)
                .isMalformed(named);
    }

    @Test
    void the_largest_limit_is_10_000() {
        assertThat(query.get("/events?limit=10000").status()).isEqualTo(200);
    }
}
