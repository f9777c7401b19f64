package issueledger.tlog;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.note;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.query.Query.Answer;
import issueledger.query.QueryServiceTest;
import issueledger.tlog.Transparency.Head;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** The transparency log over HTTP, recomputed by the definitions of RFC 6962 from what is exported. */
class TlogHttpTest extends QueryServiceTest {
    private static final int BYTES = 32;
    private static int issues;

    @LocalServerPort
    private int itsPort;

    @Value("${issue-ledger.data-dir}")
    private Path directory;

    private Transparency log;
    private String issue = "";

    @BeforeEach
    void recordAnIssue() {
        log = new Transparency(itsPort);
        issue = "proven-" + issues++;
        record(issue, OPENED);
    }

    /** More than two full tiles of leaves. */
    private long recordMany() {
        IssueEvent[] notes = IntStream.rangeClosed(1, 300)
                .mapToObj(number -> note(number, "Note " + number))
                .toArray(IssueEvent[]::new);
        record(issue, notes);
        String other = issue + "-too";
        record(other, OPENED);
        return record(other, notes).last();
    }

    @Test
    void the_checkpoint_is_signed_and_its_root_is_that_of_the_exported_events() throws Exception {
        long last = recordMany();

        Head head = log.head(last);

        String key = query.get("/tlog/key").body();
        assertThat(key.lines()).hasSize(1);
        Transparency.verify(head, key.strip());
        assertThat(head.origin()).matches("issue-ledger/[0-9a-f]{16}");
        assertThat(head.root()).isEqualTo(ReferenceTree.root(log.entries(head.size())));
        String caching = query.get("/tlog/checkpoint").header("Cache-Control");
        assertThat(caching).matches("max-age=[1-5], (private|public)");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("signing-key.pem"))))
                .isEqualTo("rw-------");
    }

    @Test
    void every_tile_that_a_signed_checkpoint_needs_is_served_full_or_partial_and_no_other() throws Exception {
        Head head = log.head(recordMany());
        List<byte[]> entries = log.entries(head.size());
        List<byte[]> hashes = entries.stream()
                .map(entry -> ReferenceTree.sha256(new byte[] {0}, entry))
                .toList();
        int full = entries.size() / 256;
        for (int n = 0; n <= full; n++) {
            int width = Math.min(256, entries.size() - n * 256);
            List<Integer> widths = width == 256 ? List.of(256, 1, 77, 255) : List.of(1, width / 2, width);
            for (int w : widths.stream().filter(one -> one > 0).distinct().toList()) {
                String path = "%03d%s".formatted(n, w == 256 ? "" : ".p/" + w);
                assertThat(tile("/tlog/tile/0/" + path)).isEqualTo(joined(hashes.subList(n * 256, n * 256 + w)));
                assertThat(tile("/tlog/tile/entries/" + path)).isEqualTo(bundle(entries.subList(n * 256, n * 256 + w)));
            }
        }
        List<byte[]> roots = IntStream.range(0, full)
                .mapToObj(n -> ReferenceTree.root(entries.subList(n * 256, n * 256 + 256)))
                .toList();
        for (int w = 1; w <= full; w++) {
            assertThat(tile("/tlog/tile/1/000.p/" + w)).isEqualTo(joined(roots.subList(0, w)));
        }
        assertThat(log.bytes("/tlog/tile/0/000")
                        .headers()
                        .firstValue("Cache-Control")
                        .orElse(""))
                .contains("immutable")
                .contains("max-age=31536000");

        for (String asked : List.of("gzip", "br, GZIP;q=0.5", "deflate,gzip , *")) {
            HttpResponse<byte[]> zipped = log.bytes("/tlog/tile/entries/000", "Accept-Encoding", asked);
            assertThat(zipped.headers().firstValue("Content-Encoding"))
                    .as(asked)
                    .contains("gzip");
            assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes())
                    .isEqualTo(bundle(entries.subList(0, 256)));
        }
        for (String asked : List.of("gzip;q=0", "br, gzip;q=0.000", "x-gzip", "identity")) {
            assertThat(log.bytes("/tlog/tile/entries/000", "Accept-Encoding", asked)
                            .body())
                    .as(asked)
                    .isEqualTo(bundle(entries.subList(0, 256)));
        }
        int beyond = entries.size() + 5_000; // Other tests of the service may record events meanwhile.
        for (String none : List.of(
                "0/" + "%03d".formatted(beyond / 256),
                "0/%03d.p/%d".formatted(beyond / 256, 1),
                "entries/%03d.p/%d".formatted(beyond / 256, 255),
                "1/000",
                "1/001.p/1",
                "2/000.p/1",
                "7/000.p/1",
                "63/000.p/1",
                "64/000.p/1",
                "00/000",
                "-1/000",
                "x/000",
                "0/0",
                "0/00",
                "0/0000",
                "0/x000/000",
                "0/000/000",
                "0/x001/x234/067",
                "0/x999/x999/x999/x999/x999/x999/999",
                "0/000.p/0",
                "0/000.p/01",
                "0/000.p/256",
                "0/000.p/257",
                "0/000.p/1/",
                "0/000.p",
                "0/%2e%2e/000",
                "entries/",
                "Entries/000")) {
            query.get("/tlog/tile/" + none).isProblem(404, "not-found");
        }
        query.get("/tlog/tile/0").isProblem(404, "not-found");
        query.get("/tlog/tile/0/000?limit=1").isMalformed("limit");
        query.get("/tlog/checkpoint?at=1").isMalformed("at");
        query.get("/tlog/checkpoint", "Accept", "application/json").isProblem(406, "not-acceptable");
        query.send("POST", "/tlog/checkpoint").join().isProblem(405, "method-not-allowed");
    }

    private byte[] tile(String path) throws Exception {
        HttpResponse<byte[]> response = log.bytes(path);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/octet-stream");
        return response.body();
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] bundle(List<byte[]> entries) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            all.write(entry.length / 256);
            all.write(entry.length % 256);
            all.writeBytes(entry);
        }
        return all.toByteArray();
    }

    @Test
    void an_event_is_proven_by_a_text_that_needs_nothing_else() throws Exception {
        long last = recordMany();
        log.head(last);

        for (int version : List.of(1, 2, 17, 255, 256, 257, 301)) {
            Answer answer = query.get("/issues/" + issue + "/events/" + version + "/proof");
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.header("Content-Type")).isEqualToIgnoringCase("text/plain;charset=utf-8");
            String[] parts = answer.body().split("\n\n", 2);
            List<String> lines = parts[0].lines().toList();
            Head head = Head.of(parts[1]);
            Transparency.verify(head, query.get("/tlog/key").body().strip());
            List<byte[]> entries = log.entries(head.size());

            assertThat(lines.get(0)).isEqualTo("c2sp.org/tlog-proof@v1");
            assertThat(lines.get(1)).startsWith("extra ");
            assertThat(lines.get(2)).matches("index \\d+");
            int index = Integer.parseInt(lines.get(2).substring("index ".length()));
            assertThat(Base64.getDecoder().decode(lines.get(1).substring("extra ".length())))
                    .isEqualTo(entries.get(index));
            assertThat(new String(entries.get(index), UTF_8).lines().toList())
                    .element(2)
                    .isEqualTo(issue);
            assertThat(new String(entries.get(index), UTF_8).lines().toList())
                    .element(3)
                    .isEqualTo(Integer.toString(version));
            assertThat(lines.subList(3, lines.size()))
                    .isEqualTo(ReferenceTree.path(index, entries).stream()
                            .map(Base64.getEncoder()::encodeToString)
                            .toList());
        }
    }

    @Test
    void a_proof_waits_for_a_checkpoint_and_needs_an_event() {
        long last = record(issue, note(1, "One")).last();
        log.head(last);
        record(issue, note(2, "Two")); // Within the second in which no other checkpoint is signed.
        Answer early = query.get("/issues/" + issue + "/events/3/proof");
        if (early.status() != 200) {
            early.isProblem(503, "not-yet");
            assertThat(early.header("Retry-After")).matches("\\d+");
            assertThat(early.json().get("position").asLong()).isEqualTo(last);
        }
        log.head(last + 1);
        assertThat(query.get("/issues/" + issue + "/events/3/proof").status()).isEqualTo(200);

        for (String none : List.of("4", "0", "-1", "x", "1.5", "9223372036854775808", "9".repeat(500))) {
            query.get("/issues/" + issue + "/events/" + none + "/proof").isProblem(404, "unknown-version");
        }
        query.get("/issues/nobody/events/1/proof").isProblem(404, "unknown-issue");
        query.get("/issues/nobody/proof").isProblem(404, "unknown-issue");
        query.get("/issues/" + issue + "/events/1/proof?x=1").isMalformed("x");
        query.get("/issues/" + issue + "/proof?version=1").isMalformed("version");
    }

    @Test
    void an_issue_is_proven_with_all_of_its_events() throws Exception {
        long last = recordMany();
        log.head(last);

        Answer answer = query.get("/issues/" + issue + "/proof", "Ledger-Min-Position", Long.toString(last));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        JsonNode bundle = answer.json();
        assertThat(bundle.get("format").asString()).isEqualTo("issue-ledger/bundle/v1");
        assertThat(bundle.get("issueId").asString()).isEqualTo(issue);
        Head head = Head.of(bundle.get("checkpoint").asString());
        Transparency.verify(head, query.get("/tlog/key").body().strip());
        List<byte[]> entries = log.entries(head.size());
        List<JsonNode> exported = query.get("/audit/export")
                .body()
                .lines()
                .skip(1)
                .map(EventJson.MAPPER::readTree)
                .filter(line -> line.get("issueId").asString().equals(issue))
                .toList();
        assertThat(bundle.get("events")).hasSize(301);
        for (int i = 0; i < 301; i++) {
            JsonNode event = bundle.get("events").get(i);
            JsonNode line = exported.get(i);
            line.propertyNames()
                    .forEach(name -> assertThat(event.get(name)).as(name).isEqualTo(line.get(name)));
            int index = event.get("index").asInt();
            assertThat(index).isEqualTo(line.get("position").asInt() - 1);
            if (i % 50 == 0) {
                assertThat(event.get("proof").valueStream().map(JsonNode::stringValue))
                        .isEqualTo(ReferenceTree.path(index, entries).stream()
                                .map(Base64.getEncoder()::encodeToString)
                                .toList());
            }
        }
    }

    @Test
    void signed_checkpoints_are_listed_newest_first_and_none_is_signed_twice_in_a_second() throws Exception {
        List<Long> sizes = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            long last = record(issue, note(i, "Note")).last();
            sizes.add(0, log.head(last).size());
        }

        List<JsonNode> items = query.get("/audit/checkpoints").items();

        assertThat(items.stream().limit(3).map(item -> item.get("size").asLong()))
                .containsExactlyElementsOf(sizes);
        for (JsonNode item : items) {
            Head head = Head.of(item.get("note").asString());
            assertThat(head.size()).isEqualTo(item.get("size").asLong());
            assertThat(HexFormat.of().formatHex(head.root()))
                    .isEqualTo(item.get("hash").asString());
            assertThat(item.get("at").asString()).matches(".*\\.\\d{3}Z");
        }
        for (int i = 1; i < 3; i++) {
            assertThat(Duration.between(
                            java.time.Instant.parse(items.get(i).get("at").asString()),
                            java.time.Instant.parse(items.get(i - 1).get("at").asString())))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(990));
        }
        Answer page = query.get("/audit/checkpoints?limit=2");
        assertThat(page.items()).isEqualTo(items.subList(0, 2));
        assertThat(query.get("/audit/checkpoints?limit=1&cursor=" + page.nextCursor())
                        .items())
                .isEqualTo(items.subList(2, 3));
        query.get("/audit/checkpoints?limit=0").isMalformed("limit");
        query.get("/audit/checkpoints?limit=1001").isMalformed("limit");
        query.get("/audit/checkpoints?cursor=x").isMalformed("cursor");
        query.get("/audit/checkpoints?after=1").isMalformed("after");
    }

    @Test
    void an_export_names_the_newest_checkpoint_that_its_events_are_enough_for() {
        long last = record(issue, note(1, "One")).last();
        Head head = log.head(last);

        assertThat(checkpoint("?to=" + head.size())).isEqualTo(head.text());
        long more = record(issue, note(2, "Two")).last();
        assertThat(checkpoint("?to=" + head.size())).isEqualTo(head.text());
        log.head(more);
        assertThat(checkpoint("?to=" + head.size())).isEqualTo(head.text());
        assertThat(Head.of(export("")).size()).isGreaterThanOrEqualTo(more);
    }

    private String checkpoint(String query) {
        return Head.of(export(query)).text();
    }

    private String export(String query) {
        String first = this.query
                .get("/audit/export" + query)
                .body()
                .lines()
                .findFirst()
                .orElseThrow();
        return EventJson.MAPPER.readTree(first).get("checkpoint").asString();
    }

    @Test
    void a_rebuilt_tree_is_the_same_tree() throws Exception {
        long last = recordMany();
        Head before = log.head(last);
        byte[] tile = log.bytes("/tlog/tile/0/000").body();

        assertThat(query.send("POST", "/projections/tlog/rebuild").join().status())
                .isEqualTo(202);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < end && !rebuild().equals("DONE")) {
            Thread.sleep(10);
        }

        assertThat(rebuild()).isEqualTo("DONE");
        assertThat(log.bytes("/tlog/tile/0/000").body()).isEqualTo(tile).hasSize(256 * BYTES);
        record(issue, note(301, "After it"));
        Head after = log.head(last + 1);
        assertThat(after.size()).isGreaterThan(before.size());
        assertThat(after.root()).isEqualTo(ReferenceTree.root(log.entries(after.size())));
        assertThat(query.get("/audit/verify").json().get("ok").asBoolean()).isTrue();
        assertThat(query.get("/actuator/health")
                        .json()
                        .at("/components/tlog/status")
                        .asString())
                .isEqualTo("UP");
        assertThat(query.get("/projections").items("name")).contains("tlog");
    }

    private String rebuild() {
        return query.get("/projections/tlog/rebuild").json().get("state").asString();
    }

    @Test
    void without_witnesses_none_is_listed() {
        assertThat(query.get("/tlog/witnesses").items()).isEmpty();
        query.get("/tlog/witnesses?limit=1").isMalformed("limit");
        assertThat(Arrays.asList(query.get("/tlog/witnesses").header("Content-Type")))
                .containsExactly("application/json");
    }
}
