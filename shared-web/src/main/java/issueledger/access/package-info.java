/**
 * Who sends a request and what they may do: bearer tokens, the issuer's keys, roles. docs/api.md, "Who may do what", is the contract.
 *
 * <p>Where no issuer is configured nothing here is in a request's way: everybody may do everything, and {@link Caller} takes their word
 * for who they are.
 */
@NullMarked
package issueledger.access;

import org.jspecify.annotations.NullMarked;
