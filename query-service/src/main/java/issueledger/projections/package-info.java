/**
 * Running projections: feeds events from the log to the views and reports their progress.
 *
 * <p>A view implements {@link issueledger.projections.Projection}; {@link issueledger.projections.Projections} runs all of them, each as an
 * Axon streaming processor over the log.
 */
@NullMarked
package issueledger.projections;

import org.jspecify.annotations.NullMarked;
