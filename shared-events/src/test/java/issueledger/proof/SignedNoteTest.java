package issueledger.proof;

import static issueledger.proof.ProofExamples.LOG;
import static issueledger.proof.ProofExamples.MARA;
import static issueledger.proof.ProofExamples.NOW;
import static issueledger.proof.ProofExamples.OLEG;
import static issueledger.proof.ProofExamples.ORIGIN;
import static issueledger.proof.ProofExamples.checkpoint;
import static issueledger.proof.ProofExamples.entries;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C2SP signed-note, tlog-checkpoint and tlog-cosignature. */
class SignedNoteTest {
    /** From the documentation of golang.org/x/mod/sumdb/note. */
    private static final String PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    private static final String PETERS_NOTE = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
        """;

    @Test
    void a_note_of_the_go_authors_is_verified() {
        VerifierKey key = VerifierKey.parse(PETER);
        assertThat(key).hasToString(PETER);
        assertThat(key.type()).isEqualTo(SignatureType.ED25519);
        SignedNote note = SignedNote.parse(PETERS_NOTE);
        assertThat(note.verify(List.of(key))).extracting(Signed::key).containsExactly(key);
        assertThat(note.note()).isEqualTo(PETERS_NOTE);
    }

    @Test
    void a_changed_text_of_a_known_key_is_refused() {
        SignedNote note = SignedNote.parse(PETERS_NOTE.replace("problem is", "problem was"));
        assertThatThrownBy(() -> note.verify(List.of(VerifierKey.parse(PETER))))
                .isInstanceOf(InvalidSignature.class)
                .hasMessage("the signature of PeterNeumann (key c74f20a3) is not of this text");
    }

    @Test
    void unknown_keys_are_skipped_and_several_known_ones_verified_each_once() {
        SignedNote signed = checkpoint(entries(5));
        SignedNote note = signed.with(List.of(MARA.sign(signed.text(), NOW), OLEG.sign(signed.text(), NOW)));
        SignedNote twice = note.with(List.of(MARA.sign(signed.text(), NOW.plusSeconds(5))));
        assertThat(twice.signatures()).hasSize(4);
        assertThat(twice.verify(List.of(OLEG.verifier(), LOG.verifier())))
                .containsExactly(new Signed(LOG.verifier(), null), new Signed(OLEG.verifier(), NOW));
        assertThat(twice.verify(List.of(MARA.verifier()))).containsExactly(new Signed(MARA.verifier(), NOW));
        assertThat(twice.verify(List.of())).isEmpty();
        assertThat(note.with(note.signatures())).isEqualTo(note);
    }

    @Test
    void a_key_of_the_same_name_and_another_id_is_another_key() {
        SigningKey other = SigningKey.of(ORIGIN, SignatureType.ED25519, KeySeed.freshEd25519());
        assertThat(checkpoint(entries(1)).verify(List.of(other.verifier()))).isEmpty();
    }

    @Test
    void a_cosignatures_time_is_signed() {
        SignedNote signed = checkpoint(entries(5));
        String line = MARA.sign(signed.text(), NOW).base64();
        byte[] bytes = Fields.base64(line, "");
        bytes[11]++; // The last byte of the time.
        SignedNote changed =
                signed.with(List.of(new NoteSignature(MARA.verifier().name(), Fields.encode(bytes))));
        assertThatThrownBy(() -> changed.verify(List.of(MARA.verifier()))).isInstanceOf(InvalidSignature.class);
    }

    @Test
    void a_signature_of_another_length_is_refused_and_not_an_error() {
        byte[] bytes = Fields.base64(LOG.sign("a\n", NOW).base64(), "");
        for (int length : new int[] {5, bytes.length - 1, bytes.length + 1}) {
            NoteSignature cut = new NoteSignature(ORIGIN, Fields.encode(Arrays.copyOf(bytes, length)));
            assertThatThrownBy(() -> new SignedNote("a\n", List.of(cut)).verify(List.of(LOG.verifier())))
                    .isInstanceOf(InvalidSignature.class);
        }
    }

    @Test
    void ed25519_makes_the_signatures_of_rfc_8032() {
        String key =
                "302e020100300506032b657004220420" + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        KeySeed seed = KeySeed.parse("-----BEGIN PRIVATE KEY-----\n"
                + Fields.encode(HexFormat.of().parseHex(key))
                + "\n-----END PRIVATE KEY-----\n");
        assertThat(Hash.of(seed.publicKey()).hex())
                .isEqualTo("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        NoteSignature signature =
                SigningKey.of("a", SignatureType.ED25519, seed).sign("", NOW);
        assertThat(HexFormat.of().formatHex(signature.signature()))
                .isEqualTo("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    }

    @Test
    void an_ml_dsa_44_cosignature_is_verified_and_bound_to_the_cosigners_name() {
        assumeTrue(SignatureType.ML_DSA_44_COSIGNATURE.isAvailable(), "this Java has no ML-DSA");
        KeySeed seed = KeySeed.parse(KeySeed.freshMlDsa44().pem());
        SigningKey key = SigningKey.of(ORIGIN, SignatureType.ML_DSA_44_COSIGNATURE, seed);
        SignedNote signed = checkpoint(entries(5));
        SignedNote note = signed.with(List.of(key.sign(signed.text(), NOW)));
        VerifierKey verifier = VerifierKey.parse(key.verifier().toString());
        assertThat(note.verify(List.of(verifier, LOG.verifier())))
                .containsExactly(new Signed(LOG.verifier(), null), new Signed(verifier, NOW));
        assertThat(note.verify(List.of(LOG.verifier()))).hasSize(1);

        SigningKey renamed = SigningKey.of("other.example", SignatureType.ML_DSA_44_COSIGNATURE, seed);
        byte[] bytes = Fields.base64(key.sign(signed.text(), NOW).base64(), "");
        SignedNote moved = new SignedNote(
                signed.text(),
                List.of(NoteSignature.of(
                        "other.example", renamed.verifier().keyId(), Arrays.copyOfRange(bytes, 4, bytes.length))));
        assertThatThrownBy(() -> moved.verify(List.of(renamed.verifier()))).isInstanceOf(InvalidSignature.class);
    }

    @Test
    void a_private_keys_file_is_read_again_and_says_nothing_of_itself() {
        KeySeed seed = KeySeed.freshEd25519();
        assertThat(KeySeed.parse(seed.pem()).publicKey()).isEqualTo(seed.publicKey());
        assertThat(seed.isEd25519()).isTrue();
        assertThat(seed).hasToString("a private key");
        assertThatThrownBy(() -> KeySeed.parse("secret")).isInstanceOf(MalformedProof.class);
        assertThatThrownBy(() -> KeySeed.parse("-----BEGIN PRIVATE KEY-----\nMAAA\n-----END PRIVATE KEY-----\n"))
                .isInstanceOf(MalformedProof.class)
                .hasMessage("the private key is neither Ed25519 nor ML-DSA-44 with its seed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "text\n",
                "text\n\n",
                "text\n\n— name AAAAAAA=",
                "text\n— name AAAAAAA=\n",
                "text\n\n- name AAAAAAA=\n",
                "text\n\n— name\n",
                "text\n\n— name AAAAAA==\n",
                "text\n\n— name AAAAAAA\n",
                "text\n\n— name AAAAAAB=\n",
                "text\n\n— na+me AAAAAAA=\n",
                "text\n\n— na\u00a0me AAAAAAA=\n",
                "text\n\n—  AAAAAAA=\n",
                "text\n\n— name AAAAAAA= \n",
                "te\txt\n\n— name AAAAAAA=\n",
                "text\r\n\n— name AAAAAAA=\n",
            })
    void no_other_text_is_a_note(String text) {
        assertThatThrownBy(() -> SignedNote.parse(text)).isInstanceOf(MalformedProof.class);
    }

    @Test
    void a_note_is_utf_8_and_has_at_most_100_signatures() {
        assertThatThrownBy(() -> SignedNote.parse("é\n\n— name AAAAAAA=\n".getBytes(ISO_8859_1)))
                .isInstanceOf(MalformedProof.class);
        assertThat(SignedNote.parse(("a\n\n" + "— name AAAAAAA=\n".repeat(100)).getBytes(UTF_8))
                        .signatures())
                .hasSize(100);
        assertThatThrownBy(() -> SignedNote.parse("a\n\n" + "— name AAAAAAA=\n".repeat(101)))
                .isInstanceOf(MalformedProof.class);
    }

    @Test
    void a_text_with_empty_lines_ends_at_the_last_of_them() {
        assertThat(SignedNote.parse("a\n\nb\n\n— name AAAAAAA=\n").text()).isEqualTo("a\n\nb\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name",
                "name+c74f20a3",
                "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a3+AQpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10",
                "PeterNeumann+c74f20a3+AhpZ2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a3+",
                "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            })
    void no_other_text_is_a_verifier_key(String text) {
        assertThatThrownBy(() -> VerifierKey.parse(text)).isInstanceOf(MalformedProof.class);
    }

    @Test
    void a_checkpoint_has_one_spelling() {
        String root = MerkleTree.EMPTY.base64();
        String text = "go.sum database tree\n0\n" + root + "\nan extension\n";
        Checkpoint checkpoint = Checkpoint.parse(text);
        assertThat(checkpoint)
                .isEqualTo(new Checkpoint("go.sum database tree", 0, MerkleTree.EMPTY, List.of("an extension")));
        assertThat(checkpoint.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n1\n",
                "\n1\nROOT\n",
                "a\n01\nROOT\n",
                "a\n-1\nROOT\n",
                "a\n+1\nROOT\n",
                "a\n1 \nROOT\n",
                "a\n9223372036854775808\nROOT\n",
                "a\n1\nROOT",
                "a\n1\nROOT\n\n",
                "a\n1\nAAAA\n",
                "a\n1\n\n"
            })
    void no_other_text_is_a_checkpoint(String text) {
        assertThatThrownBy(() -> Checkpoint.parse(text.replace("ROOT", MerkleTree.EMPTY.base64())))
                .isInstanceOf(MalformedProof.class);
    }
}
