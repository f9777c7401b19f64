/**
 * The page for people under {@code /ui/}. Its files are in {@code resources/issueledger/ui}: ES modules without a build step, one style
 * sheet, and lit, marked and uPlot out of their jars. It uses the HTTP paths of docs/api.md and nothing else.
 */
@NullMarked
package issueledger.page;

import org.jspecify.annotations.NullMarked;
