/**
 * What can happen to an issue: every event and value, and their JSON.
 *
 * <p>An invalid value cannot exist: each record checks itself when it is made, and names all its offences at once. Nothing here
 * knows Spring, Axon or a store. The kinds of values are those of docs/commands.md.
 */
@NullMarked
package issueledger.events;

import org.jspecify.annotations.NullMarked;
