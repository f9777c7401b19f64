package issueledger.log.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import issueledger.log.ErasureContract;
import issueledger.log.ErasureOrder;
import issueledger.log.EventLog;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MongoErasingTest extends ErasureContract {
    private static MongoServer server;
    private static MongoClient client;

    private final MongoDatabase database = client.getDatabase("ledger-" + UUID.randomUUID());

    @BeforeAll
    static void start() {
        server = new MongoServer(new MemoryBackend());
        client = MongoClients.create("mongodb://127.0.0.1:" + server.bind().getPort());
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

    @Override
    protected void erase(ErasureOrder order) {
        try (EventLog log = open(Clock.systemUTC())) {
            MongoErasing.erase(database, log, order);
        }
    }

    @Override
    protected String stored() {
        StringBuilder all = new StringBuilder();
        for (String name : database.listCollectionNames()) {
            database.getCollection(name).find().forEach(document -> all.append(document.toJson()));
        }
        return all.toString();
    }

    @Test
    void the_stored_views_are_dropped() {
        database.getCollection("tokens").insertOne(new Document("_id", "issues-2").append("position", 3L));
        database.getCollection("issues-2-1")
                .insertOne(new Document("_id", "slow-orders").append("assignee", "Zacharias"));
        database.getCollection("somebody's").insertOne(new Document("_id", 1));
        erase(new ErasureOrder("slow-orders", 2, false, "ada", "asked", Instant.EPOCH));
        assertThat(stored()).doesNotContain("Zacharias");
        assertThat(database.listCollectionNames()).contains("somebody's").doesNotContain("tokens", "issues-2-1");
    }
}
