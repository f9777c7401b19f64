package issueledger.issues;

import issueledger.projections.TestViews;
import issueledger.query.EmbeddedViews;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MongoIssuesTest extends IssuesContract {
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
    TestViews views(IssuesProjection projection) {
        Clock clock = Clock.fixed(Instant.parse("2026-03-01T08:00:00Z"), ZoneOffset.UTC);
        return TestViews.mongo(projection, server.database(), clock);
    }
}
