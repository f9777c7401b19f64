/**
 * The event log on MongoDB: a document per commit, numbered by its place in the log, in one collection that any number of processes
 * write. There is no counter and no transaction: the unique index on the number decides a race.
 */
@NullMarked
package issueledger.log.mongo;

import org.jspecify.annotations.NullMarked;
