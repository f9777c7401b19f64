/**
 * Running projections: how events get from the log to the views, how far they are, and what could not be read.
 *
 * <p>{@link issueledger.projections.Projection} is what a view implements; {@link issueledger.projections.Projections} runs all of them, each as an
 * Axon streaming processor over the log.
 */
@NullMarked
package issueledger.projections;

import org.jspecify.annotations.NullMarked;
