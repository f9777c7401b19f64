package issueledger.history;

import issueledger.projections.TestViews;
import issueledger.query.EmbeddedViews;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MongoEventIndexTest extends EventIndexContract {
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
    TestViews views(EventsProjection projection) {
        return TestViews.mongo(projection, server.database(), Clock.systemUTC());
    }
}
