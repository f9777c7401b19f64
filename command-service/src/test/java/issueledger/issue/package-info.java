/** Decisions of an issue, pure and under Axon. */
@NullMarked
package issueledger.issue;

import org.jspecify.annotations.NullMarked;
