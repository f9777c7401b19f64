/**
 * What was refused, kept for auditors beside the log and not in it: written by the command service off the request's path, read by the query
 * service. The last second of it may be lost in a crash.
 */
@NullMarked
package issueledger.refusals;

import org.jspecify.annotations.NullMarked;
