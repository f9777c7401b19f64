/**
 * The decision about an issue: what it is asked to do, what stands, and what follows.
 *
 * <p>{@link issueledger.issue.IssueState} is the whole of it, pure: state and command in, events or a reason out. The rules are those of
 * docs/commands.md. {@link issueledger.issue.Issue} is the shell that lets Axon load and save it.
 */
@NullMarked
package issueledger.issue;

import org.jspecify.annotations.NullMarked;
