package issueledger.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.log.Commitments;
import issueledger.query.Query;
import issueledger.query.Query.Answer;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Asks a query service for its transparency log as a stranger would, with nothing but the JDK. */
final class Transparency {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final int port;
    private final Query query;

    Transparency(int port) {
        this.port = port;
        this.query = new Query(port);
    }

    /** A signed checkpoint. */
    record Head(String origin, long size, byte[] root, String text, List<String> signatures) {
        static Head of(String note) {
            int end = note.lastIndexOf("\n\n");
            String text = note.substring(0, end + 1);
            String[] lines = text.split("\n");
            assertThat(lines).hasSize(3);
            return new Head(
                    lines[0],
                    Long.parseLong(lines[1]),
                    Base64.getDecoder().decode(lines[2]),
                    text,
                    note.substring(end + 2).lines().toList());
        }
    }

    Head head() {
        Answer answer = query.get("/tlog/checkpoint");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualToIgnoringCase("text/plain;charset=utf-8");
        return Head.of(answer.body());
    }

    /** Waits until a checkpoint of at least this size is signed. */
    Head head(long size) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < end) {
            Answer answer = query.get("/tlog/checkpoint");
            if (answer.status() == 200 && Head.of(answer.body()).size() >= size) {
                return Head.of(answer.body());
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("no checkpoint of size " + size + ": "
                + query.get("/tlog/checkpoint").body()
                + query.get("/actuator/health").body());
    }

    /** Verifies the first signature by a verifier key, with the JDK alone. */
    static void verify(Head head, String verifierKey) throws Exception {
        String[] parts = verifierKey.split("\\+", 3);
        byte[] typed = Base64.getDecoder().decode(parts[2]);
        assertThat(typed[0]).isEqualTo((byte) 1);
        byte[] key = Arrays.copyOfRange(typed, 1, typed.length);
        byte[] id = Arrays.copyOf(ReferenceTree.sha256((parts[0] + "\n").getBytes(UTF_8), new byte[] {1}, key), 4);
        assertThat(parts[1]).isEqualTo(HexFormat.of().formatHex(id));

        String[] line = head.signatures().getFirst().split(" ");
        assertThat(line[0]).isEqualTo("—");
        assertThat(line[1]).isEqualTo(parts[0]).isEqualTo(head.origin());
        byte[] signed = Base64.getDecoder().decode(line[2]);
        assertThat(Arrays.copyOf(signed, 4)).isEqualTo(id);
        ByteArrayOutputStream x509 = new ByteArrayOutputStream();
        x509.writeBytes(HexFormat.of().parseHex("302a300506032b6570032100"));
        x509.writeBytes(key);
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509.toByteArray())));
        verifier.update(head.text().getBytes(UTF_8));
        assertThat(verifier.verify(signed, 4, signed.length - 4)).isTrue();
    }

    HttpResponse<byte[]> bytes(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
        return CLIENT.send(
                (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofByteArray());
    }

    /** The entries of the log's first events, made from an export as docs/log-format.md says. */
    List<byte[]> entries(long size) {
        List<byte[]> entries = new ArrayList<>();
        query.get("/audit/export?to=" + size).body().lines().skip(1).limit(size).forEach(text -> {
            JsonNode line = EventJson.MAPPER.readTree(text);
            entries.add((String.join(
                                    "\n",
                                    "issue-ledger/event/v2",
                                    line.get("position").asString(),
                                    line.get("issueId").asString(),
                                    line.get("version").asString(),
                                    line.get("type").asString(),
                                    line.get("revision").asString(),
                                    line.get("recordedAt").asString(),
                                    commitment(line, "payload"),
                                    commitment(line, "metadata"))
                            + "\n")
                    .getBytes(UTF_8));
        });
        return entries;
    }

    private static String commitment(JsonNode line, String text) {
        JsonNode salt = line.get(text + "Salt");
        return salt.isNull()
                ? line.get(text + "Commitment").asString()
                : Commitments.commitment(salt.asString(), line.get(text).asString());
    }
}
