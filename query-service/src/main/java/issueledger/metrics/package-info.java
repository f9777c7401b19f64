/** The metric series of an issue, with their improvement and records. */
@NullMarked
package issueledger.metrics;

import org.jspecify.annotations.NullMarked;
