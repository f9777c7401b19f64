package issueledger.metricsimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.events.Statistic;
import issueledger.template.Reading.Remark;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** wrk, ab, Locust and JMH were run for their files; those of k6, Gatling and hey are in their documented forms. */
class ReportFormatTest {
    private static String file(String name) {
        try (InputStream in =
                Objects.requireNonNull(ReportFormatTest.class.getResourceAsStream("/metricsimport/" + name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> figures(Figures read) {
        return read.figures().stream()
                .map(figure -> figure.name() + " " + figure.statistic() + " "
                        + Numbers.fit(figure.value()).toPlainString() + " " + figure.unit() + " " + figure.better())
                .toList();
    }

    private static List<String> warnings(Figures read) {
        return read.warnings().stream()
                .map(warning -> warning.line() + " " + warning.detail())
                .toList();
    }

    @Test
    void a_summary_export_of_k6() {
        Figures read = ReportFormat.K6.read(file("k6-summary-export.json"));
        assertThat(figures(read))
                .containsExactly(
                        "http_req_duration MEAN 144.56017222222224 ms LOWER",
                        "http_req_duration MIN 104.110751 ms LOWER",
                        "http_req_duration P50 110.469847 ms LOWER",
                        "http_req_duration MAX 1144.2 ms LOWER",
                        "http_req_duration P90 203.5418412 ms LOWER",
                        "http_req_duration P95 215.9535485 ms LOWER",
                        "http_req_duration P999 1140.5 ms LOWER",
                        "http_req_duration{expected_response:true} MEAN 144.5 ms LOWER",
                        "http_req_duration{expected_response:true} P95 215.9 ms LOWER",
                        "http_reqs COUNT 180 req HIGHER",
                        "http_reqs RATE 4.369380001234567 req/s HIGHER",
                        "data_received COUNT 1343178 B HIGHER",
                        "data_received RATE 32604.25 B/s HIGHER",
                        "http_req_failed RATIO 0 1 LOWER",
                        "checks RATIO 0.5 1 HIGHER",
                        "dropped_iterations COUNT 3 1 LOWER",
                        "dropped_iterations RATE 0.07 1/s LOWER");
        assertThat(warnings(read))
                .containsExactly(
                        "11 p(99.99) of http_req_duration has no statistic and is skipped",
                        "29 passes of http_req_failed has no statistic and is skipped",
                        "30 fails of http_req_failed has no statistic and is skipped",
                        "34 passes of checks has no statistic and is skipped",
                        "35 fails of checks has no statistic and is skipped",
                        "42 vus is skipped: it is the load, not a measurement");
    }

    @Test
    void the_data_of_handle_summary_of_k6() {
        Figures read = ReportFormat.K6.read(file("k6-handle-summary.json"));
        assertThat(figures(read))
                .containsExactly(
                        "http_req_duration MEAN 12.5 ms LOWER",
                        "http_req_duration MIN 1 ms LOWER",
                        "http_req_duration P50 10 ms LOWER",
                        "http_req_duration MAX 99.125 ms LOWER",
                        "http_req_duration P90 40 ms LOWER",
                        "http_req_duration P95 52.75 ms LOWER",
                        "payload_size MEAN 2048 B LOWER",
                        "payload_size P95 4096 B LOWER",
                        "iterations COUNT 45 1 HIGHER",
                        "iterations RATE 9 1/s HIGHER",
                        "http_req_failed RATIO 0.25 1 LOWER");
        assertThat(warnings(read)).hasSize(2);
    }

    @Test
    void the_text_of_wrk() {
        Figures read = ReportFormat.WRK.read(file("wrk.txt"));
        assertThat(figures(read))
                .containsExactly(
                        "latency MEAN 22.32 ms LOWER",
                        "latency MAX 311.67 ms LOWER",
                        "requests COUNT 1350 req HIGHER",
                        "transfer COUNT 256870.4 B HIGHER",
                        "requests RATE 663.38 req/s HIGHER",
                        "transfer RATE 126218.24 B/s HIGHER");
        assertThat(warnings(read))
                .containsExactly("4 Stdev has no statistic and is skipped", "5 figures of one thread are skipped");
    }

    @Test
    void the_text_of_wrk_with_its_latencies_and_errors() {
        String text = file("wrk-latency.txt")
                .replace("  Non-2xx", "  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx")
                .replace("50%    3.05ms", "50%  950.50us")
                .replace("99%   49.98ms", "99%    1.25m ")
                .replace("6.36ms", " 1.02s");
        assertThat(figures(ReportFormat.WRK.read(text)))
                .containsExactly(
                        "latency MEAN 1020 ms LOWER",
                        "latency MAX 207.04 ms LOWER",
                        "latency P50 0.9505 ms LOWER",
                        "latency P75 6.73 ms LOWER",
                        "latency P90 13.29 ms LOWER",
                        "latency P99 75000 ms LOWER",
                        "requests COUNT 2173 req HIGHER",
                        "transfer COUNT 1132462.08 B HIGHER",
                        "connect_errors COUNT 1 1 LOWER",
                        "read_errors COUNT 2 1 LOWER",
                        "write_errors COUNT 3 1 LOWER",
                        "timeouts COUNT 4 1 LOWER",
                        "non_2xx_responses COUNT 2173 1 LOWER",
                        "requests RATE 1077.46 req/s HIGHER",
                        "transfer RATE 560281.6 B/s HIGHER");
    }

    @Test
    void the_text_of_apache_bench() {
        Figures read = ReportFormat.APACHE_BENCH.read(file("ab.txt"));
        assertThat(figures(read))
                .containsExactly(
                        "requests COUNT 500 req HIGHER",
                        "failed_requests COUNT 0 1 LOWER",
                        "transfer COUNT 95000 B HIGHER",
                        "html_transfer COUNT 3000 B HIGHER",
                        "requests RATE 999.83 req/s HIGHER",
                        "latency MEAN 10.002 ms LOWER",
                        "transfer RATE 189962.24 B/s HIGHER",
                        "connect MIN 0 ms LOWER",
                        "connect MEAN 1 ms LOWER",
                        "connect P50 1 ms LOWER",
                        "connect MAX 34 ms LOWER",
                        "processing MIN 0 ms LOWER",
                        "processing MEAN 5 ms LOWER",
                        "processing P50 3 ms LOWER",
                        "processing MAX 34 ms LOWER",
                        "waiting MIN 0 ms LOWER",
                        "waiting MEAN 4 ms LOWER",
                        "waiting P50 2 ms LOWER",
                        "waiting MAX 28 ms LOWER",
                        "latency MIN 1 ms LOWER",
                        "latency P50 4 ms LOWER",
                        "latency P75 7 ms LOWER",
                        "latency P90 11 ms LOWER",
                        "latency P95 16 ms LOWER",
                        "latency P99 34 ms LOWER",
                        "latency MAX 39 ms LOWER");
        assertThat(warnings(read))
                .contains("23 has no statistic and is skipped", "35 the percentile 66 has no statistic and is skipped")
                .noneMatch(warning -> warning.contains("unknown"));
    }

    @Test
    void the_text_of_apache_bench_that_posts() {
        Figures read = ReportFormat.APACHE_BENCH.read(file("ab-post.txt"));
        assertThat(figures(read)).contains("non_2xx_responses COUNT 200 1 LOWER", "latency MEAN 4.599 ms LOWER");
        assertThat(warnings(read)).noneMatch(warning -> warning.contains("unknown"));
    }

    @Test
    void the_statistics_of_locust() {
        Figures read = ReportFormat.LOCUST.read(file("locust_stats.csv"));
        assertThat(figures(read).subList(0, 14))
                .containsExactly(
                        "GET /index.html COUNT 318 req HIGHER",
                        "GET /index.html failures COUNT 0 1 LOWER",
                        "GET /index.html MEAN 16.567098940267552 ms LOWER",
                        "GET /index.html MIN 1.6788460015959572 ms LOWER",
                        "GET /index.html MAX 507.28400700063503 ms LOWER",
                        "GET /index.html content size MEAN 6 B LOWER",
                        "GET /index.html RATE 83.15536919040596 req/s HIGHER",
                        "GET /index.html failures RATE 0 1/s LOWER",
                        "GET /index.html P50 12 ms LOWER",
                        "GET /index.html P75 17 ms LOWER",
                        "GET /index.html P90 24 ms LOWER",
                        "GET /index.html P95 32 ms LOWER",
                        "GET /index.html P99 120 ms LOWER",
                        "GET /index.html P999 510 ms LOWER");
        assertThat(figures(read))
                .hasSize(42)
                .contains("GET none, \"quoted\" P95 30 ms LOWER", "Aggregated COUNT 620 req HIGHER");
        assertThat(warnings(read))
                .containsExactly(
                        "2 the column 66% has no statistic and is skipped",
                        "2 the column 80% has no statistic and is skipped",
                        "2 the column 98% has no statistic and is skipped",
                        "2 the column 99.99% has no statistic and is skipped");
    }

    @Test
    void the_statistics_of_gatling() {
        Figures read = ReportFormat.GATLING.read(file("gatling-stats.json"));
        assertThat(figures(read))
                .containsExactly(
                        "All Requests COUNT 388 req HIGHER",
                        "All Requests KO COUNT 1 1 LOWER",
                        "All Requests MIN 27 ms LOWER",
                        "All Requests MAX 31323 ms LOWER",
                        "All Requests MEAN 3785 ms LOWER",
                        "All Requests P50 1101 ms LOWER",
                        "All Requests P75 5161 ms LOWER",
                        "All Requests P95 16059 ms LOWER",
                        "All Requests P99 24858 ms LOWER",
                        "All Requests RATE 7.918 req/s HIGHER",
                        "checkout MEAN 2500 ms LOWER",
                        "checkout / pay P95 900 ms LOWER");
        assertThat(warnings(read))
                .contains(
                        "12 standardDeviation of All Requests has no statistic and is skipped",
                        "34 MIN of checkout / pay is no number and is skipped");
    }

    @Test
    void the_text_of_hey() {
        Figures read = ReportFormat.HEY.read(file("hey.txt"));
        assertThat(figures(read))
                .contains(
                        "latency MEAN 3.5 ms LOWER",
                        "latency MIN 0.4 ms LOWER",
                        "latency MAX 12.8 ms LOWER",
                        "latency P50 2.4 ms LOWER",
                        "latency P99 12.3 ms LOWER",
                        "requests RATE 10022.9023 req/s HIGHER",
                        "transfer COUNT 122400 B HIGHER",
                        "response_size MEAN 612 B LOWER",
                        "resp wait MEAN 3.2 ms LOWER",
                        "requests COUNT 198 req HIGHER",
                        "non_2xx_responses COUNT 8 1 LOWER",
                        "errors COUNT 2 1 LOWER");
        assertThat(read.warnings())
                .extracting(Remark::detail)
                .containsExactly(
                        "the percentile 10 has no statistic and is skipped",
                        "the percentile 25 has no statistic and is skipped");
    }

    @Test
    void the_text_that_hey_0_1_5_wrote() {
        Figures read = ReportFormat.HEY.read(file("hey-0.1.5.txt"));
        assertThat(figures(read))
                .contains(
                        "latency MEAN 51.2 ms LOWER",
                        "latency P50 51.8 ms LOWER",
                        "latency P99 78.6 ms LOWER",
                        "requests RATE 189.3716 req/s HIGHER",
                        "requests COUNT 500 req HIGHER",
                        "non_2xx_responses COUNT 14 1 LOWER");
        assertThat(read.warnings())
                .extracting(Remark::detail)
                .containsExactly(
                        "the percentile 10 has no statistic and is skipped",
                        "the percentile 25 has no statistic and is skipped");
    }

    @Test
    void the_results_of_jmh() {
        Figures read = ReportFormat.JMH.read(file("jmh.json"));
        assertThat(figures(read))
                .anyMatch(
                        line -> line.matches("sample\\.Concatenation\\.builder \\(size=10\\) MEAN \\S+ ops/ms HIGHER"))
                .anyMatch(
                        line -> line.matches("sample\\.Concatenation\\.repeat \\(size=100\\) avgt MEAN \\S+ ms LOWER"))
                .anyMatch(line ->
                        line.matches("sample\\.Concatenation\\.repeat \\(size=100\\) sample P999 \\S+ ms LOWER"))
                .anyMatch(line -> line.matches(
                        "sample\\.Concatenation\\.builder \\(size=10\\):gc\\.alloc\\.rate\\.norm MEAN \\S+ B LOWER"));
        assertThat(warnings(read)).noneMatch(warning -> warning.contains("unknown"));
    }

    @Test
    void a_score_of_jmh_is_written_exactly_in_milliseconds() {
        String result = """
            [{"benchmark":"b.Run.it","mode":"avgt","params":{"n":"1","m":"2"},"colour":"red",
              "primaryMetric":{"score":12.345,"scoreError":"NaN","scoreUnit":"us/op",
                "scorePercentiles":{"0.0":1,"50.0":"NaN","99.99":3}},
              "secondaryMetrics":{"·gc.time":{"score":7,"scoreUnit":"ms"},"hits":{"score":8,"scoreUnit":"ops/s"}}}]
            """;
        Figures read = ReportFormat.JMH.read(result);
        assertThat(figures(read))
                .containsExactly(
                        "b.Run.it (n=1, m=2) MEAN 0.012345 ms LOWER",
                        "b.Run.it (n=1, m=2) MIN 0.001 ms LOWER",
                        "b.Run.it (n=1, m=2):gc.time MEAN 7 ms LOWER",
                        "b.Run.it (n=1, m=2):hits MEAN 8 ops/s HIGHER");
        assertThat(warnings(read))
                .containsExactly(
                        "1 colour is unknown and skipped",
                        "3 P50 of b.Run.it (n=1, m=2) is no number and is skipped",
                        "3 percentile 99.99 of b.Run.it (n=1, m=2) has no statistic and is skipped");
    }

    @Test
    void the_samples_of_jmh_are_the_means_of_its_forks() {
        String result = """
            [{"benchmark":"b.Run.it","mode":"avgt",
              "primaryMetric":{"score":4,"scoreError":1,"scoreUnit":"us/op","scorePercentiles":{"50.0":3},
                "rawData":[[1,2,3],[4,4],
                  [5,"NaN"],
                  [],[1,1,2]]},
              "secondaryMetrics":{"gc":{"score":7,"scoreUnit":"B/op","rawData":[[1],[1.5]]},
                "none":{"score":8,"scoreUnit":"ops/s"}}}]
            """;
        Figures read = ReportFormat.JMH.read(result);

        assertThat(read.figures())
                .extracting(figure -> figure.name() + " " + figure.statistic() + " "
                        + figure.samples().stream()
                                .map(sample -> sample.round(new MathContext(6))
                                        .stripTrailingZeros()
                                        .toPlainString())
                                .toList())
                .containsExactly(
                        "b.Run.it MEAN [0.002, 0.004, 0.00133333]",
                        "b.Run.it P50 [0.003]",
                        "b.Run.it:gc MEAN [1, 1.5]",
                        "b.Run.it:none MEAN [8]");
        assertThat(warnings(read))
                .containsExactly(
                        "4 a fork of b.Run.it has no number where JMH writes one: it is no sample",
                        "5 a fork of b.Run.it has no number where JMH writes one: it is no sample");
        assertThat(ReportFormat.JMH.read(file("jmh.json")).figures())
                .filteredOn(figure -> figure.statistic() == Statistic.MEAN)
                .allSatisfy(figure -> assertThat(figure.samples()).hasSize(1));
    }

    @Test
    void a_file_of_jmh_with_more_than_a_hundred_forks_has_a_hundred_samples() {
        String forks = "[1],".repeat(100) + "[1]";
        Figures read = ReportFormat.JMH.read("[{\"benchmark\":\"b\",\"mode\":\"avgt\",\"primaryMetric\":"
                + "{\"score\":1,\"scoreUnit\":\"ms/op\",\"rawData\":[" + forks + "]}}]");

        assertThat(read.figures().get(0).samples()).hasSize(100);
        assertThat(warnings(read)).containsExactly("1 b has more than 100 forks: the others are skipped");
    }

    @ParameterizedTest
    @EnumSource(names = "JMH", mode = EnumSource.Mode.EXCLUDE)
    void a_file_of_one_run_has_one_sample_of_each_figure(ReportFormat format) {
        String name = Map.of(
                        ReportFormat.K6, "k6-handle-summary.json",
                        ReportFormat.WRK, "wrk-latency.txt",
                        ReportFormat.GATLING, "gatling-stats.json",
                        ReportFormat.APACHE_BENCH, "ab.txt",
                        ReportFormat.LOCUST, "locust_stats.csv",
                        ReportFormat.HEY, "hey.txt")
                .get(format);

        assertThat(format.read(file(name)).figures())
                .allSatisfy(figure -> assertThat(figure.samples()).containsExactly(figure.value()));
    }

    @ParameterizedTest
    @CsvSource({
        "K6, k6-summary-export.json",
        "K6, k6-handle-summary.json",
        "JMH, jmh.json",
        "WRK, wrk.txt",
        "WRK, wrk-latency.txt",
        "GATLING, gatling-stats.json",
        "APACHE_BENCH, ab.txt",
        "APACHE_BENCH, ab-post.txt",
        "LOCUST, locust_stats.csv",
        "HEY, hey.txt"
    })
    void the_tool_that_wrote_a_file_is_recognised(ReportFormat format, String name) {
        assertThat(ReportFormat.recognised(file(name))).contains(format);
        assertThat(ReportFormat.recognised("Dear diary,\n" + name)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_file_of_nothing_and_one_of_something_else_are_refused(ReportFormat format) {
        for (String text :
                List.of("", " \n\n", "{}", "[]", "null", "Dear diary,\ntoday", "a,b\n1,2", "[{}]", "{\"metrics\":3}")) {
            assertThatThrownBy(() -> format.read(text))
                    .as("%s", text)
                    .isInstanceOf(UnreadableReport.class)
                    .extracting(e -> ((UnreadableReport) e).line(), InstanceOfAssertFactories.INTEGER)
                    .isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "K6     | {\"metrics\":\\n{\"a\":{\"avg\":1},\\n\"a\":{}}}            | 3",
                "K6     | {\"metrics\":{\"a\":{\"avg\":1}}}\\n{}                     | 2",
                "K6     | {\"metrics\":{\\n\"a\":{\"avg\":1e999999}}}                | 2",
                "K6     | {\"metrics\":{\\n\"a\":5}}                                 | 2",
                "JMH    | [{\"benchmark\":\"b\",\\n\"mode\":\"avgt\"}]               | 1",
                "LOCUST | Type,Name,Request Count\\nGET,/,1\\nGET,/x                 | 3",
                "LOCUST | Type,Name,Request Count\\nGET,\"/,1                        | 2",
                "GATLING | {\"name\":\"x\",\"stats\":{},\\n\"contents\":{\"a\":\\n3}} | 3"
            })
    void the_first_line_that_is_not_as_the_tool_writes_it_is_named(ReportFormat format, String text, int line) {
        assertThatThrownBy(() -> format.read(text.replace("\\n", "\n")))
                .isInstanceOf(UnreadableReport.class)
                .extracting(e -> ((UnreadableReport) e).line())
                .isEqualTo(line);
    }

    @Test
    void a_second_figure_of_a_series_is_skipped_with_a_warning() {
        Figures read = ReportFormat.LOCUST.read("Type,Name,Request Count\nGET,/,1\nGET,/,2\n");
        assertThat(figures(read)).containsExactly("GET / COUNT 1 req HIGHER");
        assertThat(warnings(read)).containsExactly("3 a second COUNT of GET / is skipped");
    }

    @Test
    void warnings_are_at_most_a_hundred() {
        String lines = file("wrk.txt") + "noise\n".repeat(500);
        assertThat(ReportFormat.WRK.read(lines).warnings()).hasSize(100);
    }

    @ParameterizedTest
    @CsvSource({
        "1234567890.123456789123, 1234567890.12345679",
        "0.1234567890123456785, 0.123456789012345679",
        "0.0000000000000000005, 0.000000000000000001",
        "0.0000000000000000004, 0",
        "1200.00, 1200",
        "12e3, 12000",
        "-0.5, -0.5"
    })
    void numbers_are_rounded_half_up_to_18_digits_and_18_places(String given, String fitted) {
        assertThat(Numbers.fit(Objects.requireNonNull(Numbers.read(given))).toPlainString())
                .isEqualTo(fitted);
    }
}
