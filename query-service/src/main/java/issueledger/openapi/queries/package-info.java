/** The OpenAPI document of the query service. */
@NullMarked
package issueledger.openapi.queries;

import org.jspecify.annotations.NullMarked;
