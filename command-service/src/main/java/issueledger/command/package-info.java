/** Starts the command service and wires it: access rules, admission, the packages that are scanned. */
@NullMarked
package issueledger.command;

import org.jspecify.annotations.NullMarked;
