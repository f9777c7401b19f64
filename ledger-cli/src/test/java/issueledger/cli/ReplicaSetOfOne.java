package issueledger.cli;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import java.util.UUID;

/** mongo-java-server, which answers a ledger's question for its replica set as a set of one member does. */
final class ReplicaSetOfOne implements AutoCloseable {
    private final MongoServer server = new MongoServer(new Backend());
    private final int port = server.bind().getPort();

    private static final class Backend extends MemoryBackend {
        @Override
        public Document handleCommand(Channel channel, String database, String command, Document query) {
            if (command.equals("hello") && !database.equals("admin")) {
                return new Document("ok", 1.0).append("setName", "rs0").append("isWritablePrimary", true);
            }
            return super.handleCommand(channel, database, command, query);
        }
    }

    /** The connection string of a new database. */
    String newDatabase() {
        return "mongodb://127.0.0.1:" + port + "/ledger-" + UUID.randomUUID();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
