package issueledger.audit;

import java.util.List;

/**
 * An issue's history with its proofs (docs/log-format.md, "The transparency log").
 *
 * @param checkpoint the signed note that the proofs lead to
 * @param events those up to the checkpoint, by version
 */
public record Bundle(String format, String issueId, String checkpoint, List<ProvenEvent> events) {
    static final String FORMAT = "issue-ledger/bundle/v1";
}
