package issueledger.proof;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A verified signature.
 *
 * @param at the signer's own time, in a cosignature; null in one without time
 */
public record Signed(VerifierKey key, @Nullable Instant at) {}
