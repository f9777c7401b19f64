/** Watches the store and the disk, verifies the log by itself, and gives metrics and health of them. */
@NullMarked
package issueledger.monitoring;

import org.jspecify.annotations.NullMarked;
