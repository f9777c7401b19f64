/** Events in shapes that the program once wrote, and the upcasters that read them (docs/evolution.md). */
@NullMarked
package issueledger.evolution;

import org.jspecify.annotations.NullMarked;
