package issueledger.metricsimport;

import issueledger.events.Better;
import issueledger.events.Statistic;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * k6's {@code --summary-export}, and the data of {@code handleSummary} as JSON
 * (https://grafana.com/docs/k6/latest/results-output/end-of-test/custom-summary/). Times are in milliseconds in both.
 */
final class K6Summary {
    private static final Pattern PERCENTILE = Pattern.compile("p\\(([0-9.]+)\\)");
    private static final Pattern FAULT = Pattern.compile("(?i)err|fail|drop|timeout");
    private static final Set<String> TRENDS = Set.of("avg", "min", "med", "max");
    private static final Set<String> ROOT = Set.of("metrics", "root_group", "options", "state", "setup_data");
    private static final Set<String> LOAD = Set.of("vus", "vus_max");
    private static final Set<String> TIMES = Set.of(
            "http_req_blocked",
            "http_req_connecting",
            "http_req_tls_handshaking",
            "http_req_sending",
            "http_req_waiting",
            "http_req_receiving",
            "ws_connecting",
            "ws_ping");
    private static final Map<String, Statistic> STATISTICS = Map.of(
            "avg", Statistic.MEAN,
            "min", Statistic.MIN,
            "med", Statistic.P50,
            "max", Statistic.MAX,
            "count", Statistic.COUNT);

    private final Report report = new Report();

    private K6Summary() {}

    static Figures read(String text) {
        Located root = Located.parse(text);
        Located metrics = root.at("metrics");
        if (!metrics.isObject()) {
            throw new UnreadableReport(metrics.line(), "is no summary of k6: it has no object metrics");
        }
        K6Summary summary = new K6Summary();
        root.members().forEach((name, member) -> {
            if (!ROOT.contains(name)) {
                summary.report.warn(member.line(), name + " is unknown and skipped");
            }
        });
        metrics.members().forEach(summary::metric);
        return summary.report.done();
    }

    private void metric(String name, Located metric) {
        if (!metric.isObject()) {
            throw new UnreadableReport(metric.line(), "is no metric of k6: " + name + " is not an object");
        }
        boolean typed = metric.has("type") || metric.has("values");
        Located values = typed ? metric.at("values") : metric;
        if (!values.isObject()) {
            throw new UnreadableReport(values.line(), "is no metric of k6: " + name + " has no object values");
        }
        String base = name.replaceFirst("\\{.*", "");
        if (LOAD.contains(base)) {
            report.warn(metric.line(), name + " is skipped: it is the load, not a measurement");
            return;
        }
        String contains = typed ? metric.at("contains").text() : null;
        String type = typed ? metric.at("type").text() : null;
        String kind = type == null ? kindOf(values) : type;
        values.members().forEach((field, value) -> {
            if (!field.equals("thresholds")) {
                value(name, base, kind, contains == null ? contentsOf(base) : contains, field, value);
            }
        });
    }

    /** The type of a metric of {@code --summary-export}, which does not say it. */
    private static String kindOf(Located values) {
        if (values.members().keySet().stream().anyMatch(TRENDS::contains) && !values.has("value")) {
            return "trend";
        }
        if (values.has("count") && values.has("rate")) {
            return "counter";
        }
        return values.has("passes") || values.has("fails") ? "rate" : "gauge";
    }

    private static String contentsOf(String base) {
        if (base.endsWith("_duration") || TIMES.contains(base)) {
            return "time";
        }
        return base.startsWith("data_") ? "data" : "default";
    }

    private void value(String name, String base, String kind, String contains, String field, Located value) {
        Statistic statistic = statistic(kind, field);
        BigDecimal number = value.number();
        if (statistic == null) {
            report.warn(value.line(), field + " of " + name + " has no statistic and is skipped");
        } else if (number == null) {
            report.warn(value.line(), field + " of " + name + " is no number and is skipped");
        } else {
            report.add(value.line(), name, statistic, unit(base, statistic, contains), number, better(base, kind));
        }
    }

    private static @Nullable Statistic statistic(String kind, String field) {
        Matcher percentile = PERCENTILE.matcher(field);
        if (percentile.matches()) {
            return Report.percentile(percentile.group(1));
        }
        return switch (kind) {
            case "rate" -> field.equals("value") || field.equals("rate") ? Statistic.RATIO : null;
            case "counter" -> field.equals("rate") ? Statistic.RATE : STATISTICS.get(field);
            default -> STATISTICS.get(field);
        };
    }

    private static String unit(String base, Statistic statistic, String contains) {
        if (statistic == Statistic.RATIO) {
            return Report.ONE;
        }
        boolean rate = statistic == Statistic.RATE;
        if (contains.equals("data")) {
            return rate ? Report.BYTES_PER_SECOND : Report.BYTES;
        }
        if (base.equals("http_reqs")) {
            return rate ? Report.REQUESTS_PER_SECOND : Report.REQUESTS;
        }
        if (rate || statistic == Statistic.COUNT) {
            return rate ? "1/s" : Report.ONE;
        }
        return contains.equals("time") ? Report.MILLISECONDS : Report.ONE;
    }

    private static Better better(String base, String kind) {
        boolean more = kind.equals("counter") || kind.equals("rate");
        return more && !FAULT.matcher(base).find() ? Better.HIGHER : Better.LOWER;
    }
}
