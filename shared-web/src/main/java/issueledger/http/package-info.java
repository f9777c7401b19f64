/**
 * The edge of HTTP in both services: problems in place of errors, trace ids, strict parameters, and who may connect.
 *
 * <p>docs/api.md is the contract. Nothing here knows an issue.
 */
@NullMarked
package issueledger.http;

import org.jspecify.annotations.NullMarked;
