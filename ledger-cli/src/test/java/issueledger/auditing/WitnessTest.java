package issueledger.auditing;

import static issueledger.proof.ProofExamples.LOG;
import static issueledger.proof.ProofExamples.MARA;
import static issueledger.proof.ProofExamples.NOW;
import static issueledger.proof.ProofExamples.ORIGIN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.auditing.Witness.Reply;
import issueledger.proof.AddCheckpoint;
import issueledger.proof.Checkpoint;
import issueledger.proof.KeySeed;
import issueledger.proof.MerkleTree;
import issueledger.proof.NoteSignature;
import issueledger.proof.ProofExamples;
import issueledger.proof.SignatureType;
import issueledger.proof.Signed;
import issueledger.proof.SignedNote;
import issueledger.proof.SigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** C2SP tlog-witness. */
class WitnessTest {
    @TempDir
    Path folder;

    private final AuditedLog log = AuditedLog.of(20);
    private Witness witness;

    @BeforeEach
    void start() {
        witness = new Witness(MARA, List.of(LOG.verifier()), folder, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private Reply add(AuditedLog of, int old, int size) throws IOException {
        return witness.add(new AddCheckpoint(old, MerkleTree.consistency(of.tree(), old, size), of.checkpoint(size))
                .text()
                .getBytes(UTF_8));
    }

    private static void isCosigned(Reply reply, SignedNote checkpoint) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        NoteSignature line = NoteSignature.parse(reply.body().strip());
        assertThat(checkpoint.with(List.of(line)).verify(List.of(MARA.verifier())))
                .containsExactly(new Signed(MARA.verifier(), NOW));
    }

    @Test
    void each_checkpoint_that_contains_the_last_one_is_cosigned() throws IOException {
        isCosigned(add(log, 0, 5), log.checkpoint(5));
        isCosigned(add(log, 5, 5), log.checkpoint(5));
        isCosigned(add(log, 5, 20), log.checkpoint(20));
        witness = new Witness(MARA, List.of(LOG.verifier()), folder, Clock.fixed(NOW, ZoneOffset.UTC));
        assertThat(add(log, 5, 20)).isEqualTo(new Reply(409, "text/x.tlog.size", "20\n"));
    }

    @Test
    void an_old_size_that_is_not_its_own_is_answered_with_its_own() throws IOException {
        assertThat(add(log, 3, 5)).isEqualTo(new Reply(409, "text/x.tlog.size", "0\n"));
        add(log, 0, 5);
        assertThat(add(log, 0, 7)).isEqualTo(new Reply(409, "text/x.tlog.size", "5\n"));
    }

    @Test
    void another_history_is_never_cosigned() throws IOException {
        add(log, 0, 10);
        AuditedLog other = log.rewritten(4);
        assertThat(add(other, 10, 10).status()).isEqualTo(409);
        assertThat(add(other, 10, 20).status()).isEqualTo(422);
        assertThat(add(log, 10, 20).status()).isEqualTo(200);
    }

    @Test
    void a_checkpoint_below_the_old_size_and_a_malformed_request_are_400() throws IOException {
        add(log, 0, 10);
        AddCheckpoint back = new AddCheckpoint(10, List.of(), log.checkpoint(5));
        assertThat(witness.add(back.text().getBytes(UTF_8)).status()).isEqualTo(400);
        assertThat(witness.add("old 10\n".getBytes(UTF_8)).status()).isEqualTo(400);
        assertThat(witness.add(new byte[] {-1}).status()).isEqualTo(400);
    }

    @Test
    void a_proof_from_nothing_must_be_empty_and_an_empty_tree_has_the_empty_root() throws IOException {
        AddCheckpoint padded = new AddCheckpoint(0, List.of(MerkleTree.EMPTY), log.checkpoint(5));
        assertThat(witness.add(padded.text().getBytes(UTF_8)).status()).isEqualTo(422);
        Checkpoint wrong = new Checkpoint(ORIGIN, 0, log.head(5).root());
        AddCheckpoint empty = new AddCheckpoint(0, List.of(), ProofExamples.checkpoint(LOG, wrong));
        assertThat(witness.add(empty.text().getBytes(UTF_8)).status()).isEqualTo(422);
        assertThat(add(AuditedLog.of(0), 0, 0).status()).isEqualTo(200);
        assertThat(add(log, 0, 5).status()).isEqualTo(200);
    }

    @Test
    void an_unknown_log_is_404_and_an_unknown_or_forged_signature_403() throws IOException {
        SigningKey stranger = SigningKey.of("stranger.example", SignatureType.ED25519, KeySeed.freshEd25519());
        SignedNote theirs = ProofExamples.checkpoint(stranger, new Checkpoint("stranger.example", 0, MerkleTree.EMPTY));
        assertThat(witness.add(new AddCheckpoint(0, List.of(), theirs).text().getBytes(UTF_8))
                        .status())
                .isEqualTo(404);
        SigningKey thief = SigningKey.of(ORIGIN, SignatureType.ED25519, KeySeed.freshEd25519());
        SignedNote stolen = ProofExamples.checkpoint(thief, log.head(5));
        assertThat(witness.add(new AddCheckpoint(0, List.of(), stolen).text().getBytes(UTF_8))
                        .status())
                .isEqualTo(403);
        SignedNote forged = new SignedNote(log.head(6).text(), log.checkpoint(5).signatures());
        assertThat(witness.add(new AddCheckpoint(0, List.of(), forged).text().getBytes(UTF_8))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void it_serves_what_it_cosigned_with_the_logs_signature_and_its_own() throws Exception {
        try (WitnessServer server =
                WitnessServer.start(witness, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            URI address = URI.create("http://localhost:" + server.port());
            String hash = Witness.hash(ORIGIN);
            assertThat(get(address, "/" + hash + "/checkpoint").statusCode()).isEqualTo(404);
            SignedNote noisy = log.checkpoint(8)
                    .with(List.of(ProofExamples.OLEG.sign(log.checkpoint(8).text(), NOW)));
            HttpResponse<String> added = send(HttpRequest.newBuilder(address.resolve("/add-checkpoint"))
                    .POST(HttpRequest.BodyPublishers.ofString(new AddCheckpoint(0, List.of(), noisy).text())));
            assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
            assertThat(added.body()).startsWith("— mara.example/witness ").endsWith("\n");
            HttpResponse<String> latest = get(address, "/" + hash + "/checkpoint");
            assertThat(latest.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
            SignedNote note = SignedNote.parse(latest.body());
            assertThat(note.signatures()).hasSize(2);
            assertThat(note.verify(List.of(LOG.verifier(), MARA.verifier()))).hasSize(2);
            assertThat(get(address, "/add-checkpoint").statusCode()).isEqualTo(405);
            assertThat(get(address, "/").statusCode()).isEqualTo(404);
            assertThat(get(address, "/" + "0".repeat(64) + "/checkpoint").statusCode())
                    .isEqualTo(404);
            assertThat(send(HttpRequest.newBuilder(address.resolve("/add-checkpoint"))
                                    .POST(HttpRequest.BodyPublishers.ofString("x".repeat(70_000))))
                            .statusCode())
                    .isEqualTo(413);
        }
    }

    private static HttpResponse<String> get(URI address, String path) throws Exception {
        return send(HttpRequest.newBuilder(address.resolve(path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
