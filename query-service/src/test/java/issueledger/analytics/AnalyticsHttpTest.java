package issueledger.analytics;

import static issueledger.query.Happenings.CONFIRMED;
import static issueledger.query.Happenings.FIXED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.latency;
import static issueledger.query.Happenings.opened;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.MetricKind;
import issueledger.events.Resolution;
import issueledger.query.Query.Answer;
import issueledger.query.QueryServiceTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /analytics/…} over HTTP: parameters, pages, CSV and headers. */
class AnalyticsHttpTest extends QueryServiceTest {

    private Answer csv(String path) {
        return query.get(path, "Accept", "text/csv");
    }

    @Test
    void a_summary_is_answered_once_the_view_has_the_command() {
        long position = recorder()
                .record("summed-1", opened("Slow", "It is slow", "summed"), STARTED)
                .last();

        Answer answer = query.get("/analytics/summary?label=summed", "Ledger-Min-Position", Long.toString(position));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("issues").asInt()).isEqualTo(1);
        assertThat(answer.json().get("byStatus").get("IN_PROGRESS").asInt()).isEqualTo(1);
        assertThat(answer.json().has("doubtful")).isTrue();
        assertThat(Long.parseLong(answer.header("Ledger-Position"))).isGreaterThanOrEqualTo(position);
        query.get("/analytics/summary", "Ledger-Min-Position", "100000000").isProblem(503, "not-yet");
    }

    @ParameterizedTest
    @CsvSource({
        "summary?limit=5, limit",
        "summary?cursor=x, cursor",
        "summary?status=OPEN, status",
        "forecast?limit=5, limit",
        "flow?window=3, window",
        "flow?seed=3, seed",
        "flow?from=2026-01-01, from",
        "flow?to=yesterday, to",
        "flow?to=2026-02-30T00:00:00Z, to",
        "aging?bucket=year, bucket",
        "aging?bucket=WEEK, bucket",
        "aging?bucket=, bucket",
        "quality?severity=SEVERE, severity",
        "quality?severity=UNASSESSED, severity",
        "files?limit=0, limit",
        "files?limit=10001, limit",
        "files?limit=1.5, limit",
        "files?cursor=%21, cursor",
        "files?cursor=e30, cursor",
        "forecast?window=0, window",
        "forecast?window=105, window",
        "forecast?seed=one, seed",
        "forecast?seed=9223372036854775808, seed",
        "throughput?label=a&label=b, label",
        "throughput?From=2026-01-01T00:00:00Z, From",
        "throughput?bucket=day&from=1900-01-01T00:00:00Z&to=2000-01-01T00:00:00Z, bucket",
        "flow?bucket=day&from=0000-01-01T00:00:00Z&to=9999-01-01T00:00:00Z, bucket",
    })
    void a_bad_parameter_is_refused_and_named(String asked, String parameter) {
        query.get("/analytics/" + asked).isMalformed(parameter);
        query.get("/analytics/" + asked, "Accept", "text/csv, application/problem+json;q=0.5")
                .isMalformed(parameter);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "summary",
                "flow",
                "throughput",
                "cycle-times",
                "time-in-status",
                "aging",
                "phases",
                "quality",
                "improvements",
                "files",
                "endpoints"
            })
    void every_path_takes_the_window_and_the_filters(String path) {
        Answer answer = query.get("/analytics/" + path
                + "?from=2026-02-01T00:00:00%2B01:00&to=2026-01-01T00:00:00Z&bucket=month&severity=LOW&label=none"
                + "&assignee=nobody&file=none&endpoint=none");

        assertThat(answer.status()).describedAs(answer.body()).isEqualTo(200);
        assertThat(answer.json().get("doubtful").asInt()).isZero();
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void a_header_named_from_is_no_parameter() {
        assertThat(query.get("/analytics/flow", "From", "ada@example.org").status())
                .isEqualTo(200);
    }

    @Test
    void pages_have_each_item_once_while_issues_change() {
        CLOCK.pass(Duration.ofSeconds(1));
        for (int i = 0; i < 7; i++) {
            record("paged-" + i, opened("Page " + i, "It is slow", "paged"));
            CLOCK.pass(Duration.ofMillis(i % 2)); // Some are opened at the same time.
        }
        List<String> seen = new ArrayList<>();
        String next = "";
        do {
            Answer page = query.get("/analytics/aging?label=paged&limit=2" + next);
            seen.addAll(page.items("issueId"));
            record("paged-0", issueledger.query.Happenings.labelled("another-" + seen.size()));
            next = page.json().get("nextCursor").isNull() ? "" : "&cursor=" + page.nextCursor();
        } while (!next.isEmpty());

        assertThat(seen).containsExactly("paged-0", "paged-1", "paged-2", "paged-3", "paged-4", "paged-5", "paged-6");
        String cursor = query.get("/analytics/aging?label=paged&limit=2").nextCursor();
        query.get("/analytics/aging?label=other&limit=2&cursor=" + cursor).isMalformed("cursor");
        query.get("/analytics/files?label=paged&limit=2&cursor=" + cursor).isMalformed("cursor");
    }

    @Test
    void a_csv_is_whole_with_a_header_row_and_nested_columns() {
        CLOCK.pass(Duration.ofSeconds(1));
        Instant then = Instant.parse("2026-02-02T10:00:00Z");
        recorder().record("csv-1", "ada", then, opened("Slow", "It is slow", "csv"));
        seen(recorder().record("csv-1", "ada", then.plusSeconds(60), STARTED));
        String window = "?label=csv&bucket=day&from=2026-02-01T00:00:00Z&to=2026-02-03T00:00:00Z";

        Answer flow = csv("/analytics/flow" + window + "&limit=1");

        assertThat(flow.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
        assertThat(flow.header("Vary")).isEqualTo("Accept");
        assertThat(flow.body()).isEqualTo("""
            bucket,byStatus.OPEN,byStatus.IN_PROGRESS,byStatus.TESTING,byStatus.FIXED,byStatus.CLOSED\r
            2026-02-01,0,0,0,0,0\r
            2026-02-02,0,1,0,0,0\r
            """);
        assertThat(csv("/analytics/cycle-times" + window).body())
                .isEqualTo("issueId,leadSeconds,cycleSeconds,closedAt\r\n");
        assertThat(csv("/analytics/time-in-status" + window).body())
                .contains("\r\nOPEN,1,60,60,60,60,60\r\n", "\r\nTESTING,0,0,,,,\r\n");
        assertThat(csv("/analytics/summary" + window).body())
                .startsWith("issues,open,closed,byStatus.OPEN,")
                .contains("bySeverity.UNASSESSED,byResolution.CONFIRMED", ",reopenRate\r\n1,1,0,0,1,0,");
    }

    @Test
    void a_csv_quotes_what_must_be_quoted_and_disarms_formulas() {
        record("quoted-1", opened("=HYPERLINK(\"a\")", "A formula", "quoted"));
        record("quoted-2", opened("A \"title\", with a comma", "Quotes", "quoted"));
        record("quoted-3", opened("@SUM(1)", "A formula", "quoted"), new RelatedFileLinked("-1+1", null));
        record("quoted-4", opened("Größer", "Not ASCII", "quoted"), new RelatedFileLinked("+1", null));

        assertThat(csv("/analytics/aging?label=quoted").body())
                .contains("\r\nquoted-1,\"'=HYPERLINK(\"\"a\"\")\",OPEN,,,")
                .contains("\r\nquoted-2,\"A \"\"title\"\", with a comma\",OPEN,,,")
                .contains("\r\nquoted-3,'@SUM(1),OPEN,,,")
                .contains("\r\nquoted-4,Größer,OPEN,,,");
        assertThat(csv("/analytics/files?label=quoted").body()).isEqualTo("""
            path,issues,open,reopened\r
            '+1,1,1,0\r
            '-1+1,1,1,0\r
            """);
    }

    @Test
    void a_tag_changes_only_with_the_answer() {
        record("tagged-1", opened("Slow", "It is slow", "tagged"));
        String path = "/analytics/throughput?label=tagged";
        Answer first = query.get(path);
        record("tagged-2", opened("Slow", "It is slow", "untagged"));

        Answer unchanged = query.get(path, "If-None-Match", "\"other\", W/" + first.header("ETag"));
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.header("ETag")).isEqualTo(first.header("ETag")).matches("\"[0-9a-f]{32}\"");
        assertThat(unchanged.body()).isEmpty();
        assertThat(query.get(path, "If-None-Match", "*").status()).isEqualTo(304);

        record("tagged-3", opened("Slow", "It is slow", "tagged"));
        Answer changed = query.get(path, "If-None-Match", first.header("ETag"));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isNotEqualTo(first.header("ETag"));
    }

    @Test
    void an_unknown_type_is_not_acceptable_and_no_preference_is_json() {
        query.get("/analytics/flow", "Accept", "text/html").isProblem(406, "not-acceptable");
        assertThat(query.get("/analytics/flow", "Accept", "*/*").header("Content-Type"))
                .isEqualTo("application/json");
        assertThat(query.get("/analytics/flow", "Accept", "application/json;q=0.5, text/csv;q=0.9")
                        .header("Content-Type"))
                .isEqualTo("text/csv;charset=UTF-8");
        query.get("/analytics/nothing").isProblem(404, "not-found");
    }

    @Test
    void a_forecast_needs_ten_closed_issues_and_is_the_same_for_a_seed() {
        for (int i = 0; i < 9; i++) {
            record(
                    "forecast-" + i,
                    opened("Slow", "It is slow", "forecast"),
                    new IssueClosed(Resolution.WONT_FIX, null, List.of()));
        }
        Answer refused = query.get("/analytics/forecast?label=forecast").isProblem(422, "invalid");
        assertThat(refused.json().get("errors").get(0).get("detail").asString()).isNotBlank();

        record(
                "forecast-9",
                opened("Slow", "It is slow", "forecast"),
                STARTED,
                TESTING,
                FIXED,
                latency(MetricKind.MEASURED, "1"),
                CONFIRMED);
        record("forecast-10", opened("Slow", "It is slow", "forecast"));
        // The service's clock is later than the log's: the blocks are to hold the closings.
        String asked =
                "/analytics/forecast?label=forecast&to=" + CLOCK.instant().plusSeconds(1);
        Answer first = query.get(asked);
        assertThat(first.json().get("open").asInt()).isEqualTo(1);
        assertThat(first.json().get("window").asInt()).isEqualTo(12);
        assertThat(first.json().get("seed").asInt()).isEqualTo(1);
        // One measured series has no baseline.
        assertThat(first.json().get("doubtful").asInt()).isEqualTo(1);
        assertThat(query.get(asked + "&seed=1&window=12").body()).isEqualTo(first.body());
        assertThat(query.get(asked + "&seed=-7&window=104").json().get("seed").asLong())
                .isEqualTo(-7);
    }
}
