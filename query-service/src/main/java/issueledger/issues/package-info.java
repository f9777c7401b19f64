/**
 * The issues: one at any version, and the filtered, sorted list.
 *
 * <p>{@link issueledger.issues.IssueView} is the one fold of the read side; {@link issueledger.issues.IssuesProjection} keeps its results in
 * {@link issueledger.issues.Issues}, {@link issueledger.issues.Replay} folds an earlier version from the log.
 */
@NullMarked
package issueledger.issues;

import org.jspecify.annotations.NullMarked;
