/**
 * Refused commands, stored for auditors beside the log: written by the command service asynchronously, read by the query service. A crash
 * may lose the last second of them.
 */
@NullMarked
package issueledger.refusals;

import org.jspecify.annotations.NullMarked;
