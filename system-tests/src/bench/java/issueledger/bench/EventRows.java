package issueledger.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.bench.Wrk.Load;
import issueledger.bench.Wrk.Requests;
import issueledger.bench.Wrk.Work;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Speed of the log's pages by filter, and of the stream. */
final class EventRows {
    private static final int ISSUES = 100_000;

    /** Commands a second for each number of subscribers. */
    private static final Map<Integer, Integer> RATES = Map.of(100, 500, 2_000, 20);

    private static final int WARM_UP_SECONDS = 20;
    private static final int SECONDS = 20;
    private static final int STREAM_ISSUES = 200;

    private EventRows() {}

    /** The first page of each filter in a log of 1,000,000 events, with limit 100, against one without a filter. */
    static void filters(Bench bench) throws Exception {
        Path data = bench.ledger("acted", file -> Ledgers.write(file, log -> log.acted(0, ISSUES)));
        Map<String, String> paths = new LinkedHashMap<>();
        paths.put("without a filter", "");
        paths.put("by actor, 1 event in 4", "&actor=actor-1");
        paths.put("by actor, 1 event in 1,000", "&actor=rare-1");
        paths.put("by type", "&type=PhaseCompleted");
        paths.put("by issue", "&issueId=issue-70000");
        try (Service service = Service.query(data, Map.of())) {
            service.awaitReady();
            long filled = Duration.between(
                            ViewRows.timeOf(service.said(), "the log holds "),
                            ViewRows.timeOf(service.said(), "the view events holds " + 10 * ISSUES + " events and"))
                    .toMillis();
            bench.report()
                    .line(
                            "first fill of the view events, " + Report.count(10 * ISSUES)
                                    + " events, beside that of the issues",
                            "%.4f ms an event".formatted((double) filled / (10 * ISSUES)),
                            "",
                            "",
                            "0.01 ms",
                            filled <= 10 * ISSUES / 100);
            String middle = service.get("/events?limit=1&after=" + ISSUES * 5);
            String since = middle.replaceAll(".*\"recordedAt\":\"([^\"]+)\".*", "$1");
            paths.put("by actor, type and since", "&actor=rare-1&type=WorkStarted&since=" + since);
            paths.put("by actor, type and since, none found", "&actor=rare-1&type=IssueReopened&since=" + since);
            Map<String, Work> works = new LinkedHashMap<>();
            paths.forEach((name, filter) ->
                    works.put(name, round -> new Requests("GET", service.port(), "/events?limit=100" + filter, 1, "")));
            Map<String, Load> loads = Wrk.alternate(works);
            Load plain = loads.remove("without a filter");
            loads.forEach((name, load) -> bench.report()
                    .line(
                            "GET /events?limit=100 of " + Report.count(10 * ISSUES) + " events, " + name,
                            "p99 " + Report.millis(load.p99()) + ", " + Report.count(load.perSecond()) + "/s",
                            "p99 " + Report.millis(plain.p99()) + ", " + Report.count(plain.perSecond())
                                    + "/s (without a filter)",
                            Report.ratio(load.p99() / plain.p99()) + " (p99)",
                            "",
                            null));
        }
    }

    /** Events to subscribers while commands come at a fixed rate: how many a second, and how long after the command's answer. */
    static void stream(Bench bench) throws Exception {
        for (int subscribers : List.of(100, 2_000)) {
            Path data = bench.fresh("stream-" + subscribers);
            try (Service commands = Service.command(data);
                    Service queries = Service.query(data, Map.of())) {
                commands.awaitReady();
                queries.awaitReady();
                CommandRows.open(commands, "streamed-", STREAM_ISSUES);
                double idle = queries.aliveMegabytes();
                stream(bench, commands, queries, subscribers, idle);
            }
        }
    }

    private static void stream(Bench bench, Service commands, Service queries, int subscribers, double idle)
            throws Exception {
        Map<Long, Long> answered = new ConcurrentHashMap<>();
        Queue<Double> delays = new ConcurrentLinkedQueue<>();
        AtomicLong received = new AtomicLong();
        List<Follower> followers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                for (int i = 0; i < subscribers; i++) {
                    Follower follower = new Follower(queries.port(), STREAM_ISSUES);
                    followers.add(follower);
                    boolean isSampled = i % (subscribers / 100) == 0;
                    threads.submit(() -> follower.read(received, isSampled ? answered : Map.of(), delays));
                }
                double alive = queries.aliveMegabytes();
                double before = queries.processorSeconds();
                double reached = commands(commands, RATES.get(subscribers), answered, delays, received);
                Percentiles delay = Percentiles.of(delays);
                double processor = (queries.processorSeconds() - before) / (WARM_UP_SECONDS + SECONDS);
                bench.report()
                        .line(
                                "the stream, " + Report.count(subscribers) + " subscribers, " + Report.count(reached)
                                        + " commands/s: from a command's answer to the subscriber",
                                delay + ", " + Report.count((double) received.get() / SECONDS) + " events/s to all",
                                "",
                                "heap of a subscriber "
                                        + Math.round((alive - idle) * 1024 / subscribers) + " KiB, "
                                        + "%.2f".formatted(processor) + " processors",
                                subscribers == 100 ? "p99 100 ms" : "",
                                subscribers == 100 ? delay.p99() <= 100 : null);
            } finally {
                for (Follower follower : followers) {
                    follower.close();
                }
            }
        }
    }

    /** An open loop of commands; returns how many were answered in a second. */
    private static double commands(
            Service commands, int rate, Map<Long, Long> answered, Queue<Double> delays, AtomicLong received)
            throws Exception {
        AtomicLong tickets = new AtomicLong();
        AtomicLong done = new AtomicLong();
        long began = System.nanoTime();
        long measured = began + WARM_UP_SECONDS * 1_000_000_000L;
        long end = measured + SECONDS * 1_000_000_000L;
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            all.add(threads.submit(() -> {
                LockSupport.parkNanos(measured - System.nanoTime());
                delays.clear();
                received.set(0);
            }));
            for (int i = 0; i < 32; i++) {
                all.add(threads.submit(() -> {
                    try (Connection command = new Connection(commands.port())) {
                        while (System.nanoTime() < end) {
                            long ticket = tickets.getAndIncrement();
                            LockSupport.parkNanos(began + ticket * 1_000_000_000L / rate - System.nanoTime());
                            String issue = "/issues/streamed-" + ticket * 7 % STREAM_ISSUES;
                            long position = command.post(issue + "/record-note", CommandRows.NOTE);
                            long then = System.nanoTime();
                            answered.put(position, then);
                            if (then >= measured) {
                                done.incrementAndGet();
                            }
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> client : all) {
                client.get();
            }
        }
        return (double) done.get() / SECONDS;
    }

    /** A subscriber; reads the ids alone, and costs little. */
    private static final class Follower implements AutoCloseable {
        private final Socket socket;

        Follower(int port, long after) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.getOutputStream()
                    .write(("GET /events/stream?after=" + after + " HTTP/1.0\r\nHost: localhost\r\n\r\n")
                            .getBytes(UTF_8));
        }

        void read(AtomicLong received, Map<Long, Long> answered, Queue<Double> delays) {
            try {
                InputStream in = new BufferedInputStream(socket.getInputStream(), 8 * 1024);
                StringBuilder line = new StringBuilder();
                for (int c = in.read(); c >= 0; c = in.read()) {
                    if (c != '\n') {
                        if (line.length() < 20) {
                            line.append((char) c);
                        }
                        continue;
                    }
                    if (line.indexOf("id: ") == 0) {
                        received.incrementAndGet();
                        Long then = answered.get(Long.parseLong(line.substring("id: ".length())));
                        if (then != null) {
                            delays.add((System.nanoTime() - then) / 1e6);
                        } else if (!answered.isEmpty()) {
                            delays.add(0.0); // The event was faster than the command's answer.
                        }
                    }
                    line.setLength(0);
                }
            } catch (IOException e) {
                // It was closed: the measurement is over.
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
