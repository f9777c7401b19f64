/**
 * The facts of each issue that analytics are computed from: status changes, phases, metrics, and what issues are filtered by. They are
 * folded from the events, stored beside the other views, and held in memory.
 */
@NullMarked
package issueledger.analytics.facts;

import org.jspecify.annotations.NullMarked;
