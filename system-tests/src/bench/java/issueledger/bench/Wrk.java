package issueledger.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator wrk: 2 threads, 64 connections unless told, each sending its next request when it has its answer. */
final class Wrk {
    private static final int WARM_UP_SECONDS = Integer.getInteger("bench.warm-up", 32);
    private static final int SECONDS = Integer.getInteger("bench.seconds", 8);
    static final int ROUNDS = Integer.getInteger("bench.rounds", 3);

    static final int CONNECTIONS = 64;
    private static final Pattern DONE = Pattern.compile(
            "bench requests=(\\d+) micros=(\\d+) p50=([\\d.]+) p99=([\\d.]+) failed=(\\d+) with a bad status, (.*)");

    private Wrk() {}

    /**
     * Requests that differ in a number in their path only.
     *
     * @param path with a {@code %d} where it has a number
     * @param numbers how many, asked with a stride of 7919, which is prime, so that neighbours are not read together; 1 for a path without a number
     * @param mayFail whether one in a thousand may have a bad status, as the stock application's first ones do
     */
    record Requests(String method, int port, String path, int numbers, String body, boolean mayFail) {
        Requests(String method, int port, String path, int numbers, String body) {
            this(method, port, path, numbers, body, false);
        }

        Requests ofABaseline() {
            return new Requests(method, port, path, numbers, body, true);
        }

        String lua() {
            return """
                wrk.headers["Content-Type"] = %s
                local threads = 0
                function setup(thread)
                  thread:set("first", threads)
                  threads = threads + 1
                end
                function init(args)
                  requests = {}
                  for i = 0, %d - 1 do
                    requests[i] = wrk.format("%s", string.format("%s", i), nil, %s)
                  end
                  next = math.floor(first * %d / 2)
                end
                function request()
                  next = (next + 7919) %% %d
                  return requests[next]
                end
                function done(summary, latency, requests)
                  local e = summary.errors
                  io.write(string.format(
                    "bench requests=%%d micros=%%d p50=%%f p99=%%f failed=%%d with a bad status, %%d reading, %%d writing, %%d connecting, %%d late\\n",
                    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
                    e.status, e.read, e.write, e.connect, e.timeout))
                end
                """.formatted(
                            body.isEmpty() ? "nil" : "\"application/json\"",
                            numbers,
                            method,
                            path,
                            body.isEmpty() ? "nil" : "[==[" + body + "]==]",
                            numbers,
                            numbers);
        }
    }

    /** Result of a load. */
    record Load(double perSecond, double p50, double p99) {}

    /** Prepares a round and returns its requests. */
    interface Work {
        Requests requests(int round) throws Exception;
    }

    /** The work of each name in turn, round after round after a warm-up, and the median of its figures. */
    static Map<String, Load> alternate(Map<String, Work> works) throws Exception {
        int round = 0;
        for (Map.Entry<String, Work> work : works.entrySet()) {
            for (int warmed = 0; warmed < WARM_UP_SECONDS; warmed += SECONDS) {
                load(
                        "warm-up of " + work.getKey(),
                        work.getValue().requests(round++),
                        CONNECTIONS,
                        Math.min(SECONDS, WARM_UP_SECONDS - warmed));
            }
        }
        Map<String, List<Load>> loads = new LinkedHashMap<>();
        for (int i = 0; i < ROUNDS; i++) {
            for (Map.Entry<String, Work> work : works.entrySet()) {
                Load load = load(work.getKey(), work.getValue().requests(round++), CONNECTIONS, SECONDS);
                loads.computeIfAbsent(work.getKey(), name -> new ArrayList<>()).add(load);
            }
        }
        Map<String, Load> medians = new LinkedHashMap<>();
        loads.forEach((name, all) -> medians.put(
                name, new Load(median(all, Load::perSecond), median(all, Load::p50), median(all, Load::p99))));
        return medians;
    }

    private static <T> double median(List<T> all, ToDoubleFunction<T> figure) {
        return median(all.stream().map(figure::applyAsDouble).toList());
    }

    static double median(List<Double> all) {
        List<Double> sorted = all.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    static Load load(String name, Requests requests, int connections, int seconds)
            throws IOException, InterruptedException {
        // A good answer to one request, by when those that an earlier load has given up are done with.
        try (Connection connection = new Connection(requests.port())) {
            connection.send(requests.method(), requests.path().replace("%d", "0"), requests.body());
        }
        Path script = Files.createTempFile("bench-", ".lua");
        try {
            Files.writeString(script, requests.lua());
            Process wrk = new ProcessBuilder(
                            "wrk",
                            "-t2",
                            "-c" + connections,
                            "-d" + seconds + "s",
                            "--timeout",
                            "30s",
                            "-s",
                            script.toString(),
                            "http://127.0.0.1:" + requests.port())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            wrk.waitFor();
            Matcher done = DONE.matcher(said);
            if (!done.find()) {
                throw new IllegalStateException("wrk failed: " + said);
            }
            long answered = Long.parseLong(done.group(1));
            long bad = Long.parseLong(done.group(5));
            String others = done.group(6);
            if (bad > (requests.mayFail() ? answered / 1_000 : 0) || !others.matches("[^1-9]*")) {
                throw new IllegalStateException("of " + name + " failed " + bad + " with a bad status, " + others);
            }
            if (bad > 0) {
                System.out.println("     of " + name + " failed " + bad + " with a bad status");
            }
            // Of too few answers wrk tells nothing: those that are late are not among them.
            Load load = new Load(
                    answered * 1e6 / Long.parseLong(done.group(2)),
                    answered == 0 ? seconds * 1_000 : Double.parseDouble(done.group(3)) / 1_000,
                    answered < connections ? seconds * 1_000 : Double.parseDouble(done.group(4)) / 1_000);
            System.out.println("     " + name + ": " + Report.count(load.perSecond()) + "/s, p50 "
                    + Report.millis(load.p50()) + ", p99 " + Report.millis(load.p99()));
            return load;
        } finally {
            Files.deleteIfExists(script);
        }
    }
}
