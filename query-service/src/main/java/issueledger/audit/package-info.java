/** Where does the log end, and what stands for all of it? */
@NullMarked
package issueledger.audit;

import org.jspecify.annotations.NullMarked;
