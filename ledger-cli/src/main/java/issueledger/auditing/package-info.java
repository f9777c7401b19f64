/**
 * Verification from outside, with files and a service's public paths alone: exports, proofs, bundles and checkpoints, the agent that watches a
 * log, and the witness. It says no more than it knows: each finding names what it rests on.
 */
@NullMarked
package issueledger.auditing;

import org.jspecify.annotations.NullMarked;
