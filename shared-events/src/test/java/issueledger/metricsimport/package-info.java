@NullMarked
package issueledger.metricsimport;

import org.jspecify.annotations.NullMarked;
