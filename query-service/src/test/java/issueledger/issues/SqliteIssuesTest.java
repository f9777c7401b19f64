package issueledger.issues;

import issueledger.projections.TestViews;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

class SqliteIssuesTest extends IssuesContract {
    private int stores;

    @Override
    TestViews views(IssuesProjection projection) {
        Clock clock = Clock.fixed(Instant.parse("2026-03-01T08:00:00Z"), ZoneOffset.UTC);
        return TestViews.sqlite(projection, folder("views-" + stores++), clock);
    }
}
