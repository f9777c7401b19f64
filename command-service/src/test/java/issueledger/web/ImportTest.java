package issueledger.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.log.RecordedEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code POST /issues/{id}/import-metrics}: what it records, and that it behaves as a command does. */
class ImportTest extends OverHttp {
    private static final String WRK = "text/vnd.wrk";
    private static final String OWN = "application/vnd.issue-ledger.metrics+json";
    private static final String SMALL = """
        Running 1s test @ http://localhost/
          2 threads and 10 connections
            Latency     1.50ms    2.00ms  12.00ms   90.00%
        Requests/sec:   1000.50
        """;

    private static String file(String name) {
        try (InputStream in =
                Objects.requireNonNull(ImportTest.class.getResourceAsStream("/metricsimport/" + name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer importing(String issue, String query, String type, String body, String... headers) {
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = type;
        return send("POST", "/issues/" + issue + "/import-metrics" + query, BodyPublishers.ofString(body), all);
    }

    private List<JsonNode> metrics(String issue) {
        return recorded(issue).stream()
                .filter(event -> event.type().equals("MetricRecorded"))
                .map(event -> EventJson.MAPPER.readTree(event.payload()))
                .toList();
    }

    private static List<Long> numbers(Answer answer) {
        return answer.json().at("/metrics").valueStream().map(JsonNode::asLong).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "application/vnd.k6.summary+json, k6-summary-export.json, 17",
        "application/vnd.k6.summary+json, k6-handle-summary.json, 11",
        "application/vnd.jmh+json, jmh.json, 0",
        "text/vnd.wrk, wrk.txt, 6",
        "text/vnd.wrk;charset=utf-8, wrk-latency.txt, 11",
        "application/vnd.gatling.stats+json, gatling-stats.json, 12",
        "text/vnd.apache-bench, ab.txt, 26",
        "Text/Vnd.Locust+CSV, locust_stats.csv, 42",
        "text/vnd.hey, hey.txt, 29",
        "text/vnd.hey, hey-0.1.5.txt, 28"
    })
    void each_tools_file_is_one_commit(String type, String name, int count) {
        String issue = opened();
        long before = head();
        Answer answer = importing(issue, "?kind=BASELINE", type, file(name)).is(200);

        List<JsonNode> metrics = metrics(issue);
        assertThat(metrics).hasSizeGreaterThanOrEqualTo(Math.max(count, 1));
        if (count > 0) {
            assertThat(metrics).hasSize(count);
        }
        assertThat(numbers(answer))
                .isEqualTo(LongStream.rangeClosed(1, metrics.size()).boxed().toList());
        assertThat(answer.json().at("/events")).hasSize(metrics.size());
        assertThat(answer.json().at("/version").longValue()).isEqualTo(1 + metrics.size());
        assertThat(answer.json().at("/position").longValue()).isEqualTo(before + metrics.size());
        assertThat(answer.header("ETag")).isEqualTo("\"" + (1 + metrics.size()) + "\"");
        assertThat(answer.header("Ledger-Position")).isEqualTo(Long.toString(before + metrics.size()));
        assertThat(answer.json().at("/warnings").isArray()).isTrue();
        assertThat(recorded(issue).stream().skip(1).map(RecordedEvent::commit).distinct())
                .containsExactly(before + 1);
    }

    @Test
    void what_the_query_says_is_recorded_with_each_metric() {
        String issue = opened();
        importing(
                        issue,
                        "?kind=MEASURED&environment=staging%201&source=nightly&measuredAt=2026-02-14T10:30:00%2B01:00",
                        WRK,
                        SMALL)
                .is(200);
        assertThat(metrics(issue)).hasSize(3).allSatisfy(metric -> {
            assertThat(metric.at("/kind").asString()).isEqualTo("MEASURED");
            assertThat(metric.at("/environment").asString()).isEqualTo("staging 1");
            assertThat(metric.at("/source").asString()).isEqualTo("nightly");
            assertThat(metric.at("/measuredAt").asString()).isEqualTo("2026-02-14T09:30:00.000Z");
        });
        assertThat(metrics(issue).get(0).toString())
                .contains("\"name\":\"latency\",\"statistic\":\"MEAN\",\"unit\":\"ms\",\"value\":1.5,")
                .contains("\"better\":\"LOWER\"");
        String other = opened();
        importing(other, "?kind=MEASURED", WRK, SMALL).is(200);
        assertThat(metrics(other).get(0).at("/environment").asString()).isEqualTo("production");
    }

    @Test
    void the_runs_of_a_file_are_the_samples_of_its_metrics() {
        String issue = opened();
        String result = """
            [{"benchmark":"b.Run.it","mode":"avgt","primaryMetric":{"score":4,"scoreError":1,"scoreUnit":"ms/op",
              "rawData":[[1,2,3],[4,4],[1,1,2]]}}]
            """;
        Answer answer = importing(issue, "?kind=MEASURED", "application/vnd.jmh+json", result)
                .is(200);
        importing(issue, "?kind=MEASURED&environment=test", WRK, SMALL).is(200);

        assertThat(answer.json().at("/warnings")).isEmpty();
        assertThat(metrics(issue).get(0).toString()).contains("\"samples\":[2,4,1.33333333333333333],\"run\":null");
        assertThat(metrics(issue).get(1).toString()).contains("\"value\":1.5,", "\"samples\":[1.5],\"run\":null");
    }

    @Test
    void a_series_in_another_unit_of_time_or_size_keeps_it_and_rounding_is_told() {
        String issue = opened();
        String metric = """
            {"kind":"BASELINE","name":"latency","statistic":"%s","unit":"%s","value":1,"better":"LOWER"}\
            """;
        post("/issues/" + issue + "/record-metric", metric.formatted("MEAN", "s"))
                .is(200);
        post("/issues/" + issue + "/record-metric", metric.formatted("MAX", "min"))
                .is(200);
        Answer answer = importing(issue, "?kind=MEASURED", WRK, SMALL.replace("12.00ms", "10.00ms"))
                .is(200);
        assertThat(numbers(answer)).containsExactly(3L, 4L, 5L);
        assertThat(metrics(issue).get(2).at("/unit").asString()).isEqualTo("s");
        assertThat(metrics(issue).get(2).at("/value").decimalValue()).isEqualByComparingTo("0.0015");
        assertThat(metrics(issue).get(3).at("/unit").asString()).isEqualTo("min");
        assertThat(metrics(issue).get(3).at("/value").decimalValue()).isEqualByComparingTo("0.000166666666666667");
        assertThat(answer.json().at("/warnings").valueStream()).anySatisfy(warning -> {
            assertThat(warning.at("/line").intValue()).isEqualTo(3);
            assertThat(warning.at("/detail").asString()).isEqualTo("MAX of latency is rounded to 0.000166666666666667");
        });
    }

    @Test
    void a_series_of_another_kind_of_unit_or_direction_refuses_the_whole_file() {
        String issue = opened();
        post("/issues/" + issue + "/record-metric", """
            {"kind":"BASELINE","name":"requests","statistic":"RATE","unit":"rps","value":1,"better":"HIGHER"}\
            """).is(200);
        Answer refused = importing(issue, "?kind=MEASURED", WRK, SMALL).isProblem(409, "rejected");
        assertThat(refused.at("/reason")).isEqualTo("UNIT_MISMATCH");
        assertThat(metrics(issue)).hasSize(1);
    }

    @Test
    void a_key_gives_the_first_answer_again_and_another_body_or_query_is_refused() {
        String issue = opened();
        Answer first = importing(issue, "?kind=BASELINE", WRK, SMALL, "Idempotency-Key", "import-1-" + issue)
                .is(200);
        post("/issues/" + issue + "/record-note", NOTE).is(200);
        Answer again = importing(issue, "?kind=BASELINE", WRK, SMALL, "Idempotency-Key", "import-1-" + issue)
                .is(200);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.json()).isEqualTo(first.json());
        importing(issue, "?kind=MEASURED", WRK, SMALL, "Idempotency-Key", "import-1-" + issue)
                .isProblem(422, "idempotency-mismatch");
        importing(issue, "?kind=BASELINE", WRK, SMALL + "\n", "Idempotency-Key", "import-1-" + issue)
                .isProblem(422, "idempotency-mismatch");
        assertThat(metrics(issue)).hasSize(3);
    }

    @Test
    void a_dry_run_tells_the_numbers_and_records_nothing() {
        String issue = opened();
        importing(issue, "?kind=BASELINE", WRK, SMALL).is(200);
        long before = head();
        Answer answer =
                importing(issue, "?kind=MEASURED&dry-run=true", WRK, SMALL).is(200);
        assertThat(numbers(answer)).containsExactly(4L, 5L, 6L);
        assertThat(answer.json().at("/version").longValue()).isEqualTo(7);
        assertThat(head()).isEqualTo(before);
    }

    @Test
    void versions_issues_and_statuses_are_looked_at_as_for_a_command() {
        String issue = opened();
        importing(issue, "?kind=BASELINE", WRK, SMALL, "If-Match", "\"2\"").isProblem(412, "version-mismatch");
        importing("no-such-issue", "?kind=BASELINE", WRK, SMALL).isProblem(404, "unknown-issue");
        importing("no%20issue", "?kind=BASELINE", WRK, SMALL).isProblem(404, "unknown-issue");
        post("/issues/" + issue + "/close", "{\"resolution\":\"WONT_FIX\",\"reason\":\"old\"}")
                .is(200);
        importing(issue, "?kind=BASELINE", WRK, SMALL, "If-Match", "\"2\"").is(200);
    }

    @ParameterizedTest
    @CsvSource({
        "'', kind",
        "?kind=TARGET, kind",
        "?kind=baseline, kind",
        "?kind=BASELINE&kind=BASELINE, kind",
        "?kind=BASELINE&unit=s, unit",
        "?kind=BASELINE&environment=, environment",
        "?kind=BASELINE&source=%0A, source",
        "?kind=BASELINE&measuredAt=yesterday, measuredAt",
        "?kind=BASELINE&dry-run=yes, dry-run"
    })
    void a_bad_query_is_named(String query, String parameter) {
        String issue = opened();
        Answer answer = importing(issue, query, WRK, SMALL).isProblem(400, "malformed");
        assertThat(answer.errors("parameter")).containsExactly(parameter);
        assertThat(metrics(issue)).isEmpty();
    }

    @Test
    void a_file_of_something_else_is_refused_with_its_line() {
        String issue = opened();
        Answer diary = importing(issue, "?kind=BASELINE", WRK, "\nDear diary").isProblem(400, "malformed");
        assertThat(diary.json().at("/errors/0/line").intValue()).isEqualTo(2);
        Answer json = importing(issue, "?kind=BASELINE", "application/vnd.k6.summary+json", "{\n\"metrics\":{\n]")
                .isProblem(400, "malformed");
        assertThat(json.json().at("/errors/0/line").intValue()).isEqualTo(3);
        byte[] latin = (SMALL + "naïve").getBytes(ISO_8859_1);
        Answer bytes = send(
                        "POST",
                        "/issues/" + issue + "/import-metrics?kind=BASELINE",
                        BodyPublishers.ofByteArray(latin),
                        "Content-Type",
                        WRK)
                .isProblem(400, "malformed");
        assertThat(bytes.json().at("/errors/0/line").intValue()).isEqualTo(5);
    }

    @Test
    void a_value_that_no_metric_may_have_is_refused_with_its_line() {
        String issue = opened();
        String text = "{\"metrics\":{\n\"ok\":{\"avg\":1},\n\"huge\":{\"avg\":1e15},\n\"" + "n".repeat(201)
                + "\":{\"avg\":1}}}";
        Answer answer = importing(issue, "?kind=BASELINE", "application/vnd.k6.summary+json", text)
                .isProblem(422, "invalid");
        assertThat(answer.errors("line")).containsExactly("3", "4");
        assertThat(metrics(issue)).isEmpty();
    }

    @Test
    void other_types_sizes_methods_and_answers_are_refused_as_for_a_command() {
        String issue = opened();
        importing(issue, "?kind=BASELINE", "application/json", "{}").isProblem(415, "unsupported-media-type");
        importing(issue, "?kind=BASELINE", WRK + ";charset=latin1", SMALL).isProblem(415, "unsupported-media-type");
        importing(issue, "?kind=BASELINE", WRK, SMALL, "Content-Encoding", "gzip")
                .isProblem(415, "unsupported-media-type");
        importing(issue, "?kind=BASELINE", WRK, SMALL, "Accept", "text/csv").isProblem(406, "not-acceptable");
        importing(issue, "?kind=BASELINE", WRK, SMALL + "x".repeat(1024 * 1024)).isProblem(413, "too-large");
        Answer get = get("/issues/" + issue + "/import-metrics").isProblem(405, "method-not-allowed");
        assertThat(get.header("Allow")).contains("POST").doesNotContain("GET");
        assertThat(get("/issues/" + issue + "/allowed-commands").text()).doesNotContain("import");
    }

    @Test
    void bodies_of_record_metric_are_one_commit_in_their_own_units() {
        String issue = opened();
        String body = """
            {"metrics":[
             {"kind":"TARGET","name":"latency","statistic":"P95","unit":"s","value":0.500,"better":"LOWER","reason":"agreed"},
             {"kind":"BASELINE","name":"latency","statistic":"P95","unit":"s","value":1.25}]}\
            """;
        Answer answer = importing(issue, "", OWN, body).is(200);
        assertThat(numbers(answer)).containsExactly(1L, 2L);
        assertThat(answer.json().at("/warnings")).isEmpty();
        assertThat(metrics(issue).get(0).at("/value").decimalValue()).hasToString("0.500");
        assertThat(metrics(issue).get(1).at("/unit").asString()).isEqualTo("s");
        assertThat(recorded(issue).get(1).metadata()).contains("\"reason\":\"agreed\"");
        assertThat(recorded(issue).get(2).metadata()).doesNotContain("agreed");

        importing(issue, "?kind=BASELINE", OWN, body).isProblem(400, "malformed");
        importing(issue, "?dry-run=true", OWN, body).is(200);
    }

    @Test
    void all_or_none_of_the_bodies_are_recorded() {
        String issue = opened();
        Answer refused = importing(issue, "", OWN, """
            {"metrics":[
             {"kind":"TARGET","name":"latency","statistic":"P95","unit":"s","value":1,"better":"LOWER"},
             {"kind":"BASELINE","name":"latency","statistic":"P95","unit":"ms","value":1}]}\
            """).isProblem(409, "rejected");
        assertThat(refused.at("/reason")).isEqualTo("UNIT_MISMATCH");
        assertThat(metrics(issue)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "{}                                                  | 422 | /metrics",
                "{\"metrics\":null}                                  | 422 | /metrics",
                "{\"metrics\":[]}                                    | 422 | /metrics",
                "{\"metrics\":{}}                                    | 400 | /metrics",
                "{\"metrics\":[],\"a/b\":1}                          | 400 | /a~1b",
                "{\"metrics\":[3]}                                   | 400 | /metrics/0",
                "{\"metrics\":[{\"colour\":1}]}                      | 400 | /metrics/0/colour"
            })
    void bodies_of_another_shape_are_pointed_at(String body, int status, String pointer) {
        Answer answer = importing(opened(), "", OWN, body).isProblem(status, status == 400 ? "malformed" : "invalid");
        assertThat(answer.errors("pointer")).contains(pointer);
    }

    @Test
    void values_of_all_bodies_are_pointed_at_and_their_times_must_be_one() {
        String one =
                "{\"kind\":\"BASELINE\",\"name\":\"n\",\"statistic\":\"P95\",\"unit\":\"s\",\"value\":1,\"better\":\"LOWER\"";
        Answer values = importing(opened(), "", OWN, "{\"metrics\":[" + one + "},{\"value\":1e20}]}")
                .isProblem(422, "invalid");
        assertThat(values.errors("pointer")).contains("/metrics/1/kind", "/metrics/1/value", "/metrics/1/name");
        Answer times = importing(
                        opened(),
                        "",
                        OWN,
                        "{\"metrics\":[" + one + ",\"effectiveAt\":\"2026-01-01T00:00:00Z\"}," + one + "}]}")
                .isProblem(422, "invalid");
        assertThat(times.errors("pointer")).containsExactly("/metrics/1/effectiveAt");
    }
}
