/**
 * Running projections: feeds events from the log to the views and reports their progress.
 *
 * <p>A view implements {@link issueledger.projections.Projection}; {@link issueledger.projections.Projections} runs all of them. Axon's
 * event handlers are fed by Axon's processors; their tokens are in the same store.
 */
@NullMarked
package issueledger.projections;

import org.jspecify.annotations.NullMarked;
