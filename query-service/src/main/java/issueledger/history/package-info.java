/** The recorded events, read from the log, with payloads byte for byte. */
@NullMarked
package issueledger.history;

import org.jspecify.annotations.NullMarked;
