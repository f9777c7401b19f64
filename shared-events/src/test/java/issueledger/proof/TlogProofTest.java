package issueledger.proof;

import static issueledger.proof.ProofExamples.LOG;
import static issueledger.proof.ProofExamples.MARA;
import static issueledger.proof.ProofExamples.NOW;
import static issueledger.proof.ProofExamples.OLEG;
import static issueledger.proof.ProofExamples.checkpoint;
import static issueledger.proof.ProofExamples.entries;
import static issueledger.proof.ProofExamples.tree;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C2SP tlog-proof, tlog-witness and tlog-policy. */
class TlogProofTest {
    private static final List<byte[]> ENTRIES = entries(5);

    private static TlogProof proof(long index) {
        return new TlogProof(index, MerkleTree.inclusion(tree(ENTRIES), index, 5), checkpoint(ENTRIES));
    }

    @Test
    void a_proof_is_written_and_read_and_proves_its_entry_alone() {
        for (int index = 0; index < 5; index++) {
            TlogProof proof = TlogProof.parse(proof(index).text().getBytes(UTF_8));
            assertThat(proof).isEqualTo(proof(index));
            for (int other = 0; other < 5; other++) {
                assertThat(proof.proves(ENTRIES.get(other))).isEqualTo(other == index);
            }
        }
        assertThat(proof(4).text())
                .startsWith("c2sp.org/tlog-proof@v1\nindex 4\n")
                .endsWith("\n\n" + checkpoint(ENTRIES).note());
    }

    @Test
    void extra_data_is_kept_and_an_only_leaf_has_no_path() {
        TlogProof only = new TlogProof("AAEC", 0, List.of(), checkpoint(entries(1)));
        assertThat(only.text()).startsWith("c2sp.org/tlog-proof@v1\nextra AAEC\nindex 0\n\nexample.org/ledger\n1\n");
        assertThat(TlogProof.parse(only.text())).isEqualTo(only);
        assertThat(only.proves("entry 0".getBytes(UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c2sp.org/tlog-proof@v1\n",
                "c2sp.org/tlog-proof@v1\n\nNOTE",
                "c2sp.org/tlog-proof@v2\nindex 0\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 00\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex -1\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nextra AAA\nindex 0\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nextra AAAA\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 0\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 0\n\n",
            })
    void no_other_text_is_a_proof(String text) {
        String note = checkpoint(ENTRIES).note();
        assertThatThrownBy(() -> TlogProof.parse(text.replace("NOTE", note))).isInstanceOf(MalformedProof.class);
    }

    @Test
    void a_request_to_a_witness_is_written_and_read() {
        AddCheckpoint first = new AddCheckpoint(0, List.of(), checkpoint(ENTRIES));
        AddCheckpoint next = new AddCheckpoint(3, MerkleTree.consistency(tree(ENTRIES), 3, 5), checkpoint(ENTRIES));
        assertThat(first.text()).startsWith("old 0\n\nexample.org/ledger\n5\n");
        assertThat(AddCheckpoint.parse(first.text().getBytes(UTF_8))).isEqualTo(first);
        assertThat(AddCheckpoint.parse(next.text().getBytes(UTF_8))).isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "old 3", "old 03\n\nNOTE", "old 3\n", "new 3\n\nNOTE", "old 3\nAA\n\nNOTE", "old 3\n\nx"})
    void no_other_text_is_a_request_to_a_witness(String text) {
        byte[] body = text.replace("NOTE", checkpoint(ENTRIES).note()).getBytes(UTF_8);
        assertThatThrownBy(() -> AddCheckpoint.parse(body)).isInstanceOf(MalformedProof.class);
    }

    @Test
    void a_proof_of_64_hashes_is_refused() {
        List<Hash> many = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            many.add(MerkleTree.EMPTY);
        }
        assertThatThrownBy(() -> new AddCheckpoint(1, many, checkpoint(ENTRIES)))
                .isInstanceOf(MalformedProof.class);
        assertThatThrownBy(() -> new TlogProof(1, many, checkpoint(ENTRIES))).isInstanceOf(MalformedProof.class);
    }

    private static Policy policy(String text) {
        return Policy.parse(text.replace("LOG", LOG.verifier().toString())
                .replace("MARA", MARA.verifier().toString())
                .replace("OLEG", OLEG.verifier().toString())
                .getBytes(UTF_8));
    }

    @Test
    void a_policy_without_witnesses_wants_a_logs_signature() {
        Policy policy = policy("# ours\n\n \tlog  LOG\thttps://ledger.example/tlog \nquorum none\n");
        assertThat(policy.logs()).containsExactly(new Policy.Log(LOG.verifier(), "https://ledger.example/tlog"));
        assertThat(policy.verify(checkpoint(ENTRIES)).isMet()).isTrue();
        SigningKey stranger = SigningKey.of("stranger", SignatureType.ED25519, KeySeed.freshEd25519());
        SignedNote other = checkpoint(stranger, new Checkpoint("stranger", 0, MerkleTree.EMPTY));
        assertThat(policy.verify(other).isMet()).isFalse();
    }

    @Test
    void a_quorum_counts_the_witnesses_that_cosigned() {
        Policy one = policy("log LOG\nwitness m MARA\nwitness o OLEG\ngroup g any m o\nquorum g\n");
        Policy both = policy("log LOG\nwitness m MARA\nwitness o OLEG\ngroup g all m o\nquorum g\n");
        Policy two = policy("log LOG\nwitness m MARA\nwitness o OLEG\ngroup g 2 m o\nquorum g\n");
        Policy nested = policy("log LOG\nwitness m MARA\nwitness o OLEG\ngroup g all m\ngroup h all g o\nquorum h\n");
        Policy mara = policy("log LOG\nwitness m MARA\nquorum m\n");
        SignedNote signed = checkpoint(ENTRIES);
        SignedNote cosigned = signed.with(List.of(OLEG.sign(signed.text(), NOW)));
        SignedNote twice = cosigned.with(List.of(MARA.sign(signed.text(), NOW)));
        assertThat(List.of(one, both, two, nested, mara)).allSatisfy(policy -> {
            assertThat(policy.verify(signed).isMet()).isFalse();
            assertThat(policy.verify(twice).isMet()).isTrue();
        });
        assertThat(one.verify(cosigned)).isEqualTo(new Policy.Verdict(LOG.verifier(), List.of("o"), true));
        assertThat(List.of(both, two, nested, mara))
                .allSatisfy(
                        policy -> assertThat(policy.verify(cosigned).isMet()).isFalse());
    }

    @Test
    void a_checkpoint_of_another_origin_than_the_logs_key_is_not_the_logs() {
        SignedNote other = checkpoint(LOG, new Checkpoint("other.example", 0, MerkleTree.EMPTY));
        assertThat(policy("log LOG\nquorum none\n").verify(other).log()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log LOG\n",
                "quorum none\nquorum none\n",
                "log LOG\nlog LOG\nquorum none\n",
                "witness m MARA\nwitness n MARA\nquorum m\n",
                "witness m MARA\nwitness m OLEG\nquorum m\n",
                "witness none MARA\nquorum none\n",
                "witness m LOG\nquorum m\n",
                "quorum m\nwitness m MARA\n",
                "witness m MARA\ngroup g 2 m\nquorum g\n",
                "witness m MARA\ngroup g 0 m\nquorum g\n",
                "witness m MARA\ngroup g 01 m\nquorum g\n",
                "witness m MARA\ngroup g any\nquorum g\n",
                "witness m MARA\ngroup g any m m\nquorum g\n",
                "witness m MARA\ngroup g any m\ngroup h any m\nquorum g\n",
                "group g any none\nquorum g\n",
                "wines m MARA\nquorum none\n",
                "log nonsense\nquorum none\n",
                "log LOG\r\nquorum none\n",
                "log LOG a b\nquorum none\n",
            })
    void no_other_text_is_a_policy(String text) {
        assertThatThrownBy(() -> policy(text)).isInstanceOf(MalformedProof.class);
    }
}
