/** Rules for all packages of the command service. */
@NullMarked
package issueledger.command;

import org.jspecify.annotations.NullMarked;
