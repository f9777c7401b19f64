package issueledger.cli;

import issueledger.auditing.BundleVerification;
import issueledger.auditing.CheckpointVerification;
import issueledger.auditing.ExportVerification;
import issueledger.auditing.ProofVerification;
import issueledger.proof.SignedNote;
import issueledger.proof.TlogProof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./ledger verify}: offline, of files alone. */
@Command(
        name = "verify",
        description = {
            "Verifies what the ledger handed out, offline: an export, or with proof, bundle or checkpoint the proof of"
                    + " one event, of an issue's history, or a checkpoint.",
            ""
        },
        footer = {
            "",
            "It prints four lines, each with what it rests on:",
            "  INTEGRITY     nothing of it was changed",
            "  COMPLETENESS  nothing of it is missing",
            "  TIME          it was recorded when it says",
            "  ORIGIN        it is of the ledger that it names",
            "each PROVEN, CLAIMED (somebody says so), NOT SHOWN or BROKEN; then ERASED for each text that is gone,"
                    + " which is no fault; then GOOD, NOT GOOD or CANNOT TELL.",
            "",
            "Exit codes: 0 good, 1 not good, 2 could not tell (or bad arguments). Of an export without --key or"
                    + " --policy, 0 means that its chain of hashes holds in itself: ORIGIN says that anybody could have"
                    + " made it.",
            "",
            "Examples:",
            "  curl -s http://localhost:8081/tlog/key > ledger.key          # once, and compare it by another way",
            "  curl -s http://localhost:8081/audit/export > export.ndjson",
            "  ./ledger verify export.ndjson --key ledger.key",
            "  curl -s http://localhost:8081/issues/ID/events/1/proof > event.tlog-proof",
            "  ./ledger verify proof event.tlog-proof --key ledger.key",
            "  curl -s http://localhost:8081/issues/ID/proof > bundle.json",
            "  ./ledger verify bundle bundle.json --policy policy.txt"
        })
final class VerifyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "an export, as GET /audit/export answers it")
    private @Nullable Path file;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "a checkpoint that you kept, to be held against the export instead of its own")
    private @Nullable Path checkpoint;

    @Mixin
    private TrustOptions trust = new TrustOptions();

    @Mixin
    private AuditOutput output = new AuditOutput();

    @Override
    public Integer call() {
        Path export = file;
        if (export == null) {
            throw new ParameterException(
                    spec.commandLine(), "Missing required parameter: 'FILE', or a command: proof, bundle, checkpoint");
        }
        return output.verdict(() -> new ExportVerification(export, trust.trust(), output.progress())
                .verify(checkpoint == null ? null : SignedNote.parse(Files.readAllBytes(checkpoint))));
    }

    @Command(
            name = "proof",
            description =
                    "Verifies the proof of one event (C2SP tlog-proof), as GET /issues/{id}/events/{version}/proof"
                            + " answers it.",
            footer = {"", "Exit codes: 0 good, 1 not good, 2 could not tell (without --key or --policy at best 2)."})
    int proof(
            @Parameters(paramLabel = "FILE", description = "the proof; - for standard input") String proof,
            @Option(
                            names = "--event",
                            paramLabel = "FILE",
                            description = "the event as a line of an export, whose texts are then proven too")
                    @Nullable
                    Path event,
            @Mixin TrustOptions trusted,
            @Mixin AuditOutput out) {
        return out.verdict(() -> new ProofVerification(trusted.trust())
                .verify(
                        proof,
                        TlogProof.parse(AuditOutput.read(proof)),
                        event == null ? null : Files.readString(event)));
    }

    @Command(
            name = "bundle",
            description = "Verifies the bundle of an issue's whole history, as GET /issues/{id}/proof answers it.",
            footer = {"", "Exit codes: 0 good, 1 not good, 2 could not tell (without --key or --policy at best 2)."})
    int bundle(
            @Parameters(paramLabel = "FILE", description = "the bundle; - for standard input") String bundle,
            @Mixin TrustOptions trusted,
            @Mixin AuditOutput out) {
        return out.verdict(() -> new BundleVerification(trusted.trust()).verify(bundle, AuditOutput.read(bundle)));
    }

    @Command(
            name = "checkpoint",
            description = "Verifies the signatures of a checkpoint, as GET /tlog/checkpoint answers it.",
            footer = {"", "Exit codes: 0 good, 1 not good, 2 could not tell (without --key or --policy at best 2)."})
    int checkpoint(
            @Parameters(paramLabel = "FILE", description = "the checkpoint; - for standard input") String note,
            @Mixin TrustOptions trusted,
            @Mixin AuditOutput out) {
        return out.verdict(() ->
                new CheckpointVerification(trusted.trust()).verify(note, SignedNote.parse(AuditOutput.read(note))));
    }
}
