package issueledger.log.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import issueledger.log.EventLog;
import issueledger.log.EventLogContract;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The contract over mongo-java-server, inside this process. It is one node without a journal, so that its majority is itself; its ordered
 * inserts, unique indexes and sorts are those of MongoDB.
 */
class MongoEventLogTest extends EventLogContract {
    private static MongoServer server;
    private static MongoClient client;

    private final MongoDatabase database = client.getDatabase("ledger-" + UUID.randomUUID());

    @BeforeAll
    static void start() {
        server = new MongoServer(new MemoryBackend());
        InetSocketAddress address = server.bind();
        client = MongoClients.create("mongodb://127.0.0.1:" + address.getPort());
    }

    @AfterAll
    static void stop() {
        client.close();
        server.shutdownNow();
    }

    @Override
    protected EventLog open(Clock clock) {
        return MongoEventLog.open(database, "The MongoDB database", clock);
    }
}
