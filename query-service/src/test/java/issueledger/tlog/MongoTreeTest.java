package issueledger.tlog;

import issueledger.projections.TestViews;
import issueledger.query.EmbeddedViews;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MongoTreeTest extends TreeContract {
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
    TestViews views(TlogProjection of, Path in) {
        return TestViews.mongo(of, server.database(), Clock.systemUTC());
    }
}
