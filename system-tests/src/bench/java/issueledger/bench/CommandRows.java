package issueledger.bench;

import issueledger.bench.Wrk.Load;
import issueledger.bench.Wrk.Requests;
import issueledger.bench.Wrk.Work;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How fast commands are answered. */
final class CommandRows {
    static final int NOTED_ISSUES = 200;
    static final String NOTE =
            "{\"kind\":\"PROGRESS\",\"text\":\"The time is spent in one query on `records`, not in the"
                    + " application: 4.9 of 5.2 seconds in the traces.\"}";
    static final String ISSUE = """
        "title":"GET /api/orders slows down with the length of the list","description":{"text":"A page of 100 orders takes 2.8 s, \
        one of 10 takes 0.3 s: the time grows with the number of orders.","symptoms":["301 queries for a page of 100 orders"],\
        "affectedFeatures":["Order overview","Invoice export"],"userImpact":"Support staff wait on every page.",\
        "endpoints":["GET /api/orders"]},"labels":["latency","database","orders"]}\
        """;

    private CommandRows() {}

    static void commands(Bench bench) throws Exception {
        try (Service service = Service.command(bench.fresh("commands"))) {
            service.awaitReady();
            Map<String, Work> works = new LinkedHashMap<>();
            works.put("constant", round -> new Requests("POST", service.port(), "/bench/constant", 1, NOTE));
            works.put("open-issue", round -> opening(service));
            works.put("record-note", round -> noting(service, round));
            Map<String, Load> loads = Wrk.alternate(works);
            Load constant = loads.get("constant");
            for (String name : List.of("open-issue", "record-note")) {
                Load load = loads.get(name);
                double ratio = load.perSecond() / constant.perSecond();
                String work = name.equals("record-note") ? name + " on " + NOTED_ISSUES + " issues" : name;
                bench.report()
                        .line(
                                work + ", 64 connections, the command service alone",
                                Report.count(load.perSecond()) + "/s",
                                Report.count(constant.perSecond()) + "/s (constant answer)",
                                Report.ratio(ratio),
                                "0.35",
                                ratio >= 0.35);
                bench.report()
                        .line(
                                work + ", p99",
                                Report.millis(load.p99()),
                                Report.millis(constant.p99()),
                                "",
                                "50 ms",
                                load.p99() < 50);
            }
        }
    }

    /** Both write notes on 200 issues; the lines of a bulk request are sent before any of its results is read. */
    static void bulk(Bench bench) throws Exception {
        int notes = 20_000;
        List<Double> single = new ArrayList<>();
        List<Double> bulk = new ArrayList<>();
        try (Service service = Service.command(bench.fresh("commands"))) {
            service.awaitReady();
            for (int round = 0; round <= Wrk.ROUNDS; round++) {
                double one =
                        Wrk.load("record-note", noting(service, round), 16, 8).perSecond();
                String prefix = "bulk-" + round + "-";
                open(service, prefix, NOTED_ISSUES);
                double many = notes / seconds(service, prefix, notes);
                System.out.println("     in bulk: " + Report.count(many) + "/s");
                if (round > 0) { // The first one warms up.
                    single.add(one);
                    bulk.add(many);
                }
            }
        }
        double ratio = Wrk.median(bulk) / Wrk.median(single);
        bench.report()
                .line(
                        "record-note in bulk, one request of " + Report.count(notes) + " lines",
                        Report.count(Wrk.median(bulk)) + "/s",
                        Report.count(Wrk.median(single)) + "/s (single requests, 16 connections)",
                        Report.ratio(ratio),
                        "5",
                        ratio >= 5);
    }

    private static double seconds(Service service, String prefix, int notes) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < notes; i++) {
            lines.append("{\"command\":\"record-note\",\"issueId\":\"" + prefix + i % NOTED_ISSUES + "\",\"body\":"
                    + NOTE + "}\n");
        }
        byte[] body = lines.toString().getBytes(StandardCharsets.UTF_8);
        long began = System.nanoTime();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            // The answer of HTTP/1.0 has no chunks, whose borders do not keep to lines.
            String head = "POST /commands HTTP/1.0\r\n"
                    + "Host: localhost\r\n"
                    + "Content-Type: application/x-ndjson\r\n"
                    + "Content-Length: ";
            socket.getOutputStream().write((head + body.length + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(body);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            double seconds = (System.nanoTime() - began) / 1e9;
            long accepted = answer.lines()
                    .filter(line -> line.contains("\"status\":200,"))
                    .count();
            if (accepted != notes) {
                throw new IllegalStateException("of " + notes + " lines " + accepted + " were accepted");
            }
            return seconds;
        }
    }

    static void stock(Bench bench) throws Exception {
        try (Service service = Service.command(bench.fresh("commands"));
                Service stock = Service.stock(bench.fresh("stock"))) {
            service.awaitReady();
            stock.awaitReady();
            Map<String, Work> works = new LinkedHashMap<>();
            works.put("stock open-issue", round -> opening(stock).ofABaseline());
            works.put("open-issue", round -> opening(service));
            works.put("stock record-note", round -> noting(stock, round).ofABaseline());
            works.put("record-note", round -> noting(service, round));
            Map<String, Load> loads = Wrk.alternate(works);
            compare(bench, loads, "open-issue", 3);
            compare(bench, loads, "record-note", 10);
        }
    }

    private static void compare(Bench bench, Map<String, Load> loads, String name, int goal) {
        Load load = loads.get(name);
        Load stock = loads.get("stock " + name);
        double ratio = load.perSecond() / stock.perSecond();
        bench.report()
                .line(
                        name + " against a stock Axon application",
                        Report.count(load.perSecond()) + "/s, p99 " + Report.millis(load.p99()),
                        Report.count(stock.perSecond()) + "/s, p99 " + Report.millis(stock.p99()),
                        Report.ratio(ratio),
                        goal + " ×",
                        ratio >= goal);
    }

    private static Requests opening(Service service) {
        return new Requests("POST", service.port(), "/issues", 1, "{" + ISSUE);
    }

    /** Notes on fresh issues, in turn, so that none comes to the most that it may have. */
    private static Requests noting(Service service, int round) throws Exception {
        String prefix = "noted-" + round + "-";
        open(service, prefix, NOTED_ISSUES);
        return new Requests("POST", service.port(), "/issues/" + prefix + "%d/record-note", NOTED_ISSUES, NOTE);
    }

    static void open(Service service, String prefix, int issues) throws Exception {
        try (Connection connection = new Connection(service.port())) {
            for (int i = 0; i < issues; i++) {
                connection.post("/issues", "{\"id\":\"" + prefix + i + "\"," + ISSUE);
            }
        }
    }

    /** Issues are touched once before they are timed; the first touch has a row of its own. */
    static void longIssues(Bench bench) throws Exception {
        int groups = 200;
        int timed = 5;
        Path data = bench.ledger(
                "long-issues",
                file -> Ledgers.write(file, log -> {
                    for (int i = 0; i < groups; i++) {
                        log.noted("short-" + i, 4);
                        log.noted("long-" + i, 494);
                    }
                    for (int i = 0; i < groups; i += 20) {
                        log.toggled("old-" + i / 20, 5_000);
                    }
                }));
        Map<String, List<Double>> first = new LinkedHashMap<>();
        Map<String, List<Double>> again = new LinkedHashMap<>();
        try (Service service = Service.command(data);
                Connection connection = new Connection(service.port())) {
            service.awaitReady();
            for (int group = 0; group < groups; group++) {
                List<String> issues = List.of("short-" + group, "long-" + group, "old-" + group / 20);
                for (int i = 0; i <= timed; i++) {
                    for (String issue : issues) {
                        long began = System.nanoTime();
                        connection.post("/issues/" + issue + "/record-note", NOTE);
                        double millis = (System.nanoTime() - began) / 1e6;
                        boolean warmingUp = group < groups / 4;
                        boolean known = i > 0 || issue.startsWith("old-") && group % 20 > 0;
                        if (!warmingUp) {
                            (known ? again : first)
                                    .computeIfAbsent(issue.replaceAll("-.*", ""), n -> new ArrayList<>())
                                    .add(millis);
                        }
                    }
                }
            }
        }
        Map<String, String> names = Map.of("long", "495 to 500 notes", "old", "5,000 events");
        for (String name : List.of("long", "old")) {
            compare(bench, "record-note on an issue of " + names.get(name) + ", one after the other", again, name, 1.3);
            compare(bench, "the first on an issue of " + names.get(name) + " after a start", first, name, 0);
        }
    }

    private static void compare(Bench bench, String work, Map<String, List<Double>> times, String name, double goal) {
        Percentiles subject = Percentiles.of(times.get(name));
        Percentiles baseline = Percentiles.of(times.get("short"));
        double ratio = subject.p50() / baseline.p50();
        bench.report()
                .line(
                        work,
                        subject.toString(),
                        baseline + " (5 notes)",
                        Report.ratio(ratio) + " (p99 " + Report.ratio(subject.p99() / baseline.p99()) + ")",
                        goal == 0 ? "" : "< " + goal,
                        goal == 0 ? null : ratio < goal);
    }
}
