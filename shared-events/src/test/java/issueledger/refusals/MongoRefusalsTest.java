package issueledger.refusals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.net.InetSocketAddress;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On mongo-java-server, which makes the TTL index but deletes no expired documents. */
class MongoRefusalsTest extends RefusalsContract {
    private static MongoServer server;
    private static MongoClient client;

    private final MongoDatabase database = client.getDatabase("refusals-" + UUID.randomUUID());

    @BeforeAll
    static void start() {
        server = new MongoServer(new MemoryBackend());
        InetSocketAddress address = server.bind();
        client = MongoClients.create("mongodb://127.0.0.1:" + address.getPort() + "/?serverSelectionTimeoutMS=1000");
    }

    @AfterAll
    static void stop() {
        client.close();
        server.shutdownNow();
    }

    @Override
    Refusals open() {
        return new MongoRefusals(database, KEPT);
    }

    @Test
    void each_says_when_it_expires() {
        try (Refusals refusals = open()) {
            refusals.keep(List.of(refused("slow", "mara", "close", 409, null)));
        }
        Document kept = database.getCollection("refusals").find().first();
        assertThat(kept.getDate("expiresAt")).isEqualTo(Date.from(NOW.plus(KEPT)));
        assertThat(database.getCollection("refusals").listIndexes())
                .anySatisfy(index -> assertThat(index.get("key")).isEqualTo(new Document("expiresAt", 1)));
    }

    @Test
    void of_more_than_a_million_the_oldest_are_forgotten() {
        try (Refusals refusals = open()) {
            refusals.keep(List.of(refused("first", "mara", "close", 409, null)));
            database.getCollection("refusals")
                    .insertOne(new Document("_id", (long) Refusals.MOST).append("at", Date.from(NOW)));
            refusals.keep(List.of(refused("last", "mara", "close", 409, null)));
            refusals.forget(NOW);
            assertThat(database.getCollection("refusals").find().map(d -> d.get("_id")))
                    .containsExactlyInAnyOrder((long) Refusals.MOST, Refusals.MOST + 1L);
        }
    }

    @Test
    void a_server_that_is_gone_is_reported() {
        try (MongoClient nowhere =
                MongoClients.create("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200&connectTimeoutMS=200")) {
            Refusals refusals = new MongoRefusals(nowhere.getDatabase("x"), KEPT);
            assertThatThrownBy(() -> read(refusals, 0, 10))
                    .isInstanceOf(RefusalsUnavailable.class)
                    .hasMessageContaining("cannot be reached");
            assertThatThrownBy(() -> refusals.keep(List.of(refused("slow", "mara", "close", 409, null))))
                    .isInstanceOf(RefusalsUnavailable.class)
                    .hasMessageContaining("cannot be reached");
        }
    }
}
