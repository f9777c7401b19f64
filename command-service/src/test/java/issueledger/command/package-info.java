/** What holds across the command service. */
@NullMarked
package issueledger.command;

import org.jspecify.annotations.NullMarked;
