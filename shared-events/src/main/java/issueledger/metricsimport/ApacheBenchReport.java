package issueledger.metricsimport;

import issueledger.events.Better;
import issueledger.events.Statistic;
import issueledger.metricsimport.TextLines.Form;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;

/** The text of Apache Bench: https://httpd.apache.org/docs/2.4/programs/ab.html. Its Kbytes are 1,024 bytes. */
final class ApacheBenchReport {
    private static final String NUMBER = "([0-9.]+)";
    private static final BigDecimal KILOBYTE = BigDecimal.valueOf(1024);

    private final Report report = new Report();

    private ApacheBenchReport() {}

    static Figures read(String text) {
        TextLines.require(text, "This is ApacheBench, .*", "Apache Bench");
        ApacheBenchReport bench = new ApacheBenchReport();
        TextLines.read(text, bench.forms(), bench.report);
        return bench.report.done();
    }

    private List<Form> forms() {
        return List.of(
                Form.ignored("This is ApacheBench, .*|Copyright .*|Licensed to .*|Benchmarking .*"),
                Form.ignored("Completed \\d+ requests|Finished \\d+ requests|\\.\\.done|WARNING: .*"),
                Form.ignored("(Server|Document|SSL/TLS|TLS) .*|Concurrency Level: .*|Time taken for tests: .*"),
                Form.ignored("Server Temp Key: .*"),
                Form.ignored("\\(Connect: .*|Connection Times \\(ms\\)|min +mean.*|Percentage of the requests .*"),
                Form.ignored("These results are .*|(ERROR|Erro).*"),
                Form.of(
                        "Keep-Alive requests: .*|Total (body|PUT|POSTed).*sent.*|.*(kb/s sent|kb/s total)",
                        (line, match) -> report.warn(line, "is no series of the import and is skipped")),
                count("Complete requests", "requests", Report.REQUESTS, Better.HIGHER),
                count("Failed requests", "failed_requests", Report.ONE, Better.LOWER),
                count("Write errors", "write_errors", Report.ONE, Better.LOWER),
                count("Non-2xx responses", "non_2xx_responses", Report.ONE, Better.LOWER),
                count("Total transferred", "transfer", Report.BYTES, Better.HIGHER),
                count("HTML transferred", "html_transfer", Report.BYTES, Better.HIGHER),
                Form.of("Requests per second:\\s+" + NUMBER + " .*", this::requests),
                Form.of("Time per request:\\s+" + NUMBER + " \\[ms\\] \\(mean\\)", this::mean),
                Form.of("Time per request:.*", (line, match) -> report.warn(line, "has no statistic and is skipped")),
                Form.of("Transfer rate:\\s+" + NUMBER + " \\[Kbytes/sec\\] received", this::transfer),
                Form.of(
                        "(Connect|Processing|Waiting|Total):\\s+(\\d+)\\s+(\\d+)\\s+" + NUMBER + "\\s+(\\d+)\\s+(\\d+)",
                        this::times),
                Form.of("(\\d+)%\\s+(\\d+)(?: \\(longest request\\))?", this::percentile));
    }

    private Form count(String label, String name, String unit, Better better) {
        return Form.of(
                label + ":\\s+(\\d+)(?: bytes)?",
                (line, match) -> report.add(line, name, Statistic.COUNT, unit, new BigDecimal(match.group(1)), better));
    }

    private void requests(int line, Matcher match) {
        report.higher(line, "requests", Statistic.RATE, Report.REQUESTS_PER_SECOND, number(line, match.group(1)));
    }

    private void transfer(int line, Matcher match) {
        BigDecimal bytes = number(line, match.group(1)).multiply(KILOBYTE);
        report.higher(line, "transfer", Statistic.RATE, Report.BYTES_PER_SECOND, bytes);
    }

    private void mean(int line, Matcher match) {
        time(line, "latency", Statistic.MEAN, match.group(1));
    }

    /** The total's mean, median and longest are on lines of their own, the mean with more places. */
    private void times(int line, Matcher match) {
        boolean total = match.group(1).equals("Total");
        String name = total ? "latency" : match.group(1).toLowerCase(Locale.ROOT);
        time(line, name, Statistic.MIN, match.group(2));
        if (!total) {
            time(line, name, Statistic.MEAN, match.group(3));
            time(line, name, Statistic.P50, match.group(5));
            time(line, name, Statistic.MAX, match.group(6));
        } else {
            report.warn(
                    line, "the mean, the median and the longest are read from lines of their own and are skipped here");
        }
        report.warn(line, "the standard deviation has no statistic and is skipped");
    }

    private void percentile(int line, Matcher match) {
        Statistic statistic = Report.percentile(match.group(1));
        if (statistic == null) {
            report.warn(line, "the percentile " + match.group(1) + " has no statistic and is skipped");
        } else {
            time(line, "latency", statistic, match.group(2));
        }
    }

    private void time(int line, String name, Statistic statistic, String milliseconds) {
        report.lower(line, name, statistic, Report.MILLISECONDS, number(line, milliseconds));
    }

    private static BigDecimal number(int line, String text) {
        BigDecimal number = Numbers.read(text);
        if (number == null) {
            throw new UnreadableReport(line, "has no number where Apache Bench writes one");
        }
        return number;
    }
}
