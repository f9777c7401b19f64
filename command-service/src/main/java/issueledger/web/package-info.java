/**
 * Commands over HTTP: paths, headers, bodies, answers (docs/api.md).
 *
 * <p>Bulk requests are in {@link issueledger.web.bulk}.
 */
@NullMarked
package issueledger.web;

import org.jspecify.annotations.NullMarked;
