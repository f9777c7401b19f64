/** What changed in an issue from one version to another. */
@NullMarked
package issueledger.diff;

import org.jspecify.annotations.NullMarked;
