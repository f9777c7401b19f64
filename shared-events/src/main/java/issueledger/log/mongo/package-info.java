/**
 * The event log on MongoDB: a document per commit, numbered by its place in the log, in one collection that any number of processes
 * write. No counter, no transaction: the unique index on the number decides who was first.
 */
@NullMarked
package issueledger.log.mongo;

import org.jspecify.annotations.NullMarked;
