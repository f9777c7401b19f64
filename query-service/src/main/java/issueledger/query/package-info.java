/** Starts the query service and wires it: access rules, admission, the packages that are scanned. */
@NullMarked
package issueledger.query;

import org.jspecify.annotations.NullMarked;
