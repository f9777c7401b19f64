/** Commands as they come in over HTTP, and what is answered. */
@NullMarked
package issueledger.web;

import org.jspecify.annotations.NullMarked;
