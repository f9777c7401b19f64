package issueledger.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.system.Ledger.Answer;
import issueledger.system.Service.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands and queries at a fixed rate for {@code -Dsoak.minutes} (10) at {@code -Dsoak.rate} requests a second (200); only run by name.
 * Each minute it prints rate, errors, p99 and the heaps after a collection. The views have a steady size here, so whatever grows is a
 * leak.
 */
class Soak {
    private static final int CLIENTS = 16;
    private static final int ISSUES = 500;
    private static final int MEBIBYTE = 1024 * 1024;

    /** Tolerance of a level heap; beyond it the heap grows. */
    private static final double LEVEL = 0.10;

    private static final int SLACK_MEBIBYTES = 8;

    /** Live heap after the last full collection. */
    private static final Pattern LIVE = Pattern.compile("(?m)^jvm_gc_live_data_size_bytes(?:\\{.*})? (\\S+)$");

    private static final int MINUTES = Integer.getInteger("soak.minutes", 10);
    private static final int RATE = Integer.getInteger("soak.rate", 200);

    private final long[] nanos = new long[RATE * 90];
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private final AtomicLong turn = new AtomicLong();
    private Ledger ledger;
    private volatile boolean done;

    @Test
    void under_steady_traffic_no_request_fails_and_both_heaps_are_level(@TempDir Path folder) throws Exception {
        try (Ledger started = Ledger.start(folder.resolve("data"))) {
            ledger = started;
            run();
        }
        System.out.println(Ledger.verify(folder.resolve("data")));
    }

    private void run() throws Exception {
        for (int i = 0; i < ISSUES; i++) {
            Writer.open(ledger.commandPort(), "soak-" + i);
        }
        List<Long> command = new ArrayList<>();
        List<Long> query = new ArrayList<>();
        int failed = 0;
        long start = System.nanoTime();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.submit(() -> work(start));
            }
            System.out.println("minute  requests/s  errors  p99 ms  command heap MiB  query heap MiB");
            for (int minute = 1; minute <= MINUTES; minute++) {
                await(start + Duration.ofMinutes(minute).toNanos());
                int count = Math.min(requests.getAndSet(0), nanos.length);
                long[] taken = Arrays.copyOf(nanos, count);
                Arrays.sort(taken);
                int wrong = errors.getAndSet(0);
                failed += wrong;
                command.add(heapAfterCollection(Kind.COMMAND));
                query.add(heapAfterCollection(Kind.QUERY));
                System.out.printf(
                        Locale.ROOT,
                        "%6d  %10.1f  %6d  %6.1f  %16d  %14d%n",
                        minute,
                        count / 60.0,
                        wrong,
                        count == 0 ? 0 : taken[count * 99 / 100] / 1e6,
                        command.get(minute - 1),
                        query.get(minute - 1));
            }
            done = true;
        }
        boolean commandIsLevel = isLevel("command", command);
        boolean queryIsLevel = isLevel("query", query);
        assertThat(failed).as("failed requests").isZero();
        assertThat(commandIsLevel && queryIsLevel).as("both heaps are level").isTrue();
    }

    /** From the end of the warm-up, a fifth of the time, to the end. */
    private static boolean isLevel(String service, List<Long> heap) {
        long from = heap.get(heap.size() / 5);
        long to = heap.get(heap.size() - 1);
        boolean level = to - from <= Math.max(SLACK_MEBIBYTES, LEVEL * from);
        System.out.printf("the %s service's heap %s: %d to %d MiB%n", service, level ? "is level" : "GROWS", from, to);
        return level;
    }

    private void work(long start) {
        while (!done) {
            long number = turn.getAndIncrement();
            await(start + number * Duration.ofSeconds(1).toNanos() / RATE);
            long begun = System.nanoTime();
            boolean well = isWell(number);
            int slot = requests.getAndIncrement();
            if (slot < nanos.length) {
                nanos[slot] = System.nanoTime() - begun;
            }
            if (!well) {
                errors.incrementAndGet();
            }
        }
    }

    /** Of ten requests two write, in a way that leaves the views as large as they are, and one is refused. */
    private boolean isWell(long number) {
        String issue = "/issues/soak-" + ThreadLocalRandom.current().nextInt(ISSUES);
        return switch ((int) (number % 10)) {
            case 0 -> is(200, () -> ledger.post(issue + "/assign-issue", "{\"assignee\":\"actor " + number + "\"}"));
            case 1 ->
                is(
                        200,
                        () -> ledger.post(
                                issue + "/revise-description", "{\"title\":\"Slow for the " + number + "th time\"}"));
            case 2 -> is(409, () -> ledger.post(issue + "/start-testing", "{}"));
            case 3 -> is(200, () -> ledger.get("/issues?limit=20&q=slow"));
            case 4 -> is(200, () -> ledger.get(issue + "/timeline?limit=20"));
            case 5 -> is(200, () -> ledger.get("/events?limit=20&after=" + number / 10));
            case 6 -> is(200, () -> ledger.get(issue + "?version=1"));
            default -> is(200, () -> ledger.get(issue));
        };
    }

    private static boolean is(int status, Supplier<Answer> request) {
        try {
            Answer answer = request.get();
            if (answer.status() != status) {
                System.out.println(answer.status() + " " + answer.text());
            }
            return answer.status() == status;
        } catch (UncheckedIOException e) {
            System.out.println(e);
            return false;
        }
    }

    private static void await(long time) {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private long heapAfterCollection(Kind kind) throws IOException {
        jcmd(ledger.process(kind), "GC.run");
        int port = kind == Kind.COMMAND ? ledger.commandPort() : ledger.queryPort();
        Matcher live = LIVE.matcher(Ledger.get(port, "/actuator/prometheus").text());
        if (!live.find()) {
            throw new IllegalStateException("the metrics do not say what is live");
        }
        return Math.round(Double.parseDouble(live.group(1)) / MEBIBYTE);
    }

    private static String jcmd(ProcessHandle service, String command) throws IOException {
        Path java = Path.of(service.info().command().orElseThrow());
        Process jcmd = new ProcessBuilder(java.resolveSibling("jcmd").toString(), Long.toString(service.pid()), command)
                .redirectErrorStream(true)
                .start();
        return new String(jcmd.getInputStream().readAllBytes(), UTF_8);
    }
}
