@NullMarked
package issueledger.page;

import org.jspecify.annotations.NullMarked;
