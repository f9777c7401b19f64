package issueledger.metricsimport;

import issueledger.events.Better;
import issueledger.events.Statistic;
import issueledger.metricsimport.TextLines.Form;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of hey: https://github.com/rakyll/hey. Its times are in seconds. */
final class HeyReport {
    private static final String NUMBER = "([0-9.]+)";
    private static final String SECONDS = NUMBER + " secs";

    private static final Pattern RESPONSES = Pattern.compile("\\[\\d+\\]\\s+(\\d+) responses");

    private final Report report = new Report();
    private BigDecimal responses = BigDecimal.ZERO;
    private int responsesLine;
    private BigDecimal failed = BigDecimal.ZERO;
    private int failedLine;
    private BigDecimal errors = BigDecimal.ZERO;
    private int errorsLine;
    private boolean inErrors;

    private HeyReport() {}

    static Figures read(String text) {
        TextLines.require(text, "Summary:", "hey");
        TextLines.require(text, "Requests/sec:\\s+" + NUMBER, "hey");
        HeyReport hey = new HeyReport();
        TextLines.read(text, hey.forms(), hey.report);
        if (hey.responsesLine > 0) {
            hey.report.higher(hey.responsesLine, "requests", Statistic.COUNT, Report.REQUESTS, hey.responses);
        }
        if (hey.failedLine > 0) {
            hey.report.lower(hey.failedLine, "non_2xx_responses", Statistic.COUNT, Report.ONE, hey.failed);
        }
        if (hey.errorsLine > 0) {
            hey.report.lower(hey.errorsLine, "errors", Statistic.COUNT, Report.ONE, hey.errors);
        }
        return hey.report.done();
    }

    private List<Form> forms() {
        return List.of(
                Form.of("Error distribution:", (line, match) -> inErrors = true),
                Form.ignored(
                        "Summary:|Response time histogram:|Latency distribution:|Details .*|Status code distribution:"),
                Form.ignored("Total:\\s+" + SECONDS + "|" + NUMBER + " \\[\\d+\\]\\s*\\|.*"),
                summary("Average", Statistic.MEAN),
                summary("Fastest", Statistic.MIN),
                summary("Slowest", Statistic.MAX),
                Form.of("Requests/sec:\\s+" + NUMBER, this::requests),
                size("Total data", "transfer", Statistic.COUNT, Better.HIGHER),
                size("Size/request", "response_size", Statistic.MEAN, Better.LOWER),
                Form.of(NUMBER + "%%? in " + SECONDS, this::percentile), // Version 0.1.5 doubles the sign.
                Form.of(
                        "(DNS\\+dialup|DNS-lookup|req write|resp wait|resp read):\\s+" + SECONDS + ", " + SECONDS + ", "
                                + SECONDS,
                        this::details),
                Form.of("\\[(\\d+)\\]\\s+.*", this::status));
    }

    private Form summary(String label, Statistic statistic) {
        return Form.of(label + ":\\s+" + SECONDS, (line, match) -> time(line, "latency", statistic, match.group(1)));
    }

    private Form size(String label, String name, Statistic statistic, Better better) {
        return Form.of(
                label + ":\\s+(\\d+) bytes",
                (line, match) ->
                        report.add(line, name, statistic, Report.BYTES, new BigDecimal(match.group(1)), better));
    }

    private void requests(int line, Matcher match) {
        report.higher(line, "requests", Statistic.RATE, Report.REQUESTS_PER_SECOND, number(line, match.group(1)));
    }

    private void percentile(int line, Matcher match) {
        Statistic statistic = Report.percentile(match.group(1));
        if (statistic == null || statistic == Statistic.MIN) { // hey writes 0% where it has too few requests.
            report.warn(line, "the percentile " + match.group(1) + " has no statistic and is skipped");
        } else {
            time(line, "latency", statistic, match.group(2));
        }
    }

    private void details(int line, Matcher match) {
        String name = match.group(1);
        time(line, name, Statistic.MEAN, match.group(2));
        time(line, name, Statistic.MIN, match.group(3));
        time(line, name, Statistic.MAX, match.group(4));
    }

    /** {@code [200] 500 responses}, and among the errors {@code [5] Get …}. */
    private void status(int line, Matcher match) {
        if (inErrors) {
            errors = errors.add(new BigDecimal(match.group(1)));
            errorsLine = errorsLine == 0 ? line : errorsLine;
            return;
        }
        Matcher count = RESPONSES.matcher(match.group());
        if (count.matches()) {
            responses = responses.add(new BigDecimal(count.group(1)));
            responsesLine = responsesLine == 0 ? line : responsesLine;
            if (!match.group(1).startsWith("2")) {
                failed = failed.add(new BigDecimal(count.group(1)));
                failedLine = failedLine == 0 ? line : failedLine;
            }
        } else {
            report.warn(line, "is unknown and skipped");
        }
    }

    private void time(int line, String name, Statistic statistic, String seconds) {
        report.lower(
                line,
                name,
                statistic,
                Report.MILLISECONDS,
                number(line, seconds).movePointRight(3));
    }

    private static BigDecimal number(int line, String text) {
        BigDecimal number = Numbers.read(text);
        if (number == null) {
            throw new UnreadableReport(line, "has no number where hey writes one");
        }
        return number;
    }
}
