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
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traffic of any amount and shape leaves the services alive, in their default heap. */
class TrafficTest {
    private static final int BUSY = 64;
    private static final int IDLE = 2_000;
    private static final int NEVER_READING = 20;
    private static final Duration PROMPT = Duration.ofSeconds(5);

    /** Work on as many requests at once as a machine of 16 processors, whatever this one has. */
    private static final Map<String, String> SIXTEEN_AT_ONCE =
            Map.of("JAVA_TOOL_OPTIONS", "-Djdk.virtualThreadScheduler.parallelism=16");

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
    void two_thousand_idle_connections_on_each_service_leave_sixty_four_busy_ones_their_answers() throws Exception {
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
            beBusy();
        } finally {
            close(sockets);
        }
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
