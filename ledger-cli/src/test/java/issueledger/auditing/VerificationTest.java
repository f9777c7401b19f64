package issueledger.auditing;

import static issueledger.proof.ProofExamples.LOG;
import static issueledger.proof.ProofExamples.MARA;
import static issueledger.proof.ProofExamples.NOW;
import static issueledger.proof.ProofExamples.OLEG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.auditing.Finding.Aspect;
import issueledger.auditing.Finding.Status;
import issueledger.proof.KeySeed;
import issueledger.proof.MerkleTree;
import issueledger.proof.Policy;
import issueledger.proof.SignatureType;
import issueledger.proof.SignedNote;
import issueledger.proof.SigningKey;
import issueledger.proof.TlogProof;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerificationTest {
    private static final AuditedLog LEDGER = AuditedLog.of(21);
    private static final Trust KEY = new Trust(List.of(LOG.verifier()), null);
    private static final Trust STRANGER = new Trust(
            List.of(SigningKey.of("example.org/ledger", SignatureType.ED25519, KeySeed.freshEd25519())
                    .verifier()),
            null);

    @TempDir
    Path folder;

    private Verdict export(Trust trust, List<String> lines) throws IOException {
        return export(trust, lines, null);
    }

    private Verdict export(Trust trust, List<String> lines, @Nullable SignedNote kept) throws IOException {
        Path file = folder.resolve("export.ndjson");
        Files.writeString(file, String.join("\n", lines) + "\n");
        return new ExportVerification(file, trust, new Progress(new PrintWriter(System.err, true))).verify(kept);
    }

    private static Status status(Verdict verdict, Aspect aspect) {
        return finding(verdict, aspect).status();
    }

    private static Finding finding(Verdict verdict, Aspect aspect) {
        return verdict.findings().stream()
                .filter(each -> each.aspect() == aspect)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_signed_export_is_proven_and_each_line_says_what_it_rests_on() throws IOException {
        Verdict verdict = export(KEY, LEDGER.export(1, 21, LEDGER.checkpoint()));
        assertThat(verdict.answer()).isEqualTo(Answer.GOOD);
        assertThat(verdict.text())
                .isEqualTo(folder.resolve("export.ndjson")
                        + """
                        : an export of positions 1 to 21
                        INTEGRITY     PROVEN: the chain of hashes from its beginning and a checkpoint of 21 events, signed
                        COMPLETENESS  NOT SHOWN: positions 1 to 21 are here without a gap; nothing here tells whether more were recorded after
                        TIME          CLAIMED: 2026-02-14T09:30:00.000Z to 2026-02-14T09:30:10.000Z by the service's clock
                        ORIGIN        PROVEN: the key %s of example.org/ledger, which you gave
                        GOOD
                        """.formatted(LOG.verifier().id()));
        assertThat(verdict.json())
                .startsWith("{\"answer\":\"GOOD\",\"subject\":")
                .contains("\"integrity\":{\"status\":\"PROVEN\",\"restsOn\":\"the chain of hashes")
                .endsWith("\"erased\":[]}");
    }

    @Test
    void an_older_checkpoint_proves_the_events_up_to_it() throws IOException {
        Verdict verdict = export(KEY, LEDGER.export(1, 21, LEDGER.checkpoint(8)));
        assertThat(verdict.answer()).isEqualTo(Answer.GOOD);
        assertThat(finding(verdict, Aspect.INTEGRITY).restsOn())
                .endsWith("a checkpoint of 8 events, signed, positions 9 to 21 on the chain alone");
    }

    @Test
    void without_a_key_an_export_is_as_good_as_its_chain() throws IOException {
        Verdict verdict = export(Trust.NONE, LEDGER.export(1, 21, LEDGER.checkpoint()));
        assertThat(verdict.answer()).isEqualTo(Answer.GOOD);
        assertThat(status(verdict, Aspect.INTEGRITY)).isEqualTo(Status.CLAIMED);
        assertThat(status(verdict, Aspect.ORIGIN)).isEqualTo(Status.NOT_SHOWN);
        assertThat(export(Trust.NONE, LEDGER.export(1, 21, null)).answer()).isEqualTo(Answer.GOOD);
        assertThat(export(Trust.NONE, LEDGER.export(5, 12, null)).answer()).isEqualTo(Answer.GOOD);
    }

    @Test
    void a_key_cannot_be_held_against_an_export_that_its_checkpoint_does_not_cover() throws IOException {
        assertThat(export(KEY, LEDGER.export(1, 21, null)).answer()).isEqualTo(Answer.CANNOT_TELL);
        assertThat(export(KEY, LEDGER.export(5, 12, LEDGER.checkpoint())).answer())
                .isEqualTo(Answer.CANNOT_TELL);
        assertThat(export(KEY, LEDGER.export(1, 12, LEDGER.checkpoint())).answer())
                .isEqualTo(Answer.CANNOT_TELL);
    }

    @Test
    void another_ledgers_key_is_not_good() throws IOException {
        Verdict verdict = export(STRANGER, LEDGER.export(1, 21, LEDGER.checkpoint()));
        assertThat(verdict.answer()).isEqualTo(Answer.NOT_GOOD);
        assertThat(status(verdict, Aspect.ORIGIN)).isEqualTo(Status.BROKEN);
        assertThat(export(STRANGER, LEDGER.export(1, 12, LEDGER.checkpoint())).answer())
                .isEqualTo(Answer.NOT_GOOD);
    }

    @Test
    void a_history_that_was_rewritten_with_all_hashes_is_found_by_a_kept_checkpoint() throws IOException {
        List<String> rewritten = LEDGER.rewritten(7).export(1, 21, null);
        assertThat(export(Trust.NONE, rewritten).answer()).isEqualTo(Answer.GOOD);
        for (Trust trust : List.of(Trust.NONE, KEY)) {
            Verdict verdict = export(trust, rewritten, LEDGER.checkpoint(10));
            assertThat(verdict.answer()).isEqualTo(Answer.NOT_GOOD);
            assertThat(finding(verdict, Aspect.INTEGRITY).restsOn())
                    .startsWith("positions 1 to 10 are not those of the checkpoint");
        }
        assertThat(export(KEY, rewritten, LEDGER.checkpoint(6)).answer()).isEqualTo(Answer.GOOD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "going on|gone|position 7 is not as it was written",
                "NoteRecorded|NoteCorrected|position 7 is not as it was written",
                "\"position\":8|\"position\":9|position 8 is missing: 9 stands there",
                "\"version\":4|\"version\":5|position 8 is not the next version of its issue",
                "09:30:03.000Z|09:29:03.000Z|position 8 was recorded before its predecessor",
                "09:30:03.000Z|09:30:03Z|position 8 has a recordedAt that is no time",
                "\"commit\":7|\"commit\":5|position 8 is not of the commit that it stands in",
                "\"payloadSalt\":\"|\"payloadSalt\":\"0|position 8 a salt or commitment is not",
                "\"metadata\":\"|\"metadata\":\"{}\",\"metadata\":\"|position 8 cannot be read: its line is no JSON",
                "{|[|position 8 cannot be read: its line is no JSON",
            })
    void a_changed_line_is_named(String was, String is, String fault) throws IOException {
        List<String> lines = LEDGER.export(1, 21, LEDGER.checkpoint());
        assertThat(lines.get(8)).contains(was);
        lines.set(8, lines.get(8).replace(was, is));
        Verdict verdict = export(KEY, lines);
        assertThat(verdict.answer()).isEqualTo(Answer.NOT_GOOD);
        assertThat(status(verdict, Aspect.INTEGRITY)).isEqualTo(Status.BROKEN);
        assertThat(finding(verdict, Aspect.INTEGRITY).restsOn()).startsWith(fault);
    }

    @Test
    void a_line_that_is_missing_or_too_many_is_named() throws IOException {
        List<String> cut = LEDGER.export(1, 21, null);
        cut.removeLast();
        assertThat(finding(export(Trust.NONE, cut), Aspect.INTEGRITY).restsOn()).isEqualTo("position 21 is missing");
        List<String> more = LEDGER.export(1, 21, null);
        more.add(LEDGER.export(1, 21, null).getLast());
        assertThat(export(Trust.NONE, more).answer()).isEqualTo(Answer.NOT_GOOD);
        List<String> other = LEDGER.export(1, 21, null);
        other.set(0, other.get(0).replace("\"to\":21", "\"to\":20"));
        assertThat(finding(export(Trust.NONE, other), Aspect.INTEGRITY).restsOn())
                .isEqualTo("position 21 is not announced by the first line");
    }

    @Test
    void something_else_than_an_export_cannot_be_told_of() {
        for (String text : List.of("", "{}", "[]", "{\"format\":\"issue-ledger/export/v3\"}", LEDGER.bundle("slow"))) {
            assertThatThrownBy(() -> export(Trust.NONE, List.of(text)))
                    .isInstanceOf(UnreadableInput.class)
                    .hasMessageContaining("is no export of format issue-ledger/export/v2");
        }
    }

    @Test
    void an_erased_event_is_erased_and_not_broken() throws IOException {
        AuditedLog erased = LEDGER.erased(7);
        Verdict verdict = export(KEY, erased.export(1, 21, LEDGER.checkpoint()));
        assertThat(verdict.answer()).isEqualTo(Answer.GOOD);
        assertThat(verdict.text()).contains("ERASED        position 7: payload; what stands there is unproven\n");
        assertThat(verdict.json()).endsWith("\"erased\":[{\"position\":7,\"payload\":true,\"metadata\":false}]}");

        Verdict bundle =
                new BundleVerification(KEY).verify("b", erased.bundle("slow").getBytes(UTF_8));
        assertThat(bundle.answer()).isEqualTo(Answer.GOOD);
        assertThat(bundle.erased()).containsExactly(new Verdict.Erased(7, true, false));
    }

    @Test
    void the_proof_of_an_event_is_verified_by_itself_and_with_its_texts() {
        for (int position = 1; position <= 21; position++) {
            Verdict verdict = new ProofVerification(KEY).verify("p", LEDGER.proof(position), null);
            assertThat(verdict.answer()).isEqualTo(Answer.GOOD);
            assertThat(verdict.subject())
                    .isEqualTo("p: position " + position + ", version " + (position + 1) / 2 + " of issue "
                            + (position % 2 == 1 ? "slow" : "broken") + ", NoteRecorded");
            assertThat(new ProofVerification(KEY)
                            .verify("p", LEDGER.proof(position), LEDGER.line(position))
                            .answer())
                    .isEqualTo(Answer.GOOD);
        }
        assertThat(new ProofVerification(Trust.NONE)
                        .verify("p", LEDGER.proof(3), null)
                        .answer())
                .isEqualTo(Answer.CANNOT_TELL);
        assertThat(new ProofVerification(STRANGER)
                        .verify("p", LEDGER.proof(3), null)
                        .answer())
                .isEqualTo(Answer.NOT_GOOD);
    }

    @Test
    void a_proof_of_something_else_is_not_good() {
        TlogProof proof = LEDGER.proof(7);
        AuditedLog rewritten = LEDGER.rewritten(7);
        assertThat(new ProofVerification(KEY)
                        .verify("p", proof, rewritten.line(7))
                        .answer())
                .isEqualTo(Answer.NOT_GOOD);
        TlogProof forged = new TlogProof(rewritten.proof(7).extra(), proof.index(), proof.path(), proof.checkpoint());
        assertThat(finding(new ProofVerification(KEY).verify("p", forged, null), Aspect.INTEGRITY)
                        .restsOn())
                .isEqualTo("the entry is not at its place in the checkpoint's tree");
        TlogProof moved =
                new TlogProof(proof.extra(), 8, MerkleTree.inclusion(LEDGER.tree(), 8, 21), proof.checkpoint());
        assertThat(new ProofVerification(KEY).verify("p", moved, null).answer()).isEqualTo(Answer.NOT_GOOD);
        TlogProof bare = new TlogProof(proof.index(), proof.path(), proof.checkpoint());
        assertThat(new ProofVerification(KEY).verify("p", bare, null).answer()).isEqualTo(Answer.CANNOT_TELL);
        assertThat(new ProofVerification(KEY).verify("p", bare, LEDGER.line(7)).answer())
                .isEqualTo(Answer.GOOD);
        TlogProof nonsense = new TlogProof("AAAA", 6, proof.path(), proof.checkpoint());
        assertThatThrownBy(() -> new ProofVerification(KEY).verify("p", nonsense, null))
                .isInstanceOf(UnreadableInput.class);
    }

    @Test
    void a_bundle_is_proven_event_by_event() {
        Verdict verdict =
                new BundleVerification(KEY).verify("b", LEDGER.bundle("broken").getBytes(UTF_8));
        assertThat(verdict.answer()).isEqualTo(Answer.GOOD);
        assertThat(verdict.subject()).isEqualTo("b: issue broken, versions 1 to 10");
        assertThat(status(verdict, Aspect.COMPLETENESS)).isEqualTo(Status.NOT_SHOWN);
        assertThat(new BundleVerification(Trust.NONE)
                        .verify("b", LEDGER.bundle("broken").getBytes(UTF_8))
                        .answer())
                .isEqualTo(Answer.CANNOT_TELL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "going on|gone|version 1 is not at its place in the checkpoint's tree",
                "\"version\":4|\"version\":5|version 4 is missing: version 5 stands there",
                "\"index\":3|\"index\":4|version 2 has another index than its position minus 1",
                "\"issueId\":\"broken\",\"version\":3|\"issueId\":\"slow\",\"version\":3|version 3 is of another"
                        + " issue, slow",
                "\"proof\":[|\"proof\":[\"AAAA\",|version 1 \"AAAA\" is no hash of 32 bytes in base64",
            })
    void a_changed_bundle_is_named(String was, String is, String fault) {
        String bundle = LEDGER.bundle("broken");
        assertThat(bundle).contains(was);
        Verdict verdict =
                new BundleVerification(KEY).verify("b", bundle.replace(was, is).getBytes(UTF_8));
        assertThat(verdict.answer()).isEqualTo(Answer.NOT_GOOD);
        assertThat(finding(verdict, Aspect.INTEGRITY).restsOn()).startsWith(fault);
    }

    @Test
    void a_bundle_without_events_or_of_another_format_cannot_be_told_of() {
        for (String text : List.of("", "{}", "[]", "{\"format\":\"issue-ledger/bundle/v1\",\"events\":[]}")) {
            assertThatThrownBy(() -> new BundleVerification(KEY).verify("b", text.getBytes(UTF_8)))
                    .isInstanceOf(UnreadableInput.class);
        }
    }

    @Test
    void a_policy_wants_its_log_and_its_quorum() {
        Policy policy = Policy.parse(("log " + LOG.verifier() + "\nwitness mara " + MARA.verifier() + "\nwitness oleg "
                        + OLEG.verifier() + "\ngroup both all mara oleg\nquorum both\n")
                .getBytes(UTF_8));
        CheckpointVerification verification = new CheckpointVerification(new Trust(List.of(), policy));
        SignedNote signed = LEDGER.checkpoint();
        Verdict none = verification.verify("c", signed);
        assertThat(none.answer()).isEqualTo(Answer.NOT_GOOD);
        assertThat(finding(none, Aspect.ORIGIN).restsOn())
                .endsWith("no witness of it cosigned, and its quorum both is not met");
        SignedNote cosigned =
                signed.with(List.of(MARA.sign(signed.text(), NOW), OLEG.sign(signed.text(), NOW.plusSeconds(1))));
        Verdict both = verification.verify("c", cosigned);
        assertThat(both.answer()).isEqualTo(Answer.GOOD);
        assertThat(status(both, Aspect.TIME)).isEqualTo(Status.PROVEN);
        assertThat(finding(both, Aspect.TIME).restsOn())
                .startsWith("it was there when it was cosigned: mara.example/witness at 2026-02-14T09:30:00Z");
    }

    @Test
    void a_forged_signature_is_not_good() {
        SignedNote signed = LEDGER.checkpoint();
        SignedNote forged = new SignedNote(LEDGER.rewritten(3).head(21).text(), signed.signatures());
        assertThat(new CheckpointVerification(KEY).verify("c", forged).answer()).isEqualTo(Answer.NOT_GOOD);
    }
}
