package issueledger.bench;

import issueledger.bench.Wrk.Load;
import issueledger.bench.Wrk.Requests;
import issueledger.bench.Wrk.Work;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How fast issues are read, one and as a list, in a small and in a large ledger. */
final class QueryRows {
    private static final int FEW = 1_000;
    private static final int MANY = 100_000;
    private static final int MOST = 1_000_000;
    private static final int VIEWS = 10_000;
    private static final Map<String, String> LISTS = lists();

    private QueryRows() {}

    private static Map<String, String> lists() {
        Map<String, String> lists = new LinkedHashMap<>();
        lists.put("status and severity", "/issues?status=IN_PROGRESS&severity=HIGH");
        lists.put("label", "/issues?label=database");
        lists.put("assignee of 20 issues", "/issues?assignee=ada");
        lists.put("text search", "/issues?q=reconciliation");
        return lists;
    }

    static void queries(Bench bench) throws Exception {
        Map<String, Load> few = measure(bench, FEW);
        Map<String, Load> many = measure(bench, MANY);
        Map<String, Load> most = measure(bench, MOST);
        Load one = many.get("one issue");
        Load constant = many.get("constant");
        double ratio = one.perSecond() / constant.perSecond();
        bench.report()
                .line(
                        "GET /issues/{id} of " + Report.count(MANY) + " issues at random, 64 connections",
                        Report.count(one.perSecond()) + "/s, p99 " + Report.millis(one.p99()),
                        Report.count(constant.perSecond()) + "/s (constant answer)",
                        Report.ratio(ratio),
                        "0.7",
                        ratio >= 0.7);
        for (Map.Entry<String, String> list : LISTS.entrySet()) {
            Load small = few.get(list.getKey());
            Load large = most.get(list.getKey());
            double growth = large.p99() / small.p99();
            bench.report()
                    .line(
                            "GET " + list.getValue() + ", " + Report.count(MOST) + " issues against "
                                    + Report.count(FEW) + ", 64 connections",
                            figure(large),
                            figure(small),
                            Report.ratio(growth) + " (p99)",
                            "< 2",
                            growth < 2);
        }
    }

    /** By one client on two warm services, the first commands not counted, so that what it costs to fold into a large store is seen. */
    static void views(Bench bench) throws Exception {
        Percentiles few = viewsOf(bench, FEW);
        Percentiles many = viewsOf(bench, MANY);
        bench.report()
                .line(
                        "from a command's answer to the view that has it, one client, " + Report.count(MANY)
                                + " issues against " + Report.count(FEW),
                        many.toString(),
                        few.toString(),
                        Report.ratio(many.p50() / few.p50()) + " (p50)",
                        "",
                        null);
    }

    private static Percentiles viewsOf(Bench bench, int issues) throws Exception {
        Path data = listed(bench, issues);
        List<Double> waits = new ArrayList<>();
        try (Service queries = Service.query(data, Map.of());
                Service commands = Service.command(data);
                Connection command = new Connection(commands.port());
                Connection query = new Connection(queries.port())) {
            commands.awaitReady();
            queries.awaitReady();
            for (int i = 0; i < VIEWS; i++) {
                String issue = "/issues/issue-" + i % FEW;
                long position = command.post(issue + "/record-note", CommandRows.NOTE);
                long then = System.nanoTime();
                query.getAt(issue, position);
                if (i >= VIEWS / 2) {
                    waits.add((System.nanoTime() - then) / 1e6);
                }
            }
        }
        return Percentiles.of(waits);
    }

    private static Path listed(Bench bench, int issues) {
        return bench.ledger("listed-" + issues, file -> Ledgers.write(file, log -> log.listed(issues)));
    }

    private static String figure(Load load) {
        return "p99 " + Report.millis(load.p99()) + ", " + Report.count(load.perSecond()) + "/s";
    }

    private static Map<String, Load> measure(Bench bench, int issues) throws Exception {
        try (Service service = Service.query(listed(bench, issues), Map.of())) {
            service.awaitReady();
            Map<String, Work> works = new LinkedHashMap<>();
            if (issues == MANY) {
                works.put("constant", round -> new Requests("GET", service.port(), "/bench/constant", 1, ""));
                works.put("one issue", round -> new Requests("GET", service.port(), "/issues/issue-%d", issues, ""));
            }
            LISTS.forEach((name, path) -> works.put(name, round -> new Requests("GET", service.port(), path, 1, "")));
            return Wrk.alternate(works);
        }
    }
}
