/**
 * The log as Axon's event storage: aggregates, snapshots, upcasters and streaming processors work on it as Axon documents them.
 *
 * <p>Nothing here decides anything about issues; the log's contract is in {@link issueledger.log}.
 */
@NullMarked
package issueledger.axon;

import org.jspecify.annotations.NullMarked;
