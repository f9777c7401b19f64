/**
 * The events and values of an issue, and their JSON.
 *
 * <p>An invalid value cannot exist: each record checks itself in its constructor and reports all its offences at once. Nothing here
 * knows Spring, Axon or a store. The kinds of values are those of docs/commands.md.
 */
@NullMarked
package issueledger.events;

import org.jspecify.annotations.NullMarked;
