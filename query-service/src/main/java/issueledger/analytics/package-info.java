/**
 * {@code /analytics}: each question is a class that reads like its definition in docs/api.md, over the facts of the issues. An answer is a
 * JSON page or a whole CSV.
 */
@NullMarked
package issueledger.analytics;

import org.jspecify.annotations.NullMarked;
