package issueledger.audit;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * An event of a bundle: the members of an export's line, and its proof.
 *
 * @param index of its leaf, the position minus 1
 * @param proof from the leaf's sibling up to a child of the root, each hash in base64
 */
public record ProvenEvent(@JsonUnwrapped ExportedEvent event, long index, List<String> proof) {}
