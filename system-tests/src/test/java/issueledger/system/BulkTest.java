package issueledger.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.system.Ledger.Answer;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /commands} in a heap of 256 MiB; {@code -Dbulk.lines=1000000} sends 400 MB in one request. */
@Tag("full")
class BulkTest {
    private static final int LINES = Integer.getInteger("bulk.lines", 10_000);
    private static final int LINES_OF_AN_ISSUE = 400;
    private static final int AT_A_TIME = 100;
    private static final int LINE = 400;
    private static final String HEAP = "256m";
    private static final JsonMapper JSON = new JsonMapper();

    private static Ledger ledger;
    private static Service service;

    @BeforeAll
    static void start(@TempDir Path folder) {
        ledger = Ledger.start(folder.resolve("by-run"));
        service = ledger.serviceLikeMine(
                        Service.Kind.COMMAND, folder.resolve("data"), Ledger.freePort(), Ledger.freePort())
                .withHeap(HEAP)
                .start();
    }

    @AfterAll
    static void stop() {
        service.close();
        ledger.close();
        assertThat(service.output()).doesNotContain("OutOfMemoryError");
    }

    @Test
    void all_is_sent_before_anything_is_read_and_each_line_has_its_result_while_others_are_answered() throws Exception {
        int issues = Math.ceilDiv(LINES, LINES_OF_AN_ISSUE);
        long began = System.nanoTime();
        try (Bulk bulk = new Bulk(LINES, line -> noted(line, issues));
                Others others = new Others("other")) {
            Map<Integer, Integer> statuses = bulk.results();

            double seconds = (System.nanoTime() - began) / 1e9;
            assertThat(statuses).isEqualTo(Map.of(201, issues, 200, LINES - issues));
            System.out.printf(
                    "%d lines of %d bytes in %.1f s, %.0f a second; another client's slowest of %d answers %d ms%n",
                    LINES, LINE, seconds, LINES / seconds, others.stop(), others.slowestMillis());
            assertThat(others.slowestMillis()).isLessThan(5_000);
        }
        Ledger.verify(service.data());
    }

    @Test
    void lines_of_one_issue_alone_starve_nobody_on_it_or_beside_it() throws Exception {
        Writer.open(service.port(), "crowded");
        Writer.open(service.port(), "beside");
        int lines = 5_000;
        try (Bulk bulk = new Bulk(lines, line -> """
            {"command":"assign-issue","issueId":"crowded","body":{"assignee":"%d"}}
            """.formatted(line));
                Others onIt = new Others("crowded");
                Others beside = new Others("beside")) {
            assertThat(bulk.results()).isEqualTo(Map.of(200, lines));
            System.out.printf(
                    "%d lines on one issue; slowest of %d answers on it %d ms, of %d beside it %d ms%n",
                    lines, onIt.stop(), onIt.slowestMillis(), beside.stop(), beside.slowestMillis());
            assertThat(onIt.slowestMillis()).isLessThan(2_000);
            assertThat(beside.slowestMillis()).isLessThan(2_000);
        }
    }

    @Test
    void killed_in_the_middle_of_keyed_lines_all_of_them_can_be_sent_again_and_each_happens_once() throws Exception {
        int lines = 3_000;
        int issues = 30;
        IntStream.range(0, issues).forEach(i -> Writer.open(service.port(), "keyed-" + i));
        IntFunction<String> keyed = line -> """
            {"command":"record-note","issueId":"keyed-%d","idempotencyKey":"key-%d","body":{"kind":"PROGRESS","text":"note %d"}}
            """.formatted(line % issues, line, line);
        try (Bulk bulk = new Bulk(lines, keyed)) {
            bulk.awaitResults(lines / 4);
            service.kill();
        }
        service.start();

        try (Bulk again = new Bulk(lines, keyed)) {
            assertThat(again.results()).isEqualTo(Map.of(200, lines));
            System.out.printf("%d of %d lines had landed before the kill%n", again.replayed(), lines);
            assertThat(again.replayed()).isBetween(lines / 4, lines);
        }
        assertThat(Ledger.verify(service.data())).contains(" events");
        for (int i = 0; i < issues; i++) {
            Answer allowed = Ledger.get(service.port(), "/issues/keyed-" + i + "/allowed-commands");
            assertThat(allowed.json().get("version").intValue()).isEqualTo(1 + lines / issues);
        }
    }

    /** A hundred issues are written at a time, as an import does: each line of them in turn. */
    private static String noted(int line, int issues) {
        int block = line / (AT_A_TIME * LINES_OF_AN_ISSUE);
        int inBlock = line % (AT_A_TIME * LINES_OF_AN_ISSUE);
        int first = block * AT_A_TIME;
        int wide = Math.min(AT_A_TIME, issues - first);
        int issue = first + inBlock % wide;
        String text = inBlock < wide
                ? "{\"command\":\"open-issue\",\"issueId\":\"bulk-%d\",\"body\":{\"title\":\"Slow\",\"description\":{\"text\":\"%s\"}}}"
                : "{\"command\":\"record-note\",\"issueId\":\"bulk-%d\",\"body\":{\"kind\":\"PROGRESS\",\"text\":\"%s\"}}";
        String empty = text.formatted(issue, "");
        return text.formatted(issue, "x".repeat(LINE - 1 - empty.length())) + "\n";
    }

    /** A client that sends all lines from one thread, and reads no result before it has sent the last one. */
    private static final class Bulk implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;
        private final ExecutorService sender = Executors.newSingleThreadExecutor();
        private final Future<?> sending;
        private final Map<Integer, Integer> statuses = new TreeMap<>();
        private int results;
        private int replayed;

        Bulk(int lines, IntFunction<String> line) throws IOException {
            socket = new Socket("127.0.0.1", service.port());
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            sending = sender.submit(() -> send(lines, line));
        }

        private void send(int lines, IntFunction<String> line) {
            long length = IntStream.range(0, lines)
                    .mapToLong(i -> line.apply(i).length())
                    .sum();
            try (OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16) {
                @Override
                public void close() throws IOException {
                    flush();
                }
            }) {
                // The answer of HTTP/1.0 has no chunks, whose borders do not keep to lines.
                out.write(("POST /commands HTTP/1.0\r\n"
                                + "Host: localhost\r\n"
                                + "Content-Type: application/x-ndjson\r\n"
                                + "Content-Length: "
                                + length + "\r\n\r\n")
                        .getBytes(UTF_8));
                for (int i = 0; i < lines; i++) {
                    out.write(line.apply(i).getBytes(UTF_8));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** How many results there were of each status; they come in the order of their lines. */
        Map<Integer, Integer> results() throws Exception {
            sending.get();
            awaitResults(Integer.MAX_VALUE);
            return statuses;
        }

        void awaitResults(int most) throws IOException {
            String line;
            while (results < most && (line = in.readLine()) != null) {
                if (line.startsWith("{")) {
                    JsonNode result = JSON.readTree(line);
                    assertThat(result.get("line").intValue()).as(line).isEqualTo(++results);
                    statuses.merge(result.get("status").intValue(), 1, Integer::sum);
                    replayed += result.has("replayed") ? 1 : 0;
                }
            }
        }

        int replayed() {
            return replayed;
        }

        @Override
        public void close() throws IOException {
            socket.close();
            sender.close();
        }
    }

    /** Another client, that sends one command after the other to one issue. */
    private static final class Others implements AutoCloseable {
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final List<Long> nanos = new ArrayList<>();
        private final Future<?> sending;
        private volatile boolean stopped;

        Others(String issue) {
            if (issue.equals("other")) {
                Writer.open(service.port(), issue);
            }
            sending = thread.submit(() -> {
                for (int i = 0; !stopped; i++) {
                    long began = System.nanoTime();
                    Answer answer = Ledger.post(
                            service.port(),
                            "/issues/" + issue + "/change-labels",
                            i % 2 == 0 ? "{\"add\":[\"seen\"]}" : "{\"remove\":[\"seen\"]}");
                    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                    nanos.add(System.nanoTime() - began);
                }
            });
        }

        /** How many were answered. */
        int stop() throws Exception {
            stopped = true;
            sending.get();
            return nanos.size();
        }

        long slowestMillis() {
            return TimeUnit.NANOSECONDS.toMillis(
                    nanos.stream().mapToLong(Long::longValue).max().orElseThrow());
        }

        @Override
        public void close() {
            stopped = true;
            thread.close();
        }
    }
}
