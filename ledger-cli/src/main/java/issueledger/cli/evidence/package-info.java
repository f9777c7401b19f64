/** Metrics of repeated runs as evidence for an issue, judged for CI: {@code ./ledger evidence}. */
@NullMarked
package issueledger.cli.evidence;

import org.jspecify.annotations.NullMarked;
