package issueledger.bench;

import issueledger.bench.Wrk.Load;
import issueledger.bench.Wrk.Requests;
import issueledger.bench.Wrk.Work;
import java.util.LinkedHashMap;
import java.util.Map;

/** How fast issues are read, one and as a list, in a small and in a large ledger. */
final class QueryRows {
    private static final int FEW = 1_000;
    private static final int MANY = 100_000;
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
        Load one = many.get("one issue");
        Load constant = many.get("constant");
        double ratio = one.perSecond() / constant.perSecond();
        bench.report()
                .line(
                        "GET /issues/{id} of " + Report.count(MANY) + " issues, 64 connections",
                        Report.count(one.perSecond()) + "/s, p99 " + Report.millis(one.p99()),
                        Report.count(constant.perSecond()) + "/s (constant answer)",
                        Report.ratio(ratio),
                        "0.5",
                        ratio >= 0.5);
        for (Map.Entry<String, String> list : LISTS.entrySet()) {
            Load small = few.get(list.getKey());
            Load large = many.get(list.getKey());
            double growth = large.p99() / small.p99();
            boolean hasGoal = !list.getKey().equals("text search");
            bench.report()
                    .line(
                            "GET " + list.getValue() + ", " + Report.count(MANY) + " issues against "
                                    + Report.count(FEW) + ", 64 connections",
                            figure(large),
                            figure(small),
                            Report.ratio(growth) + " (p99)",
                            hasGoal ? "< 2" : "",
                            hasGoal ? growth < 2 : null);
        }
    }

    private static String figure(Load load) {
        return "p99 " + Report.millis(load.p99()) + ", " + Report.count(load.perSecond()) + "/s";
    }

    private static Map<String, Load> measure(Bench bench, int issues) throws Exception {
        var data = bench.ledger("listed-" + issues, file -> Ledgers.write(file, log -> log.listed(issues)));
        try (Service service = Service.query(data, Map.of())) {
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
