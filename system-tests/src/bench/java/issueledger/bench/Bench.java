package issueledger.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs all rows, or those named, and writes their table to the standard output and to system-tests/target/bench.md. */
public final class Bench {

    /** One benchmark: measures, and adds its lines to the report. */
    interface Row {
        void measure(Bench bench) throws Exception;
    }

    private static final Map<String, Row> ROWS = rows();

    private final Path folder;
    private final Report report;
    private final Map<String, Path> ledgers = new LinkedHashMap<>();

    private Bench(Path folder, Report report) {
        this.folder = folder;
        this.report = report;
    }

    private static Map<String, Row> rows() {
        Map<String, Row> rows = new LinkedHashMap<>();
        rows.put("append", StartRows::append);
        rows.put("mongo-append", MongoRows::append);
        rows.put("fill", ViewRows::fill);
        rows.put("view-cost", ViewRows::cost);
        rows.put("rebuild", ViewRows::rebuild);
        rows.put("verify", ViewRows::verify);
        rows.put("commands", CommandRows::commands);
        rows.put("bulk", CommandRows::bulk);
        rows.put("stock", CommandRows::stock);
        rows.put("queries", QueryRows::queries);
        rows.put("own-write", ViewRows::ownWrite);
        rows.put("views", QueryRows::views);
        rows.put("filters", EventRows::filters);
        rows.put("stream", EventRows::stream);
        rows.put("long-issues", CommandRows::longIssues);
        rows.put("start", StartRows::start);
        rows.put("memory", StartRows::memory);
        rows.put("as-of", PastRows::asOf);
        rows.put("tlog", TlogRows::tlog);
        rows.put("analytics", AnalyticsRows::analytics);
        rows.put("limits", LimitRows::limits);
        rows.put("overload", OverloadRows::overload);
        rows.put("mongo-overload", OverloadRows::onMongo);
        return rows;
    }

    public static void main(String[] names) throws Exception {
        List<String> wanted = names.length == 0 ? List.copyOf(ROWS.keySet()) : List.of(names);
        if (!ROWS.keySet().containsAll(wanted)) {
            System.err.println("The rows are " + String.join(", ", ROWS.keySet()) + ", not " + Arrays.toString(names));
            System.exit(2);
        }
        Path folder = Files.createTempDirectory("issue-ledger-bench-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            Service.endAll();
            delete(folder);
        }));
        Report report = new Report();
        Bench bench = new Bench(folder, report);
        // ./run builds the class caches that a start of the product has from its second time on.
        try (Service once = Service.ledger(bench.fresh("once"), Map.of())) {
            once.awaitReady();
        }
        boolean failed = false;
        for (String name : wanted) {
            report.row(name);
            try {
                ROWS.get(name).measure(bench);
            } catch (Exception e) {
                failed = true;
                e.printStackTrace();
                report.failed(name, e);
            } finally {
                Service.endAll();
            }
        }
        report.write(Service.home().resolve("system-tests/target/bench.md"));
        System.exit(failed ? 1 : 0);
    }

    Report report() {
        return report;
    }

    /** An empty data directory. */
    Path fresh(String name) {
        try {
            return Files.createDirectories(
                    Files.createTempDirectory(folder, name + "-").resolve("data"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A data directory whose log was written once in this run. */
    Path ledger(String name, java.util.function.Consumer<Path> writer) {
        return ledgers.computeIfAbsent(name, n -> {
            Path data = fresh(n);
            writer.accept(data.resolve("events.db"));
            return data;
        });
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println(folder + " is left: " + e.getMessage());
        }
    }
}
