/**
 * Authentication and authorisation: bearer tokens, the issuer's keys, roles. docs/api.md, "Who may do what", is the contract.
 *
 * <p>Without a configured issuer every caller may do everything, and {@link Callers} take the actor from {@code X-Actor}.
 */
@NullMarked
package issueledger.access;

import org.jspecify.annotations.NullMarked;
