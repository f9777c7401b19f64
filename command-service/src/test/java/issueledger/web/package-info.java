/** Commands over HTTP and their answers. */
@NullMarked
package issueledger.web;

import org.jspecify.annotations.NullMarked;
