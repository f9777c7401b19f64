package issueledger.metricsimport;

import issueledger.events.Better;
import issueledger.events.Statistic;
import issueledger.metricsimport.TextLines.Form;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/** The text of wrk, with and without {@code --latency}: https://github.com/wg/wrk. */
final class WrkReport {
    private static final String NUMBER = "(-?[0-9.]+|-?nan)";
    private static final String TIME = NUMBER + "(us|ms|s|m|h)";
    private static final String SIZE = "([0-9.]+)([KMGTP]?)B";

    private static final Map<String, BigDecimal> BINARY = Map.of(
            "", BigDecimal.ONE,
            "K", BigDecimal.valueOf(1L << 10),
            "M", BigDecimal.valueOf(1L << 20),
            "G", BigDecimal.valueOf(1L << 30),
            "T", BigDecimal.valueOf(1L << 40),
            "P", BigDecimal.valueOf(1L << 50));

    private final Report report = new Report();

    private WrkReport() {}

    static Figures read(String text) {
        TextLines.require(text, "Running .* test @ .*", "wrk");
        WrkReport wrk = new WrkReport();
        TextLines.read(text, wrk.forms(), wrk.report);
        return wrk.report.done();
    }

    private List<Form> forms() {
        return List.of(
                Form.ignored("Running .* test @ .*|\\d+ threads and \\d+ connections|Thread Stats .*"),
                Form.ignored("Latency Distribution.*|Thread calibration: .*"),
                Form.of("Latency\\s+" + TIME + "\\s+" + TIME + "\\s+" + TIME + "\\s.*", this::latency),
                Form.of("Req/Sec\\s.*", (line, match) -> report.warn(line, "figures of one thread are skipped")),
                Form.of("([0-9.]+)%\\s+" + TIME, this::percentile),
                Form.of("(\\d+) requests in " + TIME + ", " + SIZE + " read", this::totals),
                Form.of("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)", this::errors),
                Form.of(
                        "Non-2xx or 3xx responses: (\\d+)",
                        (line, match) -> count(line, "non_2xx_responses", match, 1)),
                Form.of("Requests/sec:\\s+" + NUMBER, this::requests),
                Form.of("Transfer/sec:\\s+" + SIZE, this::transfer));
    }

    private void latency(int line, Matcher match) {
        time(line, Statistic.MEAN, match.group(1), match.group(2));
        report.warn(line, "Stdev has no statistic and is skipped");
        time(line, Statistic.MAX, match.group(5), match.group(6));
    }

    private void percentile(int line, Matcher match) {
        Statistic statistic = Report.percentile(match.group(1));
        if (statistic == null) {
            report.warn(line, "the percentile " + match.group(1) + " has no statistic and is skipped");
        } else if (statistic != Statistic.MAX) { // The line of the latency has it.
            time(line, statistic, match.group(2), match.group(3));
        }
    }

    private void time(int line, Statistic statistic, String number, String unit) {
        BigDecimal value = Numbers.read(number);
        BigDecimal milliseconds = value == null ? null : Units.milliseconds(value, unit);
        if (milliseconds == null) {
            report.warn(line, statistic + " is no number and is skipped");
        } else {
            report.lower(line, "latency", statistic, Report.MILLISECONDS, milliseconds);
        }
    }

    private void totals(int line, Matcher match) {
        number(line, "requests", Statistic.COUNT, Report.REQUESTS, match.group(1), BigDecimal.ONE, Better.HIGHER);
        size(line, Statistic.COUNT, Report.BYTES, match.group(4), match.group(5));
    }

    private void errors(int line, Matcher match) {
        List<String> names = List.of("connect_errors", "read_errors", "write_errors", "timeouts");
        for (int i = 0; i < names.size(); i++) {
            count(line, names.get(i), match, i + 1);
        }
    }

    private void count(int line, String name, Matcher match, int group) {
        number(line, name, Statistic.COUNT, Report.ONE, match.group(group), BigDecimal.ONE, Better.LOWER);
    }

    private void requests(int line, Matcher match) {
        number(
                line,
                "requests",
                Statistic.RATE,
                Report.REQUESTS_PER_SECOND,
                match.group(1),
                BigDecimal.ONE,
                Better.HIGHER);
    }

    private void transfer(int line, Matcher match) {
        size(line, Statistic.RATE, Report.BYTES_PER_SECOND, match.group(1), match.group(2));
    }

    private void size(int line, Statistic statistic, String unit, String number, String prefix) {
        number(line, "transfer", statistic, unit, number, BINARY.getOrDefault(prefix, BigDecimal.ONE), Better.HIGHER);
    }

    private void number(
            int line, String name, Statistic statistic, String unit, String number, BigDecimal factor, Better better) {
        BigDecimal value = Numbers.read(number);
        if (value == null) {
            report.warn(line, statistic + " of " + name + " is no number and is skipped");
        } else {
            report.add(line, name, statistic, unit, value.multiply(factor), better);
        }
    }
}
