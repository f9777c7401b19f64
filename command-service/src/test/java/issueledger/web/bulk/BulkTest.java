package issueledger.web.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.log.RecordedEvent;
import issueledger.web.OverHttp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import tools.jackson.databind.JsonNode;

/** {@code POST /commands}. */
class BulkTest extends OverHttp {
    private static final String NOTE_LINE =
            "{\"command\":\"record-note\",\"issueId\":\"%s\",\"body\":{\"kind\":\"PROGRESS\",\"text\":\"%s\"}}\n";

    @Test
    void each_line_has_its_fate_in_order_with_the_fields_of_the_single_answer_or_problem() {
        String id = newId();
        List<JsonNode> results = bulk("""
            {"command":"open-issue","issueId":"%1$s","body":{"title":"Slow","description":{"text":"5 s"}}}
            {"command":"record-note","issueId":"%1$s","body":{"kind":"DECISION","text":"Cache it"}}

            {"command":"add-reference","issueId":"%1$s","body":{"title":"Manual"}}
            {"command":"start-testing","issueId":"%1$s"}
            {"command":"assign-issue","issueId":"%1$s","body":null}
            {"command":"record-note","issueId":"%1$s","ifMatch":"2","body":{"kind":"DECISION","text":"x"}}
            {"command":"start-work","issueId":"nobody-opened-this"}
            """.formatted(id));

        assertThat(results).extracting(r -> r.at("/line").intValue()).containsExactly(1, 2, 4, 5, 6, 7, 8);
        assertThat(statuses(results)).containsExactly(201, 200, 200, 409, 200, 412, 404);
        JsonNode opened = results.get(0);
        assertThat(opened.at("/issueId").asString()).isEqualTo(id);
        assertThat(opened.at("/version").intValue()).isEqualTo(1);
        assertThat(opened.at("/events/0").asString()).isEqualTo("IssueOpened");
        assertThat(opened.at("/position").longValue())
                .isEqualTo(recorded(id).get(0).position());
        assertThat(results.get(1).at("/note").intValue()).isEqualTo(1);
        assertThat(results.get(2).at("/reference").intValue()).isEqualTo(1);
        JsonNode refused = results.get(3);
        assertThat(refused.at("/type").asString()).isEqualTo("/problems/rejected");
        assertThat(refused.at("/reason").asString()).isEqualTo("WRONG_STATUS");
        assertThat(refused.at("/issueStatus").asString()).isEqualTo("OPEN");
        assertThat(refused.at("/allowedCommands").size()).isPositive();
        assertThat(refused.at("/instance").asString()).isEqualTo("/commands");
        assertThat(refused.at("/traceId").asString()).matches("[0-9a-f]{32}");
        assertThat(results.get(4).at("/events").size()).isZero();
        assertThat(results.get(5).at("/currentVersion").intValue()).isEqualTo(3);
        assertThat(results.get(6).at("/type").asString()).isEqualTo("/problems/unknown-issue");
    }

    @Test
    void an_issue_is_opened_under_the_id_of_its_body_or_its_line_or_one_of_the_servers() {
        String inBody = newId();
        String inLine = newId();
        List<JsonNode> results = bulk("""
            {"command":"open-issue","body":{"id":"%1$s","title":"Slow","description":{"text":"5 s"}}}
            {"command":"open-issue","issueId":"%2$s","body":{"title":"Slow","description":{"text":"5 s"}}}
            {"command":"open-issue","issueId":"%2$s","body":{"id":"%2$s","title":"Slow","description":{"text":"5 s"}}}
            {"command":"open-issue","issueId":"a-1","body":{"id":"b-1","title":"Slow","description":{"text":"5 s"}}}
            {"command":"open-issue","body":{"title":"Slow","description":{"text":"5 s"}}}
            """.formatted(inBody, inLine));

        assertThat(statuses(results)).containsExactly(201, 201, 409, 422, 201);
        assertThat(results.get(2).at("/reason").asString()).isEqualTo("ISSUE_EXISTS");
        assertThat(pointers(results.get(3))).containsExactly("/issueId");
        assertThat(results.get(4).at("/issueId").asString()).hasSize(36);
        assertThat(recorded(inBody)).hasSize(1);
        assertThat(recorded(inLine)).hasSize(1);
    }

    @Test
    void a_bad_line_fails_alone_with_all_that_is_wrong_with_it() {
        String id = opened();
        String tooLong = NOTE_LINE.formatted(id, "x".repeat(1024 * 1024));
        List<JsonNode> results = bulk(
                "{\"command\":\n" // cut in the middle
                        + "[]\n"
                        + "{\"command\":\"record-note\",\"issueId\":\"" + id
                        + "\",\"body\":{\"kind\":\"PROGRESS\",\"kind\":\"x\"}}\n"
                        + "{\"command\":\"do-magic\",\"issueId\":\"" + id + "\",\"x\":1}\n"
                        + "{\"issueId\":\"" + id + "\"}\n"
                        + "{\"command\":\"record-note\"}\n"
                        + "{\"command\":\"record-note\",\"issueId\":\"not an id\",\"body\":{\"kind\":\"BAD\"}}\n"
                        + "{\"command\":\"record-note\",\"issueId\":\"" + id
                        + "\",\"ifMatch\":7,\"x\":1,\"idempotencyKey\":\"with blank\",\"body\":{\"text\":1,\"y\":2}}\n"
                        + "{\"command\":\"record-note\",\"issueId\":\"" + id + "\",\"body\":[]}\n"
                        + "{\"command\":\"record-note\",\"issueId\":\"" + id + "\",\"ifMatch\":\"01\"}\n"
                        + tooLong
                        + "   \r\n"
                        + NOTE_LINE.formatted(id, "good").strip()); // and no line end

        assertThat(statuses(results)).containsExactly(400, 400, 400, 404, 422, 422, 422, 400, 400, 400, 413, 200);
        assertThat(pointers(results.get(2))).containsExactly("/kind");
        assertThat(pointers(results.get(4))).containsExactly("/command");
        assertThat(pointers(results.get(5))).containsExactlyInAnyOrder("/issueId", "/kind", "/text");
        assertThat(pointers(results.get(6))).containsExactlyInAnyOrder("/issueId", "/kind", "/text");
        assertThat(pointers(results.get(7)))
                .containsExactlyInAnyOrder("/x", "/idempotencyKey", "/ifMatch", "/text", "/y");
        assertThat(pointers(results.get(8))).containsExactly("/body");
        assertThat(pointers(results.get(9))).containsExactly("/ifMatch");
        assertThat(results.get(11).at("/line").intValue()).isEqualTo(13);
        assertThat(recorded(id)).hasSize(2);
    }

    @Test
    void a_key_holds_in_a_line_as_in_a_request_of_its_own() {
        String id = opened();
        String body = "{\"kind\":\"DECISION\",\"text\":\"once\"}";
        String key = id + "-key";
        String line = "{\"command\":\"record-note\",\"issueId\":\"%s\",\"idempotencyKey\":\"%s\",\"body\":%s}\n";
        Answer single = post("/issues/" + id + "/record-note", body, "Idempotency-Key", key)
                .is(200);

        List<JsonNode> results = bulk(line.formatted(id, key, body)
                + line.formatted(id, key, "{\"kind\":\"DECISION\",\"text\":\"other\"}")
                + line.formatted(id, key + "2", body)
                + line.formatted(id, key + "2", body));

        assertThat(statuses(results)).containsExactly(200, 422, 200, 200);
        assertThat(results.get(0).at("/replayed").booleanValue()).isTrue();
        assertThat(results.get(0).at("/position")).isEqualTo(single.json().at("/position"));
        assertThat(results.get(1).at("/type").asString()).isEqualTo("/problems/idempotency-mismatch");
        assertThat(results.get(2).has("replayed")).isFalse();
        assertThat(results.get(3).at("/replayed").booleanValue()).isTrue();
        assertThat(recorded(id)).hasSize(3);
    }

    @Test
    void lines_that_depend_on_one_another_are_carried_out_in_their_order() {
        List<String> ids = Stream.generate(this::newId).limit(40).toList();
        String key = ids.get(0) + "-shared-key";
        StringBuilder lines = new StringBuilder();
        ids.forEach(id -> lines.append(openingLine(id)));
        for (int i = 0; i < 20; i++) {
            String text = "note " + (i + 1);
            ids.forEach(id -> lines.append(NOTE_LINE.formatted(id, text)));
        }
        // The other issue was opened by a line before; of two with one key the first is the one that counts.
        String original = newId();
        lines.append(openingLine(original));
        lines.append(
                "{\"command\":\"close\",\"issueId\":\"%s\",\"body\":{\"resolution\":\"DUPLICATE\",\"duplicateOf\":\"%s\"}}\n"
                        .formatted(ids.get(0), original));
        for (String id : ids.subList(1, 3)) {
            lines.append(
                    "{\"command\":\"start-work\",\"issueId\":\"%s\",\"idempotencyKey\":\"%s\"}\n".formatted(id, key));
        }

        List<JsonNode> results = bulk(lines.toString());

        assertThat(statuses(results).subList(0, 40)).containsOnly(201);
        assertThat(statuses(results).subList(40, 840)).containsOnly(200);
        assertThat(statuses(results).subList(840, results.size())).containsExactly(201, 200, 200, 422);
        assertThat(ids)
                .allSatisfy(id -> assertThat(texts(id))
                        .isEqualTo(IntStream.rangeClosed(1, 20)
                                .mapToObj(i -> "note " + i)
                                .toList()));
    }

    @Test
    void what_holds_for_a_single_line_only_is_refused_for_all() {
        send("POST", "/commands", BodyPublishers.ofString("{}"), "Content-Type", "application/json")
                .isProblem(415, "unsupported-media-type");
        send("POST", "/commands", BodyPublishers.ofString("{}"), "Content-Type", "application/x-ndjson;charset=utf-16")
                .isProblem(415, "unsupported-media-type");
        Answer undeclared =
                send("POST", "/commands", BodyPublishers.ofString("{}")).isProblem(415, "unsupported-media-type");
        assertThat(undeclared.header("Accept")).isEqualTo("application/x-ndjson");
        ndjson("/commands", "", "Accept", "application/json").isProblem(406, "not-acceptable");
        ndjson("/commands", "", "Idempotency-Key", "k").isProblem(400, "malformed");
        ndjson("/commands", "", "If-Match", "\"1\"").isProblem(400, "malformed");
        ndjson("/commands", "", "X-Actor", " ").isProblem(400, "malformed");
        ndjson("/commands?dry-run=maybe", "").isProblem(400, "malformed");
        ndjson("/commands?x=1", "").isProblem(400, "malformed");
        get("/commands").isProblem(405, "method-not-allowed");
        assertThat(ndjson("/commands", "").is(200).text()).isEmpty();
        assertThat(ndjson("/commands", "\n \n").is(200).header("Content-Type")).isEqualTo("application/x-ndjson");
    }

    @Test
    void the_actor_and_the_trace_of_the_request_are_those_of_each_line() {
        String id = newId();
        ndjson(
                        "/commands",
                        openingLine(id),
                        "X-Actor",
                        "mara",
                        "traceparent",
                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .is(200);

        assertThat(metadata(id).actor()).isEqualTo("mara");
        assertThat(metadata(id).traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    }

    @Test
    void a_client_may_read_each_result_before_it_sends_the_next_line() throws IOException {
        String id = opened();
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(5_000);
            OutputStream out = socket.getOutputStream();
            head(out, "Transfer-Encoding: chunked", "Connection: close");
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            for (int i = 1; i <= 5; i++) {
                chunk(out, NOTE_LINE.formatted(id, "note " + i));
                String result = in.lines()
                        .filter(line -> line.startsWith("{"))
                        .findFirst()
                        .orElseThrow();
                assertThat(EventJson.MAPPER.readTree(result).at("/note").intValue())
                        .isEqualTo(i);
            }
            out.write("0\r\n\r\n".getBytes(UTF_8));
            out.flush();
            assertThat(in.lines().toList()).endsWith("0", "");
        }
    }

    @Test
    @Tag("full")
    @EnabledOnOs(OS.LINUX) // It looks at the process's open files.
    void a_client_may_send_everything_before_it_reads_and_its_results_wait_in_a_file_until_the_end() throws Exception {
        int lines = 120_000;
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(64 * 1024);
            socket.connect(new InetSocketAddress("127.0.0.1", port()));
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            byte[] line = "{\"command\":\"is-not-there\",\"issueId\":\"x\"}\n".getBytes(UTF_8);
            // The answer of HTTP/1.0 has no chunks, whose borders do not keep to lines.
            headOf("1.0", out, "Content-Length: " + (long) lines * line.length);
            byte[] thousand = new byte[line.length * 1_000];
            for (int i = 0; i < 1_000; i++) {
                System.arraycopy(line, 0, thousand, i * line.length, line.length);
            }
            for (int i = 0; i < lines / 1_000; i++) {
                out.write(thousand);
            }
            out.flush();
            assertThat(spooled())
                    .as("what the client does not take waits in a file")
                    .isNotEmpty();

            try (BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
                List<Integer> numbers = in.lines()
                        .filter(result -> result.startsWith("{"))
                        .map(result ->
                                EventJson.MAPPER.readTree(result).at("/line").intValue())
                        .toList();
                assertThat(numbers)
                        .isEqualTo(IntStream.rangeClosed(1, lines).boxed().toList());
            }
        }
        await("the file is gone", () -> spooled().isEmpty());
    }

    @Test
    void a_body_that_is_cut_off_is_reported_after_the_results_of_its_lines() throws IOException {
        String id = opened();
        String note = NOTE_LINE.formatted(id, "came");
        try (Socket socket = new Socket("127.0.0.1", port())) {
            head(socket.getOutputStream(), "Content-Length: 10000");
            socket.getOutputStream().write((note + note.substring(0, 20)).getBytes(UTF_8));
            socket.shutdownOutput();
            List<JsonNode> results = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))
                    .lines()
                    .filter(line -> line.startsWith("{"))
                    .map(EventJson.MAPPER::readTree)
                    .toList();
            assertThat(statuses(results)).as("%s", results).containsExactly(200, 400);
            assertThat(results.get(1).at("/line").intValue()).isEqualTo(2);
        }
        assertThat(recorded(id)).hasSize(2);
    }

    @Test
    void a_client_that_goes_away_stops_the_work_after_the_lines_under_way() throws Exception {
        String id = opened();
        int lines = 20_000;
        byte[] note = NOTE_LINE.formatted(id, "seen").getBytes(UTF_8);
        String other = "{\"command\":\"change-labels\",\"issueId\":\"%s\",\"body\":{\"add\":[\"%d\"]}}\n";
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoLinger(true, 0);
            OutputStream out = socket.getOutputStream();
            head(out, "Transfer-Encoding: chunked");
            chunk(out, new String(note, UTF_8));
            for (int i = 0; i < lines; i++) {
                chunk(out, other.formatted(id, i % 2));
            }
        }
        long after = settledHead();
        assertThat(recorded(id).size()).isLessThan(lines);
        assertThat(head()).isEqualTo(after);
    }

    private long settledHead() throws InterruptedException {
        long before = -1;
        while (before != head()) {
            before = head();
            Thread.sleep(500);
        }
        return before;
    }

    /** The open ones of this process; they have no name any more. */
    private static List<Path> spooled() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(Files::isSymbolicLink)
                    .map(BulkTest::target)
                    .filter(file -> file.toString().contains("issue-ledger-bulk-"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return link; // It was closed meanwhile.
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private void head(OutputStream out, String... headers) throws IOException {
        headOf("1.1", out, headers);
    }

    private void headOf(String http, OutputStream out, String... headers) throws IOException {
        out.write(("POST /commands HTTP/" + http + "\r\nHost: " + localhost()
                        + "\r\nContent-Type: application/x-ndjson\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
                .getBytes(UTF_8));
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
        out.write(bytes);
        out.write("\r\n".getBytes(UTF_8));
        out.flush();
    }

    private static String openingLine(String id) {
        return "{\"command\":\"open-issue\",\"issueId\":\"%s\",\"body\":{\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}}\n"
                .formatted(id);
    }

    private List<String> texts(String id) {
        return recorded(id).stream()
                .filter(event -> event.type().equals("NoteRecorded"))
                .map(RecordedEvent::payload)
                .map(payload -> EventJson.MAPPER.readTree(payload).at("/text").asString())
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private Answer ndjson(String path, String lines, String... headers) {
        String[] all = Stream.concat(Stream.of("Content-Type", "application/x-ndjson"), Stream.of(headers))
                .toArray(String[]::new);
        return send("POST", path, BodyPublishers.ofString(lines), all);
    }

    private List<JsonNode> bulk(String lines) {
        return bulk("/commands", lines);
    }

    private List<JsonNode> bulk(String path, String lines) {
        return ndjson(path, lines)
                .is(200)
                .text()
                .lines()
                .map(EventJson.MAPPER::readTree)
                .toList();
    }

    private static List<Integer> statuses(List<JsonNode> results) {
        return results.stream().map(result -> result.at("/status").intValue()).toList();
    }

    private static List<String> pointers(JsonNode result) {
        return result.at("/errors")
                .valueStream()
                .map(error -> error.path("pointer").asString())
                .toList();
    }
}
