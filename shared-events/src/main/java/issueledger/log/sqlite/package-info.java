/** The event log in one SQLite file, which several processes may open at once. */
@NullMarked
package issueledger.log.sqlite;

import org.jspecify.annotations.NullMarked;
