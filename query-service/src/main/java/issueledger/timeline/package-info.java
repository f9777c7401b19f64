/** What happened to an issue, in one readable list? */
@NullMarked
package issueledger.timeline;

import org.jspecify.annotations.NullMarked;
