package issueledger.query;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.net.InetSocketAddress;

/** A MongoDB stand-in inside this process. */
public final class EmbeddedViews implements AutoCloseable {
    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final MongoClient client;
    private int databases;

    public EmbeddedViews() {
        server.bind("127.0.0.1", 0);
        InetSocketAddress address = server.getLocalAddress();
        client = MongoClients.create("mongodb://" + address.getHostString() + ":" + address.getPort());
    }

    /** An empty one. */
    public MongoDatabase database() {
        return client.getDatabase("views-" + databases++);
    }

    @Override
    public void close() {
        client.close();
        server.shutdownNow();
    }
}
