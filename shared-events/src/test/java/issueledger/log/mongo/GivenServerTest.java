package issueledger.log.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import issueledger.log.EventLog;
import issueledger.log.EventLogContract;
import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The contract on the server that ISSUE_LEDGER_TEST_MONGODB_URI names, in databases of the test's own, which it drops. On SecantusDB two
 * of its tests fail: its unique index over a list pairs every stream with every sequence of a commit, MongoDB those of one element.
 */
@EnabledIfEnvironmentVariable(named = "ISSUE_LEDGER_TEST_MONGODB_URI", matches = "mongodb.*")
class GivenServerTest extends EventLogContract {
    private static final String RUN =
            "issue-ledger-test-" + UUID.randomUUID().toString().substring(0, 8);

    private static MongoClient client;
    private static int databases;

    private final MongoDatabase database = client.getDatabase(RUN + "-" + databases++);

    @BeforeAll
    static void start() {
        client = MongoClients.create(new ConnectionString(System.getenv("ISSUE_LEDGER_TEST_MONGODB_URI")));
    }

    @AfterAll
    static void stop() {
        for (int i = 0; i < databases; i++) {
            client.getDatabase(RUN + "-" + i).drop();
        }
        client.close();
    }

    @Override
    protected EventLog open(Clock clock) {
        return MongoEventLog.open(database, "The MongoDB database", clock);
    }
}
