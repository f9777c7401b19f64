package issueledger.tlog;

import issueledger.proof.MalformedProof;
import issueledger.proof.VerifierKey;
import issueledger.startup.StartupFailure;
import java.net.URI;
import java.net.URISyntaxException;
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

    /** Reads {@code ISSUE_LEDGER_WITNESSES}: a line each, {@code name key url}. */
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
