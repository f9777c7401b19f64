/** What was recorded? The events themselves, straight from the log, payloads to the byte. */
@NullMarked
package issueledger.history;

import org.jspecify.annotations.NullMarked;
