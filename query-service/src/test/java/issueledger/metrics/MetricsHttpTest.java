package issueledger.metrics;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.latency;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import issueledger.events.Better;
import issueledger.events.IssueEvent.IssueFixed;
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
import java.util.ArrayList;
import java.util.Arrays;
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
            "source":"k6","samples":[],"run":null,"by":"grace"}],\
            "verdict":{"verdict":"CANNOT_TELL","why":"TOO_FEW_SAMPLES","p":null,"superiority":null,"change":null,\
            "baselineSamples":0,"measuredSamples":0}}],"nextCursor":null}\
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

    private static MetricRecorded sampled(MetricKind kind, String value, String machine, String... samples) {
        return new MetricRecorded(
                kind,
                "latency",
                Statistic.P95,
                "ms",
                new BigDecimal(value),
                "production",
                Better.LOWER,
                null,
                null,
                Arrays.stream(samples).map(BigDecimal::new).toList(),
                new MetricRun(null, machine, null, null));
    }

    @Test
    void a_series_has_a_verdict_from_the_samples_of_the_records_that_count() {
        record(
                "metrics-12",
                OPENED,
                sampled(MetricKind.BASELINE, "100.2", "a", "100", "100.1", "100.2", "100.3", "100.4"),
                sampled(MetricKind.MEASURED, "82", "a", "80", "81", "82", "83", "95"));

        assertThat(query.get("/issues/metrics-12/metrics?effect=0.04").body())
                .contains("\"verdict\":{\"verdict\":\"BETTER\",\"why\":null,\"p\":0.0079,\"superiority\":1,"
                        + "\"change\":{\"low\":-0.2032,\"estimate\":-0.1816,\"high\":-0.05},"
                        + "\"baselineSamples\":5,\"measuredSamples\":5}}]");
        // The interval ends at the default effect itself: it is not beyond it.
        assertThat(verdictOf("metrics-12", "")).isEqualTo("NO_DIFFERENCE_SHOWN");
        assertThat(verdictOf("metrics-12", "?effect=0.0500")).isEqualTo("NO_DIFFERENCE_SHOWN");
        assertThat(verdictOf("metrics-12", "?effect=0.0499999")).isEqualTo("BETTER");
        assertThat(verdictOf("metrics-12", "?effect=0")).isEqualTo("BETTER");
        assertThat(verdictOf("metrics-12", "?effect=4e-2")).isEqualTo("BETTER");

        record("metrics-12", sampled(MetricKind.MEASURED, "82", "b", "80", "81", "82", "83", "95"));
        assertThat(verdictOf("metrics-12", "")).isEqualTo("CANNOT_TELL");
        assertThat(query.get("/issues/metrics-12/metrics").body()).contains("\"why\":\"OTHER_MACHINE\",\"p\":null,");

        record("metrics-12", new MetricWithdrawn(3));
        assertThat(verdictOf("metrics-12", "?effect=0")).isEqualTo("BETTER");
        record("metrics-12", new MetricWithdrawn(2));
        assertThat(query.get("/issues/metrics-12/metrics").body()).contains("\"verdict\":null}]");
    }

    private String verdictOf(String issue, String parameters) {
        return query.get("/issues/" + issue + "/metrics" + parameters)
                .items()
                .get(0)
                .get("verdict")
                .get("verdict")
                .asString();
    }

    @Test
    void the_effect_is_a_fraction_from_0_to_1() {
        record("metrics-13", OPENED);
        for (String bad : List.of("", "-0.1", "1.0001", "5%25", "0,05", "NaN", ".5", "1.", "0x1", "1e9999", "a")) {
            query.get("/issues/metrics-13/metrics?effect=" + bad).isMalformed("effect");
        }
        query.get("/issues/metrics-13/metrics?effect=0.1&effect=0.1").isMalformed("effect");
        query.get("/issues/metrics-13/metrics?effects=0.1").isMalformed("effects");
        for (String good : List.of("0", "1", "1.0", "0.05", "1e-5", "-0")) {
            assertThat(query.get("/issues/metrics-13/metrics?effect=" + good).status())
                    .as(good)
                    .isEqualTo(200);
        }
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

    private static MetricRecorded measured(String value, String measuredAt, String commit) {
        return new MetricRecorded(
                MetricKind.MEASURED,
                "latency",
                Statistic.P95,
                "ms",
                new BigDecimal(value),
                "production",
                Better.LOWER,
                Instant.parse(measuredAt),
                null,
                List.of(),
                commit == null ? null : new MetricRun(commit, null, null, null));
    }

    /** Twenty days near 100, then, from 2026-02-21 on, near 150; recorded from the last day to the first. */
    private static MetricRecorded[] days() {
        List<MetricRecorded> days = new ArrayList<>();
        for (int day = 28; day >= 1; day--) {
            String value = (day > 20 ? "15" : "10") + day % 3 + ".5";
            days.add(measured(value, "2026-02-%02dT10:00:00Z".formatted(day), "c" + day));
        }
        return days.toArray(MetricRecorded[]::new);
    }

    @Test
    void the_changes_of_a_series_have_their_records_and_commits() {
        record("changes-1", OPENED);
        record("changes-1", latency(MetricKind.BASELINE, "1"));
        record("changes-1", days());

        // The records 2 to 29 are the days 28 to 1: day 21 is record 9.
        for (int number : new int[] {1, 2, 9, 29}) {
            assertThat(query.get("/issues/changes-1/metrics/" + number + "/changes")
                            .body())
                    .isEqualTo("{\"items\":[{\"record\":9,\"measuredAt\":\"2026-02-21T10:00:00.000Z\",\"release\":null,"
                            + "\"commit\":\"c21\",\"before\":101.55,\"after\":151.375,\"change\":0.4906}],"
                            + "\"nextCursor\":null}");
        }

        record("changes-1", new MetricWithdrawn(9));
        assertThat(query.get("/issues/changes-1/metrics/9/changes").items())
                .extracting(change -> change.get("record").asInt())
                .containsExactly(8);
    }

    @Test
    void a_change_has_the_release_that_was_deployed_before_it() {
        record("changes-2", OPENED, STARTED, TESTING);
        record("changes-2", new IssueFixed("2.4.1", Instant.parse("2026-02-20T10:00:01Z"), List.of()));
        record("changes-2", days());
        assertThat(query.get("/issues/changes-2/metrics/1/changes").items())
                .extracting(change -> change.get("release").asString())
                .containsExactly("2.4.1");

        record("changes-3", OPENED, STARTED, TESTING);
        record("changes-3", new IssueFixed("2.4.1", Instant.parse("2026-02-20T10:00:00Z"), List.of()));
        record("changes-3", days());
        assertThat(query.get("/issues/changes-3/metrics/1/changes").items())
                .extracting(change -> change.get("release").isNull())
                .containsExactly(true);
    }

    @Test
    void a_series_without_changes_has_none_and_an_unknown_record_is_not_found() {
        record("changes-4", OPENED, latency(MetricKind.TARGET, "1"), latency(MetricKind.MEASURED, "2"));

        assertThat(query.get("/issues/changes-4/metrics/1/changes").body())
                .isEqualTo("{\"items\":[],\"nextCursor\":null}");
        for (String number : List.of("0", "3", "-1", "01", "1.0", "one", "99999999999999999999", "%20")) {
            query.get("/issues/changes-4/metrics/" + number + "/changes").isProblem(404, "not-found");
        }
        query.get("/issues/changes-5/metrics/1/changes").isProblem(404, "unknown-issue");
        query.get("/issues/changes-4/metrics/1/changes?effect=0.1").isMalformed("effect");
    }
}
