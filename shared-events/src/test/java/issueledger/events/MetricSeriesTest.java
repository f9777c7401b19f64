package issueledger.events;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.MetricSeries.Measurement;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricSeriesTest {
    private static final Instant DAY_1 = Instant.parse("2026-02-14T00:00:00Z");
    private static final Instant DAY_2 = Instant.parse("2026-02-15T00:00:00Z");

    private record Measured(MetricRecorded metric, Instant measuredAt, boolean withdrawn) implements Measurement {}

    @Test
    void without_measurements_there_is_no_series() {
        assertThat(MetricSeries.of(List.of())).isEmpty();
    }

    @Test
    void the_latest_of_each_kind_is_the_one_measured_last() {
        MetricSeries series = only(
                latency(MetricKind.BASELINE, "100", Better.LOWER, DAY_2),
                latency(MetricKind.BASELINE, "300", null, DAY_1),
                latency(MetricKind.TARGET, "50", null, DAY_1),
                latency(MetricKind.MEASURED, "80", null, DAY_2),
                latency(MetricKind.MEASURED, "90", null, DAY_1));

        assertThat(series.baseline()).isEqualByComparingTo("100");
        assertThat(series.target()).isEqualByComparingTo("50");
        assertThat(series.measured()).isEqualByComparingTo("80");
    }

    @Test
    void of_two_measured_at_one_moment_the_later_position_counts() {
        assertThat(only(
                                latency(MetricKind.MEASURED, "80", Better.LOWER, DAY_1),
                                latency(MetricKind.MEASURED, "90", null, DAY_1))
                        .measured())
                .isEqualByComparingTo("90");
    }

    @Test
    void name_statistic_and_environment_tell_series_apart_in_the_order_of_their_first_record() {
        List<MetricSeries> series = MetricSeries.of(List.of(
                measured(MetricKind.MEASURED, "latency", Statistic.P95, "staging", "1", Better.LOWER, DAY_1),
                measured(MetricKind.MEASURED, "latency", Statistic.P95, "production", "2", Better.LOWER, DAY_1),
                measured(MetricKind.MEASURED, "latency", Statistic.P50, "production", "3", Better.LOWER, DAY_1),
                measured(MetricKind.MEASURED, "throughput", Statistic.P95, "production", "4", Better.HIGHER, DAY_1),
                measured(MetricKind.MEASURED, "latency", Statistic.P95, "staging", "5", Better.LOWER, DAY_2)));

        assertThat(series)
                .extracting(s -> s.name() + " " + s.statistic() + " " + s.environment() + " " + s.measured())
                .containsExactly(
                        "latency P95 staging 5",
                        "latency P95 production 2",
                        "latency P50 production 3",
                        "throughput P95 production 4");
        assertThat(series.get(0).key()).isEqualTo(new MetricSeries.Key("latency", Statistic.P95, "staging"));
    }

    @ParameterizedTest
    @CsvSource({
        "LOWER, 5200, 340, 0.9346, 93.46",
        "LOWER, 5200.10, 340, 0.9346, 93.46",
        "LOWER, 340, 5200, -14.2941, -1429.41",
        "LOWER, 100, 100.00, 0, 0",
        "LOWER, 3, 1, 0.6667, 66.67",
        "LOWER, 3, 2, 0.3333, 33.33",
        "LOWER, 20000, 19999, 0.0001, 0.01",
        "LOWER, 20000, 20001, -0.0001, -0.01",
        "LOWER, 100000, 99996, 0, 0",
        "LOWER, 200, 100, 0.5, 50",
        "LOWER, -10, -20, -1, -100",
        "HIGHER, 100, 150, 0.5, 50",
        "HIGHER, 100, 50, -0.5, -50",
        "HIGHER, 0.1, 0.4, 3, 300"
    })
    void improvement_is_a_fraction_of_the_baseline_rounded_half_up(
            Better better, String baseline, String measured, String improvement, String percent) {
        MetricSeries series = only(
                latency(MetricKind.BASELINE, baseline, better, DAY_1),
                latency(MetricKind.MEASURED, measured, null, DAY_2));

        assertThat(series.improvement()).isEqualByComparingTo(improvement);
        assertThat(series.improvementPercent()).isEqualByComparingTo(percent);
        assertThat(EventJson.MAPPER.writeValueAsString(series.improvement())).isEqualTo(improvement);
        assertThat(EventJson.MAPPER.writeValueAsString(series.improvementPercent()))
                .isEqualTo(percent);
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "0.00, 10", ", 10", "10, "})
    void there_is_no_improvement_on_a_baseline_of_zero_or_without_a_part(
            @Nullable String baseline, @Nullable String measured) {
        Measurement target = latency(MetricKind.TARGET, "5", Better.LOWER, DAY_1);
        MetricSeries series = baseline == null
                ? only(target, latency(MetricKind.MEASURED, measured, null, DAY_2))
                : measured == null
                        ? only(target, latency(MetricKind.BASELINE, baseline, null, DAY_2))
                        : only(
                                target,
                                latency(MetricKind.BASELINE, baseline, null, DAY_2),
                                latency(MetricKind.MEASURED, measured, null, DAY_2));

        assertThat(series.improvement()).isNull();
        assertThat(series.improvementPercent()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "LOWER, 400, 399.9, true",
        "LOWER, 400, 400.00, true",
        "LOWER, 400, 400.1, false",
        "HIGHER, 400, 400.1, true",
        "HIGHER, 400.0, 400, true",
        "HIGHER, 400, 399.9, false"
    })
    void a_target_is_met_at_its_value_and_beyond_it(Better better, String target, String measured, boolean met) {
        assertThat(only(
                                latency(MetricKind.TARGET, target, better, DAY_1),
                                latency(MetricKind.MEASURED, measured, null, DAY_1))
                        .targetMet())
                .isEqualTo(met);
    }

    @Test
    void without_target_or_measured_value_it_is_neither_met_nor_missed() {
        assertThat(only(latency(MetricKind.TARGET, "400", Better.LOWER, DAY_1)).targetMet())
                .isNull();
        assertThat(only(latency(MetricKind.MEASURED, "400", Better.LOWER, DAY_1))
                        .targetMet())
                .isNull();
    }

    @Test
    void a_withdrawn_record_does_not_count_and_the_one_before_it_does_again() {
        MetricSeries series = only(
                latency(MetricKind.BASELINE, "100", Better.LOWER, DAY_1),
                latency(MetricKind.TARGET, "60", null, DAY_1),
                withdrawn(latency(MetricKind.TARGET, "5", null, DAY_2)),
                latency(MetricKind.MEASURED, "50", null, DAY_1),
                withdrawn(latency(MetricKind.MEASURED, "500", null, DAY_2)));

        assertThat(series.target()).isEqualByComparingTo("60");
        assertThat(series.measured()).isEqualByComparingTo("50");
        assertThat(series.improvement()).isEqualByComparingTo("0.5");
        assertThat(series.targetMet()).isTrue();
    }

    @Test
    void the_first_record_gives_direction_even_when_withdrawn() {
        MetricSeries series = only(
                withdrawn(latency(MetricKind.BASELINE, "100", Better.HIGHER, DAY_1)),
                latency(MetricKind.TARGET, "60", null, DAY_1),
                latency(MetricKind.MEASURED, "70", null, DAY_1));

        assertThat(series.better()).isEqualTo(Better.HIGHER);
        assertThat(series.baseline()).isNull();
        assertThat(series.targetMet()).isTrue();
    }

    @Test
    void a_series_whose_records_are_all_withdrawn_stands_with_nulls() {
        MetricSeries series = only(
                withdrawn(latency(MetricKind.BASELINE, "100", Better.LOWER, DAY_1)),
                withdrawn(latency(MetricKind.TARGET, "60", null, DAY_1)),
                withdrawn(latency(MetricKind.MEASURED, "50", null, DAY_1)));

        assertThat(series)
                .isEqualTo(new MetricSeries(
                        "latency", Statistic.P95, "production", "ms", Better.LOWER, null, null, null, null, null));
    }

    private static MetricSeries only(Measurement... measurements) {
        List<MetricSeries> series = MetricSeries.of(List.of(measurements));
        assertThat(series).hasSize(1);
        return series.get(0);
    }

    private static Measurement latency(MetricKind kind, String value, @Nullable Better better, Instant measuredAt) {
        return measured(kind, "latency", Statistic.P95, "production", value, better, measuredAt);
    }

    private static Measurement measured(
            MetricKind kind,
            String name,
            Statistic statistic,
            String environment,
            String value,
            @Nullable Better better,
            Instant at) {
        return new Measured(
                new MetricRecorded(kind, name, statistic, "ms", new BigDecimal(value), environment, better, at, null),
                at,
                false);
    }

    private static Measurement withdrawn(Measurement measurement) {
        return new Measured(measurement.metric(), measurement.measuredAt(), true);
    }
}
