/** Starts the query service. */
@NullMarked
package issueledger;

import org.jspecify.annotations.NullMarked;
