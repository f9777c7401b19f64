/** The OpenAPI document of a service, made of its mappings, its records and its enums when it is first asked for. */
@NullMarked
package issueledger.openapi;

import org.jspecify.annotations.NullMarked;
