package issueledger.projections;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import issueledger.log.mongo.MongoDeployment;
import java.net.InetSocketAddress;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The database of the views: beside the log in MongoDB, shared by all query services; with an SQLite log, an in-memory MongoDB server
 * inside this process, filled from the log at each start.
 */
public final class Views implements AutoCloseable {
    private final MongoDatabase database;
    private final boolean shared;
    private final Runnable close;

    private Views(MongoDatabase database, boolean shared, Runnable close) {
        this.database = database;
        this.shared = shared;
        this.close = close;
    }

    /** @param shared whether other processes read and write them too */
    public static Views in(MongoDatabase database, boolean shared) {
        return new Views(database, shared, () -> {});
    }

    /** A database in this process's memory. */
    public static Views embedded() {
        MongoServer server = new MongoServer(new MemoryBackend());
        server.bind("127.0.0.1", 0);
        InetSocketAddress address = server.getLocalAddress();
        MongoClient client = MongoClients.create("mongodb://" + address.getHostString() + ":" + address.getPort());
        return new Views(client.getDatabase("issue-ledger"), false, () -> {
            client.close();
            server.shutdownNow();
        });
    }

    public MongoDatabase database() {
        return database;
    }

    /** True if other processes read and write these views too. */
    public boolean isShared() {
        return shared;
    }

    @Override
    public void close() {
        close.run();
    }

    @Configuration(proxyBeanMethods = false)
    static class ViewsConfiguration {
        @Bean
        Views views(ObjectProvider<MongoDeployment> mongo) {
            MongoDeployment deployment = mongo.getIfAvailable();
            return deployment == null ? embedded() : in(deployment.database(), true);
        }
    }
}
