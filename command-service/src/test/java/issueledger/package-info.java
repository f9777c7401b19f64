/** What holds across the command service. */
@NullMarked
package issueledger;

import org.jspecify.annotations.NullMarked;
