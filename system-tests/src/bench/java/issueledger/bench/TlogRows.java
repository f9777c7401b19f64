package issueledger.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Speed of the transparency log. */
final class TlogRows {
    private static final int ISSUES = 100_000;
    private static final int PROOFS = 2_000;

    private TlogRows() {}

    /** The rebuild of the tree of 1,000,000 events, and proofs one after the other on one connection. */
    static void tlog(Bench bench) throws Exception {
        Path data = bench.ledger("acted", file -> Ledgers.write(file, log -> log.acted(0, ISSUES)));
        try (Service service = Service.query(data, Map.of());
                Connection client = new Connection(service.port())) {
            service.awaitReady();
            client.send("POST", "/projections/tlog/rebuild", "");
            String rebuild = service.get("/projections/tlog/rebuild");
            while (rebuild.contains("RUNNING")) {
                Thread.sleep(20);
                rebuild = service.get("/projections/tlog/rebuild");
            }
            double rate = 10.0
                    * ISSUES
                    / (Duration.between(time(rebuild, "startedAt"), time(rebuild, "finishedAt"))
                                    .toMillis()
                            / 1e3);
            bench.report()
                    .line(
                            "rebuild of the tree of " + Report.count(10 * ISSUES) + " events",
                            Report.count(rate) + " leaves/s",
                            "",
                            "",
                            "200,000 leaves/s",
                            rate >= 200_000);
            Random random = new Random(6_962);
            proofs(service, random); // Warms up.
            Percentiles taken = proofs(service, random);
            bench.report()
                    .line(
                            "GET /issues/{id}/events/{version}/proof of " + Report.count(10 * ISSUES) + " events",
                            taken.toString(),
                            "",
                            "",
                            "p99 < 5 ms",
                            taken.p99() < 5);
        }
    }

    /** Milliseconds of each. */
    private static Percentiles proofs(Service service, Random random) throws Exception {
        List<Double> millis = new ArrayList<>();
        try (Connection client = new Connection(service.port())) {
            for (int i = 0; i < PROOFS; i++) {
                String path =
                        "/issues/issue-" + random.nextInt(ISSUES) + "/events/" + (1 + random.nextInt(10)) + "/proof";
                long began = System.nanoTime();
                client.send("GET", path, "");
                millis.add((System.nanoTime() - began) / 1e6);
            }
        }
        return Percentiles.of(millis);
    }

    private static OffsetDateTime time(String rebuild, String member) {
        return OffsetDateTime.parse(rebuild.replaceAll(".*\"" + member + "\":\"([^\"]+)\".*", "$1"));
    }
}
