/** The validated configuration, the version, and start-up failures in one sentence instead of a stack trace. */
@NullMarked
package issueledger.startup;

import org.jspecify.annotations.NullMarked;
