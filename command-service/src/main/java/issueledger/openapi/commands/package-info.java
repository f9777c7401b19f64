/** The OpenAPI document of the command service. */
@NullMarked
package issueledger.openapi.commands;

import org.jspecify.annotations.NullMarked;
