package issueledger.metrics;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.latency;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import issueledger.events.Better;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.MetricWithdrawn;
import issueledger.events.IssueExamples;
import issueledger.events.MetricKind;
import issueledger.events.MetricRun;
import issueledger.events.Rfc3339;
import issueledger.events.Statistic;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code GET /issues/{id}/metrics}. */
class MetricsHttpTest extends QueryServiceTest {

    @Test
    void a_series_has_its_improvement_in_percent_and_its_records() {
        CLOCK.pass(Duration.ofSeconds(1));
        record("metrics-1", OPENED, latency(MetricKind.BASELINE, "5200"), latency(MetricKind.TARGET, "500.0"));
        Instant effective = Instant.parse("2026-02-01T10:00:00Z");
        seen(recorder().record("metrics-1", "grace", effective, latency(MetricKind.MEASURED, "340.25")));
        String recorded = Rfc3339.format(CLOCK.instant());

        assertThat(query.get("/issues/metrics-1/metrics").body()).isEqualTo("""
            {"items":[{"name":"latency","statistic":"P95","environment":"production","unit":"ms","better":"LOWER",\
            "baseline":5200,"target":500.0,"measured":340.25,"improvement":0.9346,"targetMet":true,\
            "improvementPercent":93.46,"records":[\
            {"number":1,"withdrawn":false,"kind":"BASELINE","value":5200,"measuredAt":"%1$s","recordedAt":"%1$s","source":"k6","samples":[],"run":null,"by":"ada"},\
            {"number":2,"withdrawn":false,"kind":"TARGET","value":500.0,"measuredAt":"%1$s","recordedAt":"%1$s","source":"k6","samples":[],"run":null,"by":"ada"},\
            {"number":3,"withdrawn":false,"kind":"MEASURED","value":340.25,"measuredAt":"2026-02-01T10:00:00.000Z","recordedAt":"%1$s",\
            "source":"k6","samples":[],"run":null,"by":"grace"}]}],"nextCursor":null}\
            """.formatted(recorded));
    }

    @Test
    void records_stand_with_their_own_series() {
        record(
                "metrics-2",
                OPENED,
                latency(MetricKind.BASELINE, "5200"),
                new MetricRecorded(
                        MetricKind.BASELINE,
                        "latency",
                        Statistic.P95,
                        "ms",
                        new BigDecimal("900"),
                        "staging",
                        Better.LOWER,
                        null,
                        null));

        assertThat(query.get("/issues/metrics-2/metrics").items())
                .extracting(
                        series -> series.get("environment").asString(),
                        series -> series.get("records").size(),
                        series -> series.get("records").get(0).get("value").asInt())
                .containsExactly(tuple("production", 1, 5200), tuple("staging", 1, 900));
    }

    @Test
    void a_record_has_its_samples_and_its_run() {
        record(
                "metrics-10",
                OPENED,
                new MetricRecorded(
                        MetricKind.MEASURED,
                        "latency",
                        Statistic.P95,
                        "ms",
                        new BigDecimal("340"),
                        "production",
                        Better.LOWER,
                        null,
                        null,
                        List.of(new BigDecimal("340.10"), new BigDecimal("1e-3")),
                        new MetricRun("9f2c1e7", null, "k6", null)));

        assertThat(query.get("/issues/metrics-10/metrics").body())
                .contains(
                        "\"source\":null,\"samples\":[340.10,0.001],"
                            + "\"run\":{\"commit\":\"9f2c1e7\",\"machine\":null,\"tool\":\"k6\",\"url\":null},\"by\":\"ada\"}");
    }

    @Test
    void a_record_of_before_samples_and_runs_shows_none_and_its_payload_as_it_is_stored() {
        record("metrics-11", OPENED);
        String payload =
                "{\"kind\":\"BASELINE\",\"name\":\"latency\",\"statistic\":\"P95\",\"unit\":\"ms\",\"value\":5200,"
                        + "\"environment\":\"production\",\"better\":\"LOWER\",\"measuredAt\":null,\"source\":null}";
        seen(recorder().recordText("metrics-11", "MetricRecorded", "1", payload, Recorder.metadata("ada", null, null)));

        assertThat(query.get("/issues/metrics-11/metrics").body()).contains("\"samples\":[],\"run\":null,");
        assertThat(query.get("/issues/metrics-11/events?after=1").body()).contains("\"payload\":" + payload + ",");
    }

    @Test
    void a_withdrawn_record_stays_among_the_records_and_counts_no_longer() {
        record(
                "metrics-5",
                OPENED,
                latency(MetricKind.BASELINE, "5200"),
                latency(MetricKind.TARGET, "500"),
                latency(MetricKind.MEASURED, "340"),
                latency(MetricKind.MEASURED, "5"),
                new MetricWithdrawn(4),
                new MetricWithdrawn(2));

        JsonNode series = query.get("/issues/metrics-5/metrics").items().get(0);
        assertThat(series.get("measured").intValue()).isEqualTo(340);
        assertThat(series.get("target").isNull()).isTrue();
        assertThat(series.get("targetMet").isNull()).isTrue();
        assertThat(series.get("improvementPercent").decimalValue()).isEqualByComparingTo("93.46");
        assertThat(series.get("records"))
                .extracting(
                        record -> record.get("number").asInt(),
                        record -> record.get("withdrawn").asBoolean(),
                        record -> record.get("value").asInt())
                .containsExactly(tuple(1, false, 5200), tuple(2, true, 500), tuple(3, false, 340), tuple(4, true, 5));
    }

    @Test
    void a_series_whose_records_are_all_withdrawn_stands_with_nulls() {
        record(
                "metrics-6",
                OPENED,
                latency(MetricKind.BASELINE, "5200"),
                latency(MetricKind.MEASURED, "340"),
                new MetricWithdrawn(1),
                new MetricWithdrawn(2));

        assertThat(query.get("/issues/metrics-6/metrics").body())
                .contains("\"unit\":\"ms\",\"better\":\"LOWER\",\"baseline\":null,\"target\":null,\"measured\":null,"
                              + "\"improvement\":null,\"targetMet\":null,\"improvementPercent\":null,\"records\":[{\"number\":1,"
                              + "\"withdrawn\":true,");
    }

    @Test
    void numbers_run_over_all_series_in_the_order_of_recording() {
        record(
                "metrics-7",
                OPENED,
                latency(MetricKind.BASELINE, "5200"),
                IssueExamples.metric(MetricKind.BASELINE, "memory", "MB", Better.LOWER, "900", null),
                latency(MetricKind.MEASURED, "340"));

        assertThat(query.get("/issues/metrics-7/metrics").items())
                .extracting(series -> series.get("records")
                        .valueStream()
                        .map(record -> record.get("number").asInt())
                        .toList())
                .containsExactly(List.of(1, 3), List.of(2));
    }

    @Test
    void a_withdrawn_metric_is_not_in_the_document() {
        record("metrics-8", OPENED, latency(MetricKind.BASELINE, "5200"), latency(MetricKind.MEASURED, "340"));
        String before =
                query.get("/issues/metrics-8", "Accept", "text/markdown").body();
        record("metrics-8", latency(MetricKind.MEASURED, "1"), new MetricWithdrawn(3));
        assertThat(query.get("/issues/metrics-8", "Accept", "text/markdown").body())
                .isEqualTo(before)
                .contains("5200 ms", "340 ms");
        record("metrics-8", new MetricWithdrawn(2));
        assertThat(query.get("/issues/metrics-8", "Accept", "text/markdown").body())
                .doesNotContain("5200 ms", "340 ms");
    }

    @Test
    void a_withdrawal_is_a_step_of_the_kind_metric() {
        record("metrics-9", OPENED, latency(MetricKind.BASELINE, "5200"), new MetricWithdrawn(1));

        assertThat(query.get("/issues/metrics-9/timeline?kind=METRIC").items("title"))
                .containsExactly("BASELINE latency P95 (production): 5200 ms", "Metric record 1 withdrawn");
    }

    @Test
    void a_zero_baseline_has_no_improvement() {
        record("metrics-3", OPENED, latency(MetricKind.BASELINE, "0"), latency(MetricKind.MEASURED, "7"));

        assertThat(query.get("/issues/metrics-3/metrics").body())
                .contains("\"improvement\":null,\"targetMet\":null,\"improvementPercent\":null,");
    }

    @Test
    void an_issue_without_metrics_has_none() {
        record("metrics-4", OPENED);

        assertThat(query.get("/issues/metrics-4/metrics").body()).isEqualTo("{\"items\":[],\"nextCursor\":null}");
    }
}
