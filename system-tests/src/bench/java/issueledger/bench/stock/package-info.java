/** A stock Axon and Spring Boot application with the same two commands, for comparison. */
@NullMarked
package issueledger.bench.stock;

import org.jspecify.annotations.NullMarked;
