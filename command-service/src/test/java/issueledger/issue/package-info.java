/** What an issue decides, and what Axon makes of it. */
@NullMarked
package issueledger.issue;

import org.jspecify.annotations.NullMarked;
