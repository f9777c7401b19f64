/** The ledger on a MongoDB server that is another process: SecantusDB, or the one that ISSUE_LEDGER_TEST_MONGODB_URI names. */
@NullMarked
package issueledger.mongo;

import org.jspecify.annotations.NullMarked;
