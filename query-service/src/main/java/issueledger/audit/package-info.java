/** For auditors: the head of the log and the refused commands. */
@NullMarked
package issueledger.audit;

import org.jspecify.annotations.NullMarked;
