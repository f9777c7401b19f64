package issueledger.metricsimport;

import issueledger.events.Better;
import issueledger.events.Statistic;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gatling's {@code js/stats.json}: a tree of groups and requests, with times in milliseconds. Its four percentiles are taken for those that
 * Gatling has by default.
 */
final class GatlingStats {
    private static final Map<String, Statistic> TIMES = Map.of(
            "minResponseTime", Statistic.MIN,
            "maxResponseTime", Statistic.MAX,
            "meanResponseTime", Statistic.MEAN,
            "percentiles1", Statistic.P50,
            "percentiles2", Statistic.P75,
            "percentiles3", Statistic.P95,
            "percentiles4", Statistic.P99);
    private static final Set<String> NODE = Set.of("type", "name", "path", "pathFormatted", "stats", "contents");

    private final Report report = new Report();

    private GatlingStats() {}

    static Figures read(String text) {
        Located root = Located.parse(text);
        if (!root.at("stats").isObject()) {
            throw new UnreadableReport(root.at("stats").line(), "is no stats.json of Gatling: it has no object stats");
        }
        GatlingStats gatling = new GatlingStats();
        gatling.node("", root);
        return gatling.report.done();
    }

    private void node(String path, Located node) {
        if (!node.at("stats").isObject()) {
            throw new UnreadableReport(node.at("stats").line(), "is no node of Gatling: it has no object stats");
        }
        String own = node.requiredText("name");
        String name = path.isEmpty() ? own : path + " / " + own;
        node.members().forEach((field, value) -> {
            if (!NODE.contains(field)) {
                report.warn(value.line(), field + " is unknown and skipped");
            }
        });
        node.at("stats").members().forEach((field, value) -> figure(name, field, value));
        // The root, which is all requests, is no part of the names.
        String inner = path.isEmpty() && "".equals(node.at("path").text()) ? "" : name;
        node.at("contents").members().values().forEach(child -> node(inner, child));
    }

    private void figure(String name, String field, Located value) {
        Statistic time = TIMES.get(field);
        if (time != null) {
            add(name, time, Report.MILLISECONDS, value.at("total"), Better.LOWER);
        } else if (field.equals("numberOfRequests")) {
            add(name, Statistic.COUNT, Report.REQUESTS, value.at("total"), Better.HIGHER);
            add(name + " KO", Statistic.COUNT, Report.ONE, value.at("ko"), Better.LOWER);
        } else if (field.equals("meanNumberOfRequestsPerSecond")) {
            add(name, Statistic.RATE, Report.REQUESTS_PER_SECOND, value.at("total"), Better.HIGHER);
        } else if (!field.equals("name")) {
            report.warn(value.line(), field + " of " + name + " has no statistic and is skipped");
        }
    }

    private void add(String name, Statistic statistic, String unit, Located value, Better better) {
        BigDecimal number = number(value);
        if (number == null) {
            report.warn(value.line(), statistic + " of " + name + " is no number and is skipped");
        } else {
            report.add(value.line(), name, statistic, unit, number, better);
        }
    }

    /** Gatling writes numbers as strings in some versions, and {@code -} for none. */
    private static @Nullable BigDecimal number(Located value) {
        String text = value.text();
        return text == null ? value.number() : Numbers.read(text.strip().replace(",", ""));
    }
}
