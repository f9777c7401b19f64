/** Moves a log from one store to another: the same positions, the same texts, the same hashes. */
@NullMarked
package issueledger.copy;

import org.jspecify.annotations.NullMarked;
