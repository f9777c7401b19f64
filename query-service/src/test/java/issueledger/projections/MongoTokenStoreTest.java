package issueledger.projections;

import issueledger.query.EmbeddedViews;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MongoTokenStoreTest extends TokenStoreContract {
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
    ProcessorTokens tokens() {
        return new MongoViewStore(server.database()).processorTokens();
    }
}
