/** Carries commands out: Axon loads the issue, {@code issueledger.issue} decides, the log appends; lost races are retried, idempotency keys replayed. */
@NullMarked
package issueledger.handling;

import org.jspecify.annotations.NullMarked;
