package issueledger.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists and issues of the past. */
final class PastRows {
    private static final int ISSUES = 100_000;
    private static final int LONG = 5_000;
    private static final Pattern RECORDED = Pattern.compile("\"recordedAt\":\"([^\"]+)\"");
    private static final Pattern CURSOR = Pattern.compile("\"nextCursor\":\"([^\"]+)\"");

    private PastRows() {}

    /** The list at moments near and far, on 1,000,000 events, and versions of an issue of 5,000 events. */
    static void asOf(Bench bench) throws Exception {
        Path data = bench.fresh("past");
        Ledgers.write(data.resolve("events.db"), log -> {
            log.toggled("long", LONG);
            log.lives(0, ISSUES);
        });
        try (Service service = Service.query(data, Map.of())) {
            double fill = service.awaitReady();
            bench.report().line("first fill of the views, to ready", Report.seconds(fill), "", "", "", null);
            ViewRows.reads(service, 15, () -> true);
            Percentiles alone = ViewRows.reads(service, 15, () -> true);

            String middle = moment(service, 10 * ISSUES / 2);
            CompletableFuture<Double> first =
                    CompletableFuture.supplyAsync(() -> millis(service, "/issues?status=OPEN&limit=50&asOf=" + middle));
            Percentiles beside = ViewRows.reads(service, 120, () -> !first.isDone());
            line(bench, "the list as of event 500,000, the first call", first.join(), fill * 1_000, "first fill");
            bench.report()
                    .line(
                            "GET /issues/{id} at 500/s while it is folded",
                            beside.toString(),
                            alone + " (without)",
                            Report.ratio(beside.p99() / alone.p99()) + " (p99)",
                            "< 2",
                            beside.p99() / alone.p99() < 2);

            Matcher cursor = CURSOR.matcher(service.get("/issues?status=OPEN&limit=50&asOf=" + middle));
            if (cursor.find()) {
                String next = "/issues?status=OPEN&limit=50&asOf=" + middle + "&cursor=" + cursor.group(1);
                line(bench, "its next page", median(service, List.of(next, next, next, next, next)), 100, "");
            }
            line(
                    bench,
                    "moments 1,000 to 9,000 events away, the first call of each",
                    near(service, 10 * ISSUES / 2),
                    100,
                    "");
            line(
                    bench,
                    "moments 1,000 to 9,000 events ago, the first call of each",
                    near(service, LONG + 10 * ISSUES - 9_500),
                    100,
                    "");
            List<String> versions = new ArrayList<>();
            for (int version = LONG - 40; version < LONG; version++) {
                versions.add("/issues/long?version=" + version);
            }
            median(service, versions);
            line(bench, "versions 4,960 to 4,999 of an issue of 5,000 events", median(service, versions), 50, "");
        }
    }

    private static void line(Bench bench, String work, double millis, double goal, String baseline) {
        bench.report()
                .line(
                        work,
                        Report.millis(millis),
                        baseline.isEmpty() ? "" : Report.millis(goal) + " (" + baseline + ")",
                        baseline.isEmpty() ? "" : Report.ratio(millis / goal),
                        Report.millis(goal),
                        millis <= goal);
    }

    private static double near(Service service, int position) throws Exception {
        List<String> lists = new ArrayList<>();
        for (int away = 1_000; away < 9_000; away += 1_000) {
            lists.add("/issues?status=OPEN&limit=50&asOf=" + moment(service, position + away));
        }
        return median(service, lists);
    }

    private static double median(Service service, List<String> paths) {
        return Wrk.median(paths.stream().map(path -> millis(service, path)).toList());
    }

    /** When an event was recorded. */
    private static String moment(Service service, int position) throws Exception {
        Matcher recorded = RECORDED.matcher(service.get("/events?limit=1&after=" + (position - 1)));
        if (!recorded.find()) {
            throw new IllegalStateException("there is no event " + position);
        }
        return recorded.group(1);
    }

    private static double millis(Service service, String path) {
        try {
            long began = System.nanoTime();
            String answer = service.get(path);
            if (!answer.startsWith("{\"items\":[{") && !answer.startsWith("{\"id\":")) {
                throw new IllegalStateException(path + ": " + answer.substring(0, Math.min(300, answer.length())));
            }
            return (System.nanoTime() - began) / 1e6;
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
