/** Bulk commands over HTTP: {@code POST /commands}, a command per line. */
@NullMarked
package issueledger.web.bulk;

import org.jspecify.annotations.NullMarked;
