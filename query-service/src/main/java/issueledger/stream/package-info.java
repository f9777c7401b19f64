/**
 * The events as Server-Sent Events. One thread reads the end of the log and keeps the latest events as bytes in a window that all
 * subscribers share; a subscriber behind the window reads the log itself, a part at a time.
 */
@NullMarked
package issueledger.stream;

import org.jspecify.annotations.NullMarked;
