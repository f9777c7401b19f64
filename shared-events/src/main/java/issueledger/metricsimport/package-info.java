/** Reads the output of load generators and benchmarks as figures of metric series, a class a tool. */
@NullMarked
package issueledger.metricsimport;

import org.jspecify.annotations.NullMarked;
