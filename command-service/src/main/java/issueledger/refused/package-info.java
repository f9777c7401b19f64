/** Records refused commands for auditors. */
@NullMarked
package issueledger.refused;

import org.jspecify.annotations.NullMarked;
