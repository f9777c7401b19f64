/** Start-up failures, reported as one sentence instead of a stack trace. */
@NullMarked
package issueledger.startup;

import org.jspecify.annotations.NullMarked;
