/**
 * Commands over HTTP: strict JSON in, an answer or a problem out (docs/api.md, "Commands").
 *
 * <p>A request walks through {@link issueledger.api.CommandController}, {@link issueledger.api.JsonBody} and {@link issueledger.api.Binder}
 * to {@link issueledger.api.Commands}, which hands it to Axon and retries lost races.
 */
@NullMarked
package issueledger.api;

import org.jspecify.annotations.NullMarked;
