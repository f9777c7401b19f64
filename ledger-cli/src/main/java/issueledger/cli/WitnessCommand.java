package issueledger.cli;

import issueledger.auditing.UnreadableInput;
import issueledger.auditing.Witness;
import issueledger.auditing.WitnessServer;
import issueledger.proof.KeyFile;
import issueledger.proof.KeySeed;
import issueledger.proof.SignatureType;
import issueledger.proof.SigningKey;
import issueledger.proof.VerifierKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./ledger witness}: a witness for other teams' ledgers. */
@Command(
        name = "witness",
        description = {
            "Is a witness (C2SP tlog-witness): cosigns each checkpoint that it is sent, if it contains all that it"
                    + " cosigned before. So a ledger cannot show two people two histories without its witnesses.",
            ""
        },
        footer = {
            "",
            "POST /add-checkpoint takes checkpoints; GET /<SHA-256 of the log's origin>/checkpoint answers the last"
                    + " one that it cosigned. Its key is made in the folder at the first start, readable by its owner"
                    + " alone. Keep the folder: a witness that forgot what it cosigned proves nothing.",
            "",
            "Example, of two teams that witness each other's ledgers:",
            "  ./ledger witness --name witness.example/mara --log ledger.key --folder witness --port 8090",
            "and at the other team a line in the file that ISSUE_LEDGER_WITNESSES names: name, the key that the witness"
                    + " prints, and its address, such as",
            "  mara witness.example/mara+1a2b3c4d+BA... http://witness.example:8090",
            "",
            "Exit codes: 2 it could not start; it runs until it is stopped."
        })
final class WitnessCommand implements Callable<Integer> {
    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "its name, an address without scheme, such as witness.example/mara")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private String name;

    @Option(
            names = "--log",
            required = true,
            paramLabel = "KEY",
            description = "the key of a log that it witnesses, or a file with one a line; may be repeated")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private List<String> logs;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "keeps its key and the last checkpoint of each log; ${DEFAULT-VALUE}")
    private Path folder = Path.of("witness");

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "its Ed25519 key, PEM with PKCS #8, instead of its own")
    private @Nullable Path keyFile;

    @Option(names = "--port", paramLabel = "PORT", description = "${DEFAULT-VALUE}; 0 for any that is free")
    private int port = 8090;

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "${DEFAULT-VALUE}")
    private String bind = "127.0.0.1";

    @Mixin
    private CommandOutput output = new CommandOutput();

    @Override
    public Integer call() {
        return output.run(() -> {
            Files.createDirectories(folder);
            SigningKey key = SigningKey.of(name, SignatureType.COSIGNATURE, seed());
            List<VerifierKey> known = logs.stream()
                    .flatMap(log -> TrustOptions.read(log).stream())
                    .toList();
            if (known.stream()
                    .anyMatch(log -> log.base64().equals(key.verifier().base64()))) {
                throw new UnreadableInput("a witness does not have the key of a log that it witnesses");
            }
            try (FileChannel channel = FileChannel.open(
                            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                if (lock == null) {
                    throw new UnreadableInput("another witness uses the folder " + folder);
                }
                Witness witness = new Witness(key, known, folder, Clock.systemUTC());
                try (WitnessServer server = WitnessServer.start(witness, new InetSocketAddress(bind, port))) {
                    output.print(key.verifier() + "\n");
                    output.print("The witness listens at http://" + bind + ":" + server.port() + "\n");
                    await();
                }
            }
            return 0;
        });
    }

    private static void await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private KeySeed seed() throws IOException {
        Path file = keyFile == null ? folder.resolve("witness.pem") : keyFile;
        if (keyFile == null && !Files.exists(file)) {
            KeyFile.write(file, KeySeed.freshEd25519());
        }
        return KeyFile.read(file);
    }
}
