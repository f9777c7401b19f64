package issueledger.tlog;

import issueledger.query.EmbeddedViews;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MongoCheckpointsTest extends CheckpointStoreContract {
    private static EmbeddedViews server;

    @BeforeAll
    static void startTheServer() {
        server = new EmbeddedViews();
    }

    @AfterAll
    static void stopTheServer() {
        server.close();
    }

    @Override
    CheckpointStore open() {
        return new MongoCheckpoints(server.database());
    }
}
