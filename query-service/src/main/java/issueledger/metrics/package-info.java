/** Did it get better? The metric series of an issue, with the records they are made of. */
@NullMarked
package issueledger.metrics;

import org.jspecify.annotations.NullMarked;
