package issueledger.query;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A MongoDB stand-in inside this process, or the server at {@code ISSUE_LEDGER_TEST_MONGODB_URI}. */
public final class EmbeddedViews implements AutoCloseable {
    private static final @Nullable String GIVEN = System.getenv("ISSUE_LEDGER_TEST_MONGODB_URI");

    private final @Nullable MongoServer server = GIVEN == null ? new MongoServer(new MemoryBackend()) : null;
    private final MongoClient client;
    private final List<MongoDatabase> databases = new ArrayList<>();

    public EmbeddedViews() {
        client = MongoClients.create(server == null ? String.valueOf(GIVEN) : uri(server));
    }

    private static String uri(MongoServer server) {
        server.bind("127.0.0.1", 0);
        InetSocketAddress address = server.getLocalAddress();
        return "mongodb://" + address.getHostString() + ":" + address.getPort();
    }

    /** An empty one. */
    public MongoDatabase database() {
        MongoDatabase database =
                client.getDatabase("views-" + Long.toString(System.nanoTime(), 36) + "-" + databases.size());
        databases.add(database);
        return database;
    }

    @Override
    public void close() {
        if (server == null) {
            databases.forEach(MongoDatabase::drop);
        }
        client.close();
        if (server != null) {
            server.shutdownNow();
        }
    }
}
