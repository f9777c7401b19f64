package issueledger.projections;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.net.InetSocketAddress;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where the views live: by default a MongoDB server inside this process, in memory, filled from the log at each start. */
@Configuration(proxyBeanMethods = false)
class ViewStore {
    private static final String DATABASE = "issue-ledger";

    @Bean(destroyMethod = "shutdownNow")
    MongoServer embeddedMongo() {
        MongoServer server = new MongoServer(new MemoryBackend());
        server.bind("127.0.0.1", 0);
        return server;
    }

    @Bean
    MongoClient mongoClient(MongoServer server) {
        InetSocketAddress address = server.getLocalAddress();
        return MongoClients.create("mongodb://" + address.getHostString() + ":" + address.getPort());
    }

    @Bean
    MongoDatabase views(MongoClient client) {
        return client.getDatabase(DATABASE);
    }
}
