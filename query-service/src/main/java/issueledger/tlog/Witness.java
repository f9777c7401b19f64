package issueledger.tlog;

import issueledger.proof.MalformedProof;
import issueledger.proof.VerifierKey;
import issueledger.startup.StartupFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A configured witness.
 *
 * @param name as it is listed
 * @param key of its cosignatures
 * @param url its submission prefix
 */
record Witness(String name, VerifierKey key, URI url) {

    /** Reads {@code ISSUE_LEDGER_WITNESSES}: a line each, {@code name key url}, or the name of a file of such lines. */
    static List<Witness> configured(String value) {
        String path = value.strip();
        if (path.isEmpty() || path.matches("(?s).*\\s.*\\s.*")) {
            return parse(value);
        }
        try {
            return parse(Files.readString(Path.of(path)));
        } catch (IOException | InvalidPathException e) {
            throw new StartupFailure("ISSUE_LEDGER_WITNESSES=" + path
                    + " is neither a line \"name key url\" nor a file of such lines that can be read.");
        }
    }

    static List<Witness> parse(String lines) {
        List<Witness> witnesses = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String line : lines.strip().split("\\s*[\r\n]\\s*")) {
            if (!line.isEmpty()) {
                Witness witness = one(line);
                if (!names.add(witness.name())) {
                    throw new StartupFailure("ISSUE_LEDGER_WITNESSES has two witnesses " + witness.name() + ".");
                }
                witnesses.add(witness);
            }
        }
        return List.copyOf(witnesses);
    }

    private static Witness one(String line) {
        String[] parts = line.split("\\s+");
        if (parts.length != 3) {
            throw new StartupFailure("ISSUE_LEDGER_WITNESSES has a line that is not \"name key url\": " + line + ".");
        }
        try {
            VerifierKey key = VerifierKey.parse(parts[1]);
            URI url = new URI(parts[2].replaceFirst("/+$", ""));
            if (List.of("http", "https").contains(String.valueOf(url.getScheme())) && url.getHost() != null) {
                return new Witness(parts[0], key, url);
            }
        } catch (MalformedProof e) {
            throw new StartupFailure("ISSUE_LEDGER_WITNESSES, " + parts[0] + ": " + e.getMessage() + ".");
        } catch (URISyntaxException e) {
            // Refused below.
        }
        throw new StartupFailure(
                "ISSUE_LEDGER_WITNESSES, " + parts[0] + ": " + parts[2] + " is not an http or https address.");
    }
}
