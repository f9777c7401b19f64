/** The operator's commands, run by {@code ./run} on a log that no service needs to have open. */
@NullMarked
package issueledger.cli;

import org.jspecify.annotations.NullMarked;
