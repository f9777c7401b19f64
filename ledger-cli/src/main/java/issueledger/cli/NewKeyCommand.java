package issueledger.cli;

import issueledger.auditing.UnreadableInput;
import issueledger.proof.KeyFile;
import issueledger.proof.KeySeed;
import issueledger.proof.SignatureType;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./ledger new-key}: where no key is made by itself. */
@Command(
        name = "new-key",
        description = {
            "Makes a private key that its owner alone can read: for ISSUE_LEDGER_SIGNING_KEY with MongoDB, where no"
                    + " key is made by itself, for ISSUE_LEDGER_MLDSA_KEY, or for a witness (--key-file).",
            ""
        },
        footer = {
            "",
            "The file is PEM with PKCS #8, as OpenSSL's genpkey writes it. Back it up: whoever has it signs as this"
                    + " ledger, and without it the log gets another name.",
            "",
            "Exit codes: 0 made, 2 not made."
        })
final class NewKeyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the file to write, which must not be there")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path file;

    @Option(names = "--ml-dsa", description = "an ML-DSA-44 key (Java 24 or newer) instead of an Ed25519 one")
    private boolean mlDsa;

    @Mixin
    private CommandOutput output = new CommandOutput();

    @Override
    public Integer call() {
        return output.run(() -> {
            if (mlDsa && !SignatureType.ML_DSA_44_COSIGNATURE.isAvailable()) {
                throw new UnreadableInput("this Java has no ML-DSA-44: use Java 24 or newer");
            }
            try {
                KeyFile.write(file, mlDsa ? KeySeed.freshMlDsa44() : KeySeed.freshEd25519());
            } catch (FileAlreadyExistsException e) {
                throw new UnreadableInput(file + " is there already, and is left as it is", e);
            }
            output.print("the key is in " + file + "\n");
            return 0;
        });
    }
}
