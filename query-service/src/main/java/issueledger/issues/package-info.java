/**
 * What does an issue look like, now or then, and which issues are there?
 *
 * <p>{@link issueledger.issues.IssueView} is the one fold of the read side; {@link issueledger.issues.IssuesProjection} keeps its results in
 * {@link issueledger.issues.Issues}, {@link issueledger.issues.Replay} makes them anew from the log.
 */
@NullMarked
package issueledger.issues;

import org.jspecify.annotations.NullMarked;
