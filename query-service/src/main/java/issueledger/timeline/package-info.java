/** An issue's events as one readable list. */
@NullMarked
package issueledger.timeline;

import org.jspecify.annotations.NullMarked;
