/**
 * The issue template as Markdown, read and written (docs/commands.md, "The template as input and output"). What writing adds to keep a text
 * from being read as something else, reading takes back: values are wrapped in backslashes, longer texts in fences.
 */
@NullMarked
package issueledger.template;

import org.jspecify.annotations.NullMarked;
