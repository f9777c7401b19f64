/** An open-loop load generator: sends at its times, whatever the answers do, as many clients behind a balancer come. */
@NullMarked
package issueledger.load;

import org.jspecify.annotations.NullMarked;
