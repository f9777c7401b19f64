package issueledger.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import issueledger.system.Ledger.Answer;
import issueledger.system.Writer.Fate;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traffic of any amount and shape leaves the services alive, in their default heap. */
@Tag("full")
class TrafficTest {
    private static final int BUSY = 64;
    private static final int IDLE = 2_000;
    private static final int NEVER_READING = 20;
    private static final Duration HOSTILITY = Duration.ofSeconds(Integer.getInteger("traffic.seconds", 10));
    private static final Duration PROMPT = Duration.ofSeconds(5);

    /** Work on as many requests at once as a machine of 16 processors, whatever this one has. */
    private static final Map<String, String> SIXTEEN_AT_ONCE =
            Map.of("JAVA_TOOL_OPTIONS", "-Djdk.virtualThreadScheduler.parallelism=16");

    private static final int MOST = 1024 * 1024;

    private static Ledger ledger;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        ledger = Ledger.startWith(SIXTEEN_AT_ONCE, folder.resolve("data"));
        inParallel(BUSY, i -> {
            Writer.open(ledger.commandPort(), "busy-" + i);
            Writer writer =
                    new Writer("writer " + i, ledger.commandPort(), List.of("busy-" + i), " " + "long ".repeat(3_000));
            for (int note = 0; note < 20; note++) {
                assertThat(writer.write()).isEqualTo(Fate.ACKNOWLEDGED);
            }
            return writer;
        });
        String head = ledger.get("/audit/head").json().get("position").toString();
        Conditions.await(
                "the views hold what was written",
                Duration.ofSeconds(30),
                () -> ledger.get("/issues?limit=1", "Ledger-Min-Position", head).status() == 200);
    }

    @AfterEach
    void nothing_ran_out() {
        assertThat(ledger.output()).doesNotContain("OutOfMemoryError").doesNotContain("Too many open files");
        Writer.open(ledger.commandPort(), "after-" + System.nanoTime());
        assertThat(ledger.get("/actuator/health/readiness").status()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        ledger.close();
        Ledger.verify(ledger.data());
    }

    @Test
    void clients_that_never_read_their_answers_hold_up_nobody() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < NEVER_READING; i++) {
                sockets.add(neverReading("application/x-ndjson"));
                sockets.add(neverReading("application/json"));
            }
            for (Socket socket : sockets) {
                Conditions.await("its answer begins", Duration.ofSeconds(30), () -> isAnswered(socket));
            }
            beBusy();
        } finally {
            close(sockets);
        }
    }

    @Test
    void two_thousand_idle_or_slow_connections_on_each_service_leave_sixty_four_busy_ones_their_answers()
            throws Exception {
        assumeTrue(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                        && system.getMaxFileDescriptorCount() > 3 * IDLE,
                "this test itself needs its open files");
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < IDLE; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), ledger.commandPort()));
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), ledger.queryPort()));
            }
            for (Socket slow : sockets.subList(0, IDLE)) {
                slow.getOutputStream().write("GET /issues HTTP/1.1\r\nHost: local".getBytes(US_ASCII));
            }
            beBusy();
        } finally {
            close(sockets);
        }
    }

    @Test
    void bodies_of_a_mebibyte_in_the_nastiest_shapes_are_answered_and_leave_the_service_alive() throws Exception {
        Map<String, String> shapes = shapes();
        List<String> names = List.copyOf(shapes.keySet());
        long end = System.nanoTime() + HOSTILITY.toNanos();
        List<Map<String, Integer>> answers = inParallel(BUSY, i -> {
            Map<String, Integer> counts = new TreeMap<>();
            for (int n = i; System.nanoTime() < end; n++) {
                String name = names.get(n % names.size());
                Answer answer = ledger.post("/issues/busy-" + i + "/revise-description", shapes.get(name));
                counts.merge(name + " " + answer.status(), 1, Integer::sum);
            }
            return counts;
        });
        Map<String, Integer> all = new TreeMap<>();
        answers.forEach(counts -> counts.forEach((key, count) -> all.merge(key, count, Integer::sum)));
        System.out.println("hostile bodies: " + all);
        assertThat(all.keySet()).allMatch(key -> key.matches(".* (2..|4..|503)"));
        assertThat(shapes.keySet()).allSatisfy(name -> assertThat(all.keySet()).anyMatch(key -> key.startsWith(name)));
    }

    private static Map<String, String> shapes() {
        String deep = "[".repeat(60) + "]".repeat(60);
        return Map.of(
                "nested arrays", symptoms(deep),
                "empty arrays", symptoms("[]"),
                "empty objects", symptoms("{}"),
                "numbers", symptoms("0"),
                "blank texts", symptoms("\"\""),
                "nulls", symptoms("null"),
                "short texts", symptoms("\"x\""),
                "unknown fields", "{" + members(80_000) + "}",
                "one long number", "{\"title\":" + "9".repeat(MOST - 20) + "}",
                "valid", "{\"description\":{\"text\":\"d\",\"symptoms\":[" + texts(50) + "]}}");
    }

    /** A description whose symptoms are the item again and again, up to the largest body. */
    private static String symptoms(String item) {
        String begin = "{\"description\":{\"text\":\"d\",\"symptoms\":[" + item;
        String end = "]}}";
        return begin + ("," + item).repeat((MOST - begin.length() - end.length()) / (item.length() + 1)) + end;
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"f" + i + "\":0").collect(Collectors.joining(","));
    }

    private static String texts(int count) {
        return String.join(",", Collections.nCopies(count, "\"" + "s".repeat(20_000) + "\""));
    }

    /** Sixty-four clients at once that write and read; each request is answered well and promptly. */
    private static void beBusy() throws Exception {
        inParallel(BUSY, i -> {
            for (int n = 0; n < 10; n++) {
                promptly(
                        200,
                        () -> ledger.post(
                                "/issues/busy-" + i + "/record-note",
                                "{\"kind\":\"PROGRESS\",\"text\":\"Meanwhile.\"}"));
                promptly(200, () -> ledger.get("/issues/busy-" + i));
                promptly(200, () -> ledger.get("/issues?limit=5"));
                promptly(200, () -> ledger.get("/events?limit=5"));
            }
            return i;
        });
    }

    private static void promptly(int status, Callable<Answer> request) throws Exception {
        long asked = System.nanoTime();
        Answer answer = request.call();
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(PROMPT);
    }

    private static <T> List<T> inParallel(int count, Numbered<T> work) throws Exception {
        List<Future<T>> started = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            for (int i = 0; i < count; i++) {
                int number = i;
                started.add(threads.submit(() -> work.call(number)));
            }
        }
        List<T> results = new ArrayList<>();
        for (Future<T> each : started) {
            results.add(each.get());
        }
        return results;
    }

    private interface Numbered<T> {
        T call(int number) throws Exception;
    }

    private static Socket neverReading(String type) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), ledger.queryPort()));
        socket.getOutputStream()
                .write(("GET /events?limit=10000 HTTP/1.1\r\nHost: localhost\r\nAccept: " + type + "\r\n\r\n")
                        .getBytes(US_ASCII));
        return socket;
    }

    private static boolean isAnswered(Socket socket) {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
