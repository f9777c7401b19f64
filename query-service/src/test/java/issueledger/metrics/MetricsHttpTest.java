package issueledger.metrics;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.latency;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import issueledger.events.Better;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.MetricKind;
import issueledger.events.Rfc3339;
import issueledger.events.Statistic;
import issueledger.query.QueryServiceTest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

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
            {"kind":"BASELINE","value":5200,"measuredAt":"%1$s","recordedAt":"%1$s","source":"k6","by":"ada"},\
            {"kind":"TARGET","value":500.0,"measuredAt":"%1$s","recordedAt":"%1$s","source":"k6","by":"ada"},\
            {"kind":"MEASURED","value":340.25,"measuredAt":"2026-02-01T10:00:00.000Z","recordedAt":"%1$s",\
            "source":"k6","by":"grace"}]}],"nextCursor":null}\
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
