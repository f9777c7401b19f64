/**
 * The transparency log's mathematics and formats (docs/design.md, section 8): RFC 6962 Merkle trees, and what C2SP specifies on them: tiles,
 * checkpoints, signed notes, cosignatures, proofs, policies. It knows neither a store nor the web, and no event.
 */
@NullMarked
package issueledger.proof;

import org.jspecify.annotations.NullMarked;
