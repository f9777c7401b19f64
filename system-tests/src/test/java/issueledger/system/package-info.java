/** The product as its users meet it: {@code ./run} in a process of its own, spoken to over HTTP. */
@NullMarked
package issueledger.system;

import org.jspecify.annotations.NullMarked;
