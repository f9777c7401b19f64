package issueledger.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Holds each service at its admission limits for a minute, with the largest requests and answers, and measures its heap. */
final class LimitRows {
    private static final Duration HELD = Duration.ofSeconds(Integer.getInteger("bench.limits.seconds", 60));
    private static final int CLIENTS = 600;
    private static final int LARGE_ISSUES = 20;
    private static final String BODY = "{\"kind\":\"PROGRESS\",\"text\":\"" + "x".repeat(1_000_000) + "\"}";
    private static final List<String> COMMANDS = List.of("POST /issues/large-1/record-note HTTP/1.1\r\n"
            + "Host: localhost\r\n"
            + "Content-Type: application/json\r\n"
            + "Content-Length: "
            + BODY.length() + "\r\n\r\n" + BODY);
    private static final List<String> QUERIES = List.of(
            get("/issues/large-%d"),
            get("/issues/large-%d/timeline?limit=10000"),
            get("/issues?limit=200"),
            get("/events?limit=10000"),
            get("/issues/large-%d?version=300"));

    private LimitRows() {}

    static void limits(Bench bench) throws Exception {
        Path data = bench.fresh("limits");
        Ledgers.write(data.resolve("events.db"), log -> {
            for (int i = 0; i < LARGE_ISSUES; i++) {
                log.large("large-" + i);
            }
            log.listed(1_000);
        });
        try (Service commands = Service.command(data)) {
            hold(bench, commands, "command service, bodies of 1 MB", COMMANDS, 384);
        }
        try (Service queries = Service.query(data, Map.of())) {
            hold(bench, queries, "query service, answers of up to 8 MB", QUERIES, 768);
        }
    }

    private static void hold(Bench bench, Service service, String what, List<String> requests, int heap)
            throws Exception {
        service.awaitReady();
        double before = service.aliveMegabytes();
        double most = 0;
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                var unused = clients.submit(() -> {
                    for (int n = client; !enough.get(); n++) {
                        String request = requests.get(n % requests.size()).replace("%d", "" + n % LARGE_ISSUES);
                        (send(service.port(), request, enough) == 503 ? refused : answered).incrementAndGet();
                    }
                });
            }
            long end = System.nanoTime() + HELD.toNanos();
            while (System.nanoTime() < end) {
                Thread.sleep(3_000);
                most = Math.max(most, service.aliveMegabytes());
            }
            enough.set(true);
        }
        Thread.sleep(5_000);
        double after = service.aliveMegabytes();
        bench.report()
                .line(
                        "heap after a collection, held at its limits for " + HELD.toSeconds() + " s: " + what,
                        String.format(
                                Locale.ROOT,
                                "at most %.0f of %d MiB, then %.0f; %d answered or cut, %d refused",
                                most,
                                heap,
                                after,
                                answered.get(),
                                refused.get()),
                        String.format(Locale.ROOT, "%.0f MiB before", before),
                        Report.ratio(most / heap),
                        "< 0.85",
                        most / heap < 0.85 && service.isRunning());
    }

    /** Sends a request and takes its answer slowly: 64 KiB each 20 ms. Returns the status, 0 if the connection was cut. */
    private static int send(int port, String request, AtomicBoolean enough) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setReceiveBufferSize(64 * 1024);
            socket.setSoTimeout(20_000);
            int half = request.length() / 2;
            socket.getOutputStream().write(request.substring(0, half).getBytes(ISO_8859_1));
            Thread.sleep(20);
            socket.getOutputStream().write(request.substring(half).getBytes(ISO_8859_1));
            InputStream in = socket.getInputStream();
            byte[] some = in.readNBytes(12);
            socket.shutdownOutput();
            int status = some.length < 12 ? 0 : Integer.parseInt(new String(some, 9, 3, ISO_8859_1));
            for (int left = 200; left > 0 && !enough.get() && in.read(new byte[64 * 1024]) > 0; left--) {
                Thread.sleep(20);
            }
            return status;
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }
}
