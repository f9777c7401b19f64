/** Start-up failures, told in one sentence instead of a stack trace. */
@NullMarked
package issueledger.startup;

import org.jspecify.annotations.NullMarked;
