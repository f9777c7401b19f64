/**
 * Statistics of metric series: the verdict on a baseline and a measured record, the correction for several verdicts, and the changes within
 * a series. docs/api.md defines them.
 */
@NullMarked
package issueledger.evidence;

import org.jspecify.annotations.NullMarked;
