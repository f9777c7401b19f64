/**
 * The event log: one dense, ordered, hash-chained list of commits, and the port that both services reach it by.
 *
 * <p>{@link issueledger.log.EventLog} is the contract (docs/design.md, section 2), {@link issueledger.log.CommitHash} the proof
 * (section 8, docs/log-format.md). Adapters live in packages beneath this one.
 */
@NullMarked
package issueledger.log;

import org.jspecify.annotations.NullMarked;
