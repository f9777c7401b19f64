package issueledger.auditing;

import static issueledger.proof.ProofExamples.LOG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.proof.KeySeed;
import issueledger.proof.ProofExamples;
import issueledger.proof.SignatureType;
import issueledger.proof.SigningKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What watch and consistency find in a log that is served. */
class WatchTest {
    private static final Progress SILENT = new Progress(new PrintWriter(System.err, true));
    private static final Trust KEY = new Trust(List.of(LOG.verifier()), null);

    @TempDir
    Path folder;

    private final AuditedLog log = AuditedLog.of(300);
    private ServedLog served;
    private Path state;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedLog(log);
        state = folder.resolve("ledger.checkpoint");
    }

    @AfterEach
    void stop() {
        served.close();
    }

    private Comparison look(Trust trust) throws Exception {
        try (Watch watch = new Watch(served.client(), trust, state, SILENT, Duration.ofMillis(1))) {
            return watch.look();
        }
    }

    private AuditedLog grown(int size) {
        log.grow(size);
        return log;
    }

    @Test
    void a_log_that_grows_is_good_and_its_checkpoint_kept() throws Exception {
        assertThat(look(KEY)).isEqualTo(Comparison.good("the first checkpoint seen is of 300 events"));
        assertThat(look(KEY).answer()).isEqualTo(Answer.GOOD);
        served.serve(grown(901));
        assertThat(look(KEY))
                .isEqualTo(Comparison.good(
                        "the log of 901 events begins with the 300 events of the old checkpoint, unchanged"));
        assertThat(Files.readString(state)).isEqualTo(log.checkpoint().note());
        assertThat(Files.size(folder.resolve("ledger.checkpoint.leaves"))).isEqualTo(901 * 32);
    }

    @Test
    void a_rewritten_past_is_named_with_its_position_and_the_proof_is_kept() throws Exception {
        look(KEY);
        String before = Files.readString(state);
        AuditedLog rewritten = grown(310).rewritten(7);
        served.serve(rewritten);
        for (int i = 0; i < 2; i++) { // It rings again at each look.
            assertThat(look(KEY))
                    .isEqualTo(Comparison.notGood(
                            7L,
                            "the log of 310 events does not begin with the 300 events of the old checkpoint:"
                                    + " position 7 is the first that was changed; version 4 of issue slow,"
                                    + " NoteRecorded, stands there now"));
        }
        assertThat(Files.readString(state)).isEqualTo(before);
        assertThat(Files.readString(folder.resolve("ledger.checkpoint.conflict")))
                .isEqualTo(rewritten.checkpoint().note());
    }

    @Test
    void a_service_that_serves_other_tiles_under_its_old_checkpoint_is_found() throws Exception {
        look(KEY);
        served.serve(log.rewritten(299), log.checkpoint());
        Comparison comparison = look(KEY);
        assertThat(comparison.answer()).isEqualTo(Answer.NOT_GOOD);
        assertThat(comparison.position()).isEqualTo(299);
        assertThat(comparison.detail())
                .startsWith("the tree that is served is not that of its checkpoint of 300 events");
    }

    @Test
    void another_tree_of_the_same_size_is_found() throws Exception {
        look(KEY);
        served.serve(log.rewritten(1));
        assertThat(look(KEY).position()).isEqualTo(1);
    }

    @Test
    void a_log_that_lost_its_end_is_found() throws Exception {
        look(KEY);
        served.serve(AuditedLog.of(1), log.checkpoint(1));
        Comparison comparison = look(KEY);
        assertThat(comparison.answer()).isEqualTo(Answer.NOT_GOOD);
        assertThat(comparison.detail())
                .startsWith("the log has 1 events, and had 300: position 2 and those after it are gone");
    }

    @Test
    void a_first_look_does_not_keep_a_checkpoint_that_its_leaves_do_not_make() throws Exception {
        served.serve(log.rewritten(5), log.checkpoint());
        assertThat(look(KEY).answer()).isEqualTo(Answer.NOT_GOOD);
        assertThat(state).doesNotExist();
    }

    @Test
    void without_a_key_the_first_one_named_is_held_to() throws Exception {
        assertThat(look(Trust.NONE))
                .isEqualTo(Comparison.good(
                        "the first checkpoint seen is of 300 events; its key was taken on trust, compare"
                                + " it another way"));
        assertThat(Files.readString(folder.resolve("ledger.checkpoint.key"))).isEqualTo(LOG.verifier() + "\n");
        SigningKey thief = SigningKey.of(ProofExamples.ORIGIN, SignatureType.ED25519, KeySeed.freshEd25519());
        served.serve(log, ProofExamples.checkpoint(thief, log.head(300)));
        assertThat(look(Trust.NONE).answer()).isEqualTo(Answer.NOT_GOOD);
    }

    @Test
    void lost_leaves_are_read_again_and_held_against_the_kept_checkpoint() throws Exception {
        look(KEY);
        Path leaves = folder.resolve("ledger.checkpoint.leaves");
        Files.write(leaves, new byte[64]);
        assertThat(look(KEY).answer()).isEqualTo(Answer.GOOD);
        assertThat(Files.size(leaves)).isEqualTo(300 * 32);
        Files.delete(leaves);
        served.serve(log.rewritten(7));
        assertThat(look(KEY).answer()).isEqualTo(Answer.NOT_GOOD);
    }

    @Test
    void a_service_in_trouble_is_no_alarm() throws Exception {
        look(KEY);
        served.answer(503);
        assertThatThrownBy(() -> look(KEY))
                .isInstanceOf(UnreadableInput.class)
                .hasMessage(served.url() + "/tlog/checkpoint answers 503");
    }

    private Comparison consistency(Trust trust, @Nullable Path earlier, boolean isServed, AuditedLog later)
            throws IOException {
        Path old = folder.resolve("old.checkpoint");
        Files.writeString(old, log.checkpoint(300).note());
        try (OldCheckpoint kept = OldCheckpoint.open(old, earlier, trust, SILENT)) {
            return isServed ? kept.with(served.client()) : kept.with(later.checkpoint(), null);
        }
    }

    @Test
    void consistency_with_a_served_log_tells_whether_and_with_an_earlier_export_where() throws IOException {
        served.serve(grown(520));
        assertThat(consistency(KEY, null, true, log).answer()).isEqualTo(Answer.GOOD);
        served.serve(log.rewritten(123));
        assertThat(consistency(KEY, null, true, log).detail())
                .endsWith("a position from 1 to 300 was changed, moved, added or removed");
        served.listed(List.of(
                log.checkpoint(310),
                log.checkpoint(200),
                log.checkpoint(150),
                log.checkpoint(120),
                log.checkpoint(50)));
        assertThat(consistency(KEY, null, true, log).detail())
                .endsWith("a position from 121 to 150 was changed, moved, added or removed");
        Path earlier = folder.resolve("earlier.ndjson");
        Files.write(earlier, log.export(1, 400, null));
        assertThat(consistency(KEY, earlier, true, log).position()).isEqualTo(123);
        Files.write(earlier, log.rewritten(123).export(1, 400, null));
        assertThatThrownBy(() -> consistency(KEY, earlier, true, log)).isInstanceOf(UnreadableInput.class);
    }

    @Test
    void consistency_of_two_checkpoints_alone_tells_only_of_one_size() throws IOException {
        assertThat(consistency(KEY, null, false, log).answer()).isEqualTo(Answer.GOOD);
        assertThat(consistency(KEY, null, false, log.rewritten(9)).answer()).isEqualTo(Answer.NOT_GOOD);
        assertThat(consistency(KEY, null, false, AuditedLog.of(310)).answer()).isEqualTo(Answer.CANNOT_TELL);
        assertThat(consistency(KEY, null, false, AuditedLog.of(10)).answer()).isEqualTo(Answer.CANNOT_TELL);
    }

    @Test
    void consistency_with_an_export_is_told_offline() throws IOException {
        Path old = folder.resolve("old.checkpoint");
        Files.writeString(old, log.checkpoint(250).note());
        Path export = folder.resolve("export.ndjson");
        try (OldCheckpoint kept = OldCheckpoint.open(old, null, Trust.NONE, SILENT)) {
            Files.write(export, log.export(1, 300, null));
            assertThat(kept.withExport(export).answer()).isEqualTo(Answer.GOOD);
            Files.write(export, log.rewritten(250).export(1, 300, null));
            assertThat(kept.withExport(export).answer()).isEqualTo(Answer.NOT_GOOD);
            Files.write(export, log.export(1, 100, null));
            assertThat(kept.withExport(export).position()).isEqualTo(101);
        }
    }
}
