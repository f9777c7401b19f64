package issueledger.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Analytics: their answers, memory and cost. */
final class AnalyticsRows {
    private static final int ISSUES = 100_000;
    private static final int EVENTS = 10 * ISSUES;
    private static final int ROUNDS = 10;

    private static final List<String> QUESTIONS = List.of(
            "summary",
            "flow",
            "throughput",
            "cycle-times",
            "time-in-status",
            "aging",
            "phases",
            "quality",
            "improvements",
            "forecast",
            "files",
            "endpoints",
            "report");

    private AnalyticsRows() {}

    static void analytics(Bench bench) throws Exception {
        Path data = bench.ledger("million", file -> Ledgers.write(file, log -> log.lives(0, ISSUES)));
        double empty;
        try (Service none = Service.query(bench.fresh("empty"), Map.of())) {
            none.awaitReady();
            none.get("/analytics/summary");
            empty = none.aliveMegabytes();
        }
        try (Service first = Service.query(data, Map.of())) {
            first.awaitReady();
        }
        try (Service service = Service.query(data, Map.of())) {
            service.awaitReady();
            line(bench, "the first answer after a start, /analytics/summary", millis(service, "summary"), 1_000);
            double perIssue = (service.aliveMegabytes() - empty) * 1024 * 1024 / ISSUES;
            bench.report()
                    .line(
                            "heap of an issue of 10 events, beside the service with none",
                            Report.count(perIssue) + " bytes",
                            Report.count(empty) + " MiB (no issue)",
                            "",
                            "500 bytes",
                            perIssue <= 500);
            for (String question : QUESTIONS) {
                String plain = question;
                String filtered = question + "?severity=HIGH&bucket=day";
                median(service, plain); // Warms it up.
                line(bench, "/analytics/" + plain + ", " + issues(), median(service, plain), 100);
                if (!question.equals("forecast")) { // No issue of that severity is closed.
                    line(bench, "/analytics/" + filtered + ", " + issues(), median(service, filtered), 100);
                }
            }
            double before = service.processorSeconds();
            rebuild(service);
            double each = (service.processorSeconds() - before) * 1_000 / EVENTS;
            bench.report()
                    .line(
                            "processor time of an event, analytics folded alone (a rebuild)",
                            String.format(Locale.ROOT, "%.4f ms", each),
                            "",
                            "",
                            "0.01 ms",
                            each <= 0.01);
        }
    }

    private static String issues() {
        return Report.count(ISSUES) + " issues";
    }

    private static void line(Bench bench, String work, double millis, double goal) {
        bench.report().line(work, Report.millis(millis), "", "", Report.millis(goal), millis <= goal);
    }

    private static double median(Service service, String question) throws Exception {
        List<Double> all = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            all.add(millis(service, question));
        }
        return Wrk.median(all);
    }

    private static double millis(Service service, String question) throws Exception {
        long began = System.nanoTime();
        String answer = service.get("/analytics/" + question);
        if (answer.startsWith("{\"type\":")) {
            throw new IllegalStateException(question + ": " + answer);
        }
        return (System.nanoTime() - began) / 1e6;
    }

    private static void rebuild(Service service) throws Exception {
        try (Connection orders = new Connection(service.port())) {
            orders.send("POST", "/projections/analytics/rebuild", "");
        }
        while (service.get("/projections/analytics/rebuild").contains("RUNNING")) {
            Thread.sleep(100);
        }
    }
}
