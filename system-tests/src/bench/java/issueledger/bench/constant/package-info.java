/** A constant answer, served by the command or query service itself: the least that a request can cost there. Loaded into them by the benchmarks alone. */
@NullMarked
package issueledger.bench.constant;

import org.jspecify.annotations.NullMarked;
