package issueledger.query;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** The MongoDB server that the query service keeps its views in by default. */
public final class EmbeddedViews implements AutoCloseable {
    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final MongoClient client;
    private final Queue<Set<String>> filters = new ConcurrentLinkedQueue<>();
    private int databases;

    public EmbeddedViews() {
        server.bind("127.0.0.1", 0);
        InetSocketAddress address = server.getLocalAddress();
        String uri = "mongodb://" + address.getHostString() + ":" + address.getPort();
        client = MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(uri))
                .addCommandListener(new CommandListener() {
                    @Override
                    public void commandStarted(CommandStartedEvent event) {
                        keep(event.getCommand());
                    }
                })
                .build());
    }

    private void keep(BsonDocument command) {
        if (command.containsKey("filter")) {
            filters.add(Set.copyOf(command.getDocument("filter").keySet()));
        }
        for (BsonValue update : command.getArray("updates", new BsonArray())) {
            filters.add(Set.copyOf(update.asDocument().getDocument("q").keySet()));
        }
    }

    /** The fields of each filter that documents were looked for or replaced by. */
    public Queue<Set<String>> filters() {
        return filters;
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
