/** What the least of requests costs: the yardstick of the benchmarks, there in the Spring profile {@code bench} alone. */
@NullMarked
package issueledger.bench;

import org.jspecify.annotations.NullMarked;
