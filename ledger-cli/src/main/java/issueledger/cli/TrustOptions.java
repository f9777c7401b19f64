package issueledger.cli;

import issueledger.auditing.Trust;
import issueledger.auditing.UnreadableInput;
import issueledger.proof.MalformedProof;
import issueledger.proof.Policy;
import issueledger.proof.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The keys that the caller trusts. */
final class TrustOptions {
    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "a key that you trust, as GET /tlog/key answers it (name+id+base64), or a file with one a line;"
                            + " may be repeated, also for witnesses. Get it another way than the file that you verify")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "a policy (C2SP tlog-policy): lines \"log KEY\", \"witness NAME KEY\", \"group NAME any|all|N"
                    + " NAME...\" and one \"quorum NAME\" or \"quorum none\"")
    private @Nullable Path policy;

    Trust trust() {
        List<VerifierKey> trusted = new ArrayList<>();
        keys.forEach(key -> trusted.addAll(read(key)));
        try {
            return new Trust(trusted, policy == null ? null : Policy.parse(Files.readAllBytes(policy)));
        } catch (IOException e) {
            throw new UnreadableInput("the policy " + policy + " cannot be read: " + e.getMessage(), e);
        } catch (MalformedProof e) {
            throw new UnreadableInput(policy + ": " + e.getMessage(), e);
        }
    }

    /** @param key a file's name, or keys, one a line; lines of a type that is not known here are skipped beside others */
    static List<VerifierKey> read(String key) {
        boolean isFile = Files.isRegularFile(pathOf(key));
        List<VerifierKey> found = new ArrayList<>();
        MalformedProof skipped = null;
        try {
            for (String line :
                    isFile ? Files.readAllLines(pathOf(key)) : key.lines().toList()) {
                if (!line.isBlank()) {
                    try {
                        found.add(VerifierKey.parse(line.strip()));
                    } catch (MalformedProof e) {
                        skipped = e;
                    }
                }
            }
        } catch (IOException e) {
            throw new UnreadableInput("the key file " + key + " cannot be read: " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new UnreadableInput(
                    (isFile ? "the file " + key + " has no key" : "the key " + key + " is neither a file nor a key")
                            + (skipped == null ? "" : ": " + skipped.getMessage()),
                    skipped);
        }
        return found;
    }

    private static Path pathOf(String key) {
        try {
            return Path.of(key);
        } catch (InvalidPathException e) {
            return Path.of("");
        }
    }
}
