package issueledger.bench;

import issueledger.load.Generator;
import issueledger.load.Generator.Figures;
import issueledger.mongo.SecantusServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Offered against answered load, in an open loop: the services on one processor, the generator on the other. Cold is a service that has
 * just become ready; warm is the same after a closed loop of 64 clients, whose figure is the baseline.
 */
final class OverloadRows {
    private static final double[] MULTIPLES = {0.5, 1, 2, 5};
    private static final int SECONDS = Integer.getInteger("bench.overload.seconds", 10);
    private static final int WARM_UP_SECONDS = Integer.getInteger("bench.overload.warm-up", 40);
    private static final int ISSUES = 200;

    /** More than this and the figures are of the generator. */
    private static final int MAX_LAG_MILLIS = 50;

    private OverloadRows() {}

    static void overload(Bench bench) throws Exception {
        header();
        for (String work : List.of("commands", "reads", "both")) {
            new Run(bench, work, bench.fresh("overload"), Map.of()).measure();
        }
    }

    /** The same with the log and the views on SecantusDB, which shares the generator's processor. */
    static void onMongo(Bench bench) throws Exception {
        if (!SecantusServer.isPossible()) {
            System.out.println("     SecantusDB is left out: there is no python3 with venv and pip");
            return;
        }
        header();
        for (String work : List.of("commands", "reads")) {
            Path data = bench.fresh("overload");
            try (SecantusServer server = SecantusServer.start(data.resolveSibling("secantus"))) {
                String uri =
                        "mongodb://127.0.0.1:" + server.port() + "/overload?directConnection=true&retryWrites=false";
                new Run(bench, work, data, Map.of("ISSUE_LEDGER_MONGODB_URI", uri)).measure();
            }
        }
    }

    private static void header() {
        System.out.println(
                "| work | service | offered/s | times the closed loop | accepted/s | accepted p50, p99 | 503/s | 503"
                        + " p99 | connections refused | unanswered | generator's lag p99 |");
    }

    /** One kind of work. */
    private static final class Run {
        private final Bench bench;
        private final String work;
        private final Path data;
        private final Map<String, String> variables;
        private final int commandPort = Service.freePort();
        private final int queryPort = Service.freePort();

        Run(Bench bench, String work, Path data, Map<String, String> variables) throws Exception {
            this.bench = bench;
            this.work = work;
            this.data = data;
            this.variables = variables;
            try (Service commands = Service.onCore(0, false, data, commandPort, queryPort, variables)) {
                commands.awaitReady();
                CommandRows.open(commands, "load-", ISSUES);
            }
        }

        void measure() throws Exception {
            try (Generator generator = new Generator(data.getParent(), 1)) {
                double closed;
                List<Figures> warm = new ArrayList<>();
                double before;
                double after;
                List<Service> services = start();
                try {
                    offer(generator, 0, WARM_UP_SECONDS);
                    closed = offer(generator, 0, SECONDS).acceptedPerSecond();
                    before = services.get(0).aliveMegabytes();
                    for (double multiple : MULTIPLES) {
                        warm.add(offer(generator, multiple * closed, SECONDS));
                        line("warm", closed, warm.get(warm.size() - 1));
                    }
                    after = services.get(0).aliveMegabytes();
                } finally {
                    services.forEach(Service::close);
                }
                List<Figures> cold = new ArrayList<>();
                for (double multiple : MULTIPLES) {
                    List<Service> fresh = start();
                    try {
                        cold.add(offer(generator, multiple * closed, SECONDS));
                        line("cold", closed, cold.get(cold.size() - 1));
                    } finally {
                        fresh.forEach(Service::close);
                    }
                }
                report("warm", closed, warm);
                report("cold", closed, cold);
                bench.report()
                        .line(
                                "alive on the heap after the warm loads, " + work,
                                String.format(Locale.ROOT, "%.0f MiB", after),
                                String.format(Locale.ROOT, "%.0f MiB before", before),
                                Report.ratio(after / before),
                                "",
                                null);
            }
        }

        private List<Service> start() throws InterruptedException {
            List<Service> services = new ArrayList<>();
            if (!work.equals("reads")) {
                services.add(Service.onCore(0, false, data, commandPort, queryPort, variables));
            }
            if (!work.equals("commands")) {
                services.add(Service.onCore(0, true, data, commandPort, queryPort, variables));
            }
            for (Service service : services) {
                service.awaitReady();
            }
            return services;
        }

        private Figures offer(Generator generator, double perSecond, int seconds) throws IOException {
            return generator.offer(work, commandPort, queryPort, perSecond, seconds);
        }

        private void line(String service, double closed, Figures f) {
            System.out.println(String.format(
                    Locale.ROOT,
                    "| %s | %s | %,.0f | %.1f | %,.0f | %.0f, %,.0f ms | %,.0f | %.0f ms | %.0f | %.0f | %.0f ms |",
                    work,
                    service,
                    f.offeredPerSecond(),
                    f.offeredPerSecond() / closed,
                    f.acceptedPerSecond(),
                    f.acceptedP50(),
                    f.acceptedP99(),
                    f.shed() / SECONDS,
                    f.shedP99(),
                    f.refused(),
                    f.late() + f.wrong(),
                    f.lagP99()));
        }

        /** Loads that the generator could not offer in time are left out. */
        private void report(String service, double closed, List<Figures> all) {
            List<Figures> sound =
                    all.stream().filter(f -> f.lagP99() <= MAX_LAG_MILLIS).toList();
            double best =
                    sound.stream().mapToDouble(Figures::acceptedPerSecond).max().orElse(0);
            Map<Double, Figures> overloads = new TreeMap<>();
            sound.stream()
                    .filter(f -> f.offeredPerSecond() > 1.5 * closed)
                    .forEach(f -> overloads.put(f.offeredPerSecond() / closed, f));
            overloads.forEach((multiple, f) -> {
                double ratio = f.acceptedPerSecond() / best;
                bench.report()
                        .line(
                                String.format(
                                        Locale.ROOT, "%s, %s, at %.1f times the closed loop", work, service, multiple),
                                Report.count(f.acceptedPerSecond()) + "/s, p99 " + Report.millis(f.acceptedP99()),
                                Report.count(best) + "/s (best of the open loop), closed loop " + Report.count(closed)
                                        + "/s",
                                Report.ratio(ratio),
                                "0.8, p99 < 1 s",
                                ratio >= 0.8 && f.acceptedP99() < 1_000);
            });
        }
    }
}
