/** The log as a transparency log: its tree as tiles, signed checkpoints, witnesses, and the proof of an event (docs/design.md, section 8). */
@NullMarked
package issueledger.tlog;

import org.jspecify.annotations.NullMarked;
