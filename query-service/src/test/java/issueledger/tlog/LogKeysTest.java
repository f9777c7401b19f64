package issueledger.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import issueledger.proof.Checkpoint;
import issueledger.proof.KeyFile;
import issueledger.proof.KeySeed;
import issueledger.proof.MerkleTree;
import issueledger.proof.SignatureType;
import issueledger.proof.SignedNote;
import issueledger.proof.SigningKey;
import issueledger.startup.StartupFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ISSUE_LEDGER_SIGNING_KEY}, {@code ISSUE_LEDGER_ORIGIN}, {@code ISSUE_LEDGER_MLDSA_KEY}. */
class LogKeysTest {
    private static final Checkpoint HEAD = new Checkpoint("example.org/log", 0, MerkleTree.EMPTY);

    @TempDir
    private Path folder;

    private LogKeys keys(String origin, String signingKey, String mldsaKey) {
        return TlogConfiguration.keys(folder.resolve("data"), origin, signingKey, mldsaKey, false);
    }

    private String written(String name, KeySeed seed) throws IOException {
        Path file = folder.resolve(name);
        KeyFile.write(file, seed);
        return file.toString();
    }

    @Test
    void a_key_is_made_once_and_names_the_log() throws Exception {
        List<CompletableFuture<LogKeys>> starts = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> keys("", "", ""), Thread::startVirtualThread))
                .toList();
        List<String> texts =
                starts.stream().map(start -> start.join().text()).distinct().toList();

        assertThat(texts).hasSize(1).first().asString().endsWith("\n");
        LogKeys again = keys("", "", "");
        assertThat(again.text()).isEqualTo(texts.getFirst());
        byte[] key = again.keys().getFirst().verifier().publicKey();
        assertThat(again.origin())
                .isEqualTo("issue-ledger/"
                        + HexFormat.of().formatHex(ReferenceTree.sha256(key)).substring(0, 16));
        try (Stream<Path> files = Files.list(folder.resolve("data"))) {
            assertThat(files).extracting(file -> file.getFileName().toString()).containsExactly("signing-key.pem");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data/signing-key.pem"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_given_key_and_origin_are_used_and_none_is_made() throws Exception {
        KeySeed seed = KeySeed.freshEd25519();

        LogKeys keys = keys("example.org/log", written("key.pem", seed), "");

        assertThat(keys.text())
                .isEqualTo(SigningKey.of("example.org/log", SignatureType.ED25519, seed)
                                .verifier() + "\n");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void with_mongodb_no_key_is_made() {
        LogKeys keys = TlogConfiguration.keys(folder.resolve("data"), "", "", "", true);

        assertThat(keys.canSign()).isFalse();
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void a_second_signature_is_made_with_a_second_key() throws Exception {
        assumeThat(SignatureType.ML_DSA_44_COSIGNATURE.isAvailable())
                .as("this Java has ML-DSA-44")
                .isTrue();
        LogKeys keys = keys(
                "example.org/log",
                written("key.pem", KeySeed.freshEd25519()),
                written("second.pem", KeySeed.freshMlDsa44()));

        SignedNote note = keys.sign(HEAD, Instant.parse("2026-03-01T08:00:00Z"));

        assertThat(keys.text().lines()).hasSize(2);
        assertThat(note.signatures()).hasSize(2);
        assertThat(note.verify(keys.keys().stream().map(SigningKey::verifier).toList()))
                .hasSize(2);
    }

    @Test
    void a_key_of_the_other_algorithm_ends_the_start() throws Exception {
        assumeThat(SignatureType.ML_DSA_44_COSIGNATURE.isAvailable()).isTrue();
        String ed25519 = written("key.pem", KeySeed.freshEd25519());
        String mldsa = written("second.pem", KeySeed.freshMlDsa44());

        fails("", mldsa, "", "ISSUE_LEDGER_SIGNING_KEY");
        fails("", ed25519, ed25519, "ISSUE_LEDGER_MLDSA_KEY");
    }

    private void fails(String origin, String signingKey, String mldsaKey, String why) {
        assertThatThrownBy(() -> keys(origin, signingKey, mldsaKey))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(why)
                .hasMessageEndingWith(".");
    }

    @Test
    void a_file_that_is_no_key_ends_the_start_with_a_sentence() throws Exception {
        Path file = Files.writeString(folder.resolve("diary.txt"), "Dear diary");

        fails("", file.toString(), "", "diary.txt");
        fails("", folder.resolve("nowhere.pem").toString(), "", "nowhere.pem");
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/signing-key.pem"), "");
        fails("", "", "", "signing-key.pem");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "a+b", "a\nb", "a\tb", "a\u00a0b"})
    void an_origin_that_can_be_no_name_ends_the_start(String origin) {
        fails(origin, "", "", "ISSUE_LEDGER_ORIGIN");
    }

    @Test
    void a_long_origin_ends_the_start() {
        assertThat(keys("o".repeat(255), "", "").origin()).hasSize(255);
        fails("ö".repeat(128), "", "", "ISSUE_LEDGER_ORIGIN");
    }
}
