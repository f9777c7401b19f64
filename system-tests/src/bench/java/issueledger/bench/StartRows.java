package issueledger.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Duration of a start, capacity of the heap, and the log alone. */
final class StartRows {
    private static final int MILLION = 100_000;
    private static final int SMALL_ISSUES = Integer.getInteger("bench.memory.issues", 2_000_000);
    private static final Pattern RATE = Pattern.compile("^(.+?)\\s{2,}([\\d,]+)\\s");
    private static final Pattern POSITION = Pattern.compile("\"position\":(\\d+)");

    private StartRows() {}

    /** Reads the table that AppendBenchmark prints. */
    static void append(Bench bench) throws Exception {
        Map<String, Double> rates = new LinkedHashMap<>();
        for (String line : Service.run("issueledger.bench.AppendBenchmark", bench.fresh("append"))) {
            System.out.println("     " + line);
            Matcher rate = RATE.matcher(line);
            if (rate.find()) {
                rates.put(rate.group(1), Double.valueOf(rate.group(2).replace(",", "")));
            }
        }
        double raw = rates.entrySet().iterator().next().getValue();
        for (String writers : List.of("1 writer", "8 writers", "128 writers")) {
            double rate = rates.get(writers);
            boolean hasGoal = writers.equals("128 writers");
            bench.report()
                    .line(
                            "append, " + writers,
                            Report.count(rate) + " events/s",
                            Report.count(raw) + " events/s (raw SQLite)",
                            Report.ratio(rate / raw),
                            hasGoal ? "0.75 and 30,000 events/s" : "",
                            hasGoal ? rate / raw >= 0.75 && rate >= 30_000 : null);
        }
    }

    static void start(Bench bench) throws Exception {
        List<Double> empty = new ArrayList<>();
        for (int round = 0; round < Wrk.ROUNDS; round++) {
            try (Service ledger = Service.ledger(bench.fresh("empty"), Map.of())) {
                empty.add(ledger.awaitReady());
            }
        }
        double seconds = Wrk.median(empty);
        bench.report().line("start to ready, empty", Report.seconds(seconds), "", "", "6 s", seconds <= 6);
        Path data = bench.ledger("million", file -> Ledgers.write(file, log -> log.lives(0, MILLION)));
        try (Service first = Service.query(data, Map.of())) {
            first.awaitReady();
        }
        ready(bench, data, "after a clean stop");
        try (Service killed = Service.ledger(data, Map.of())) {
            killed.awaitReady();
            killed.kill();
        }
        ready(bench, data, "after kill -9");
    }

    private static void ready(Bench bench, Path data, String after) throws Exception {
        try (Service ledger = Service.ledger(data, Map.of())) {
            double all = ledger.awaitReady();
            bench.report()
                    .line(
                            "start to ready " + after + ", 1,000,000 events of " + Report.count(MILLION) + " issues",
                            Report.seconds(all),
                            "",
                            "",
                            "6 s",
                            all <= 6);
        }
    }

    /** Small issues, ten times as many; the heap after a collection must not grow with them. */
    static void memory(Bench bench) throws Exception {
        Path data = bench.fresh("memory");
        double few = heap(data, 0, SMALL_ISSUES / 10);
        double many = heap(data, SMALL_ISSUES / 10, SMALL_ISSUES);
        bench.report()
                .line(
                        "heap in use of the query service with " + Report.count(SMALL_ISSUES) + " issues",
                        Report.count(many) + " MiB",
                        Report.count(few) + " MiB (" + Report.count(SMALL_ISSUES / 10) + " issues)",
                        Report.ratio(many / few),
                        "flat: < 1.2",
                        many / few < 1.2);
    }

    private static double heap(Path data, int from, int to) throws Exception {
        Ledgers.write(data.resolve("events.db"), log -> log.small(from, to));
        try (Service service = Service.query(data, Map.of())) {
            long position = lastPosition(service, to);
            if (position < to) {
                throw new IllegalStateException("the views got to event " + position + " of " + to);
            }
            service.awaitReady();
            return service.aliveMegabytes();
        }
    }

    /** The last position seen, when all is folded, when the service ended, or when it has not moved for a while. */
    private static long lastPosition(Service service, long target) throws Exception {
        long last = 0;
        int standing = 0;
        while (last < target && service.isRunning() && standing < 60) {
            Thread.sleep(500);
            long position = position(service);
            standing = position > last || position == 0 ? 0 : standing + 1;
            last = Math.max(last, position);
        }
        return last;
    }

    private static long position(Service service) throws InterruptedException {
        try {
            Matcher position = POSITION.matcher(service.get("/projections"));
            return position.find() ? Long.parseLong(position.group(1)) : 0;
        } catch (java.io.IOException e) {
            return 0; // Not listening yet, or ended.
        }
    }
}
