/** What one would write with Axon and Spring Boot as they come: the same two commands with the same fields, to compare with. */
@NullMarked
package issueledger.bench.stock;

import org.jspecify.annotations.NullMarked;
