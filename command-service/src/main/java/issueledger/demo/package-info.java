/** The example issues of {@code ./run --demo}: three months of a team's work, sent as the commands of demo.ndjson. */
@NullMarked
package issueledger.demo;

import org.jspecify.annotations.NullMarked;
