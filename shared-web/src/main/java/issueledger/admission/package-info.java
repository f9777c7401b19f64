/**
 * Admission at the edge: bounds connections and requests in flight, queues the next ones briefly and fairly, refuses the rest.
 *
 * <p>{@link Connections} accepts, {@link AdmissionValve} admits before Spring sees a request, {@link Turns} holds places and queue. The
 * figures behind the bounds are in docs/decisions/0011-admission.md.
 */
@NullMarked
package issueledger.admission;

import org.jspecify.annotations.NullMarked;
