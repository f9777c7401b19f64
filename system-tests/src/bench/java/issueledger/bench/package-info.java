/**
 * The benchmarks of docs/performance.md, "All figures": each row is measured beside its baseline in the same run, by {@code ./bench}.
 *
 * <p>{@link issueledger.bench.Bench} runs the rows; {@link issueledger.bench.Service} starts what is measured, {@link issueledger.bench.Wrk} and
 * {@link issueledger.bench.Connection} load it, {@link issueledger.bench.Ledgers} writes the logs that they start from.
 */
@NullMarked
package issueledger.bench;

import org.jspecify.annotations.NullMarked;
