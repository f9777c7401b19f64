/** The operator's commands on a log: {@code ./ledger COMMAND}. */
@NullMarked
package issueledger.cli;

import org.jspecify.annotations.NullMarked;
