package issueledger.history;

import static issueledger.query.Happenings.OPENED;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.EventLog;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.projections.SqliteGeneration;
import issueledger.projections.SqliteViews;
import issueledger.projections.TestViews;
import issueledger.query.Recorder;
import java.sql.ResultSet;
import java.time.Clock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqliteEventIndexTest extends EventIndexContract {

    @Override
    TestViews views(EventsProjection projection) {
        return TestViews.sqlite(projection, folder("views"), Clock.systemUTC());
    }

    @ParameterizedTest
    @CsvSource({
        "actor = 1, events_actor (actor=? AND rowid>?",
        "type = 1, events_type (type=? AND rowid>?",
        "actor = 1 AND type = 1, events_actor_type (actor=? AND type=? AND rowid>?",
        "issue = 1 AND actor = 1, events_issue (issue=? AND rowid>?"
    })
    void a_filter_walks_an_index_from_a_position_on(String filter, String walk) {
        EventsProjection projection = new EventsProjection();
        try (TestViews views = TestViews.sqlite(projection, folder("planned"), Clock.systemUTC());
                EventLog log = SqliteEventLog.open(folder("planned").resolve("events.db"), Clock.systemUTC())) {
            new Recorder(log).record("i-1", OPENED);
            views.apply(log.read(0, 1));
            views.prepareForReaders();
            SqliteViews file = ((SqliteGeneration) views.generation()).views();
            String index = walk.substring(0, walk.indexOf(' '));
            String plan = file.read(session -> {
                try (ResultSet rows = session.statement(
                                "EXPLAIN QUERY PLAN SELECT position, nth FROM events INDEXED BY "
                                        + index + " WHERE position > ? AND position <= ? AND " + filter
                                        + " ORDER BY position LIMIT 10")
                        .executeQuery()) {
                    StringBuilder steps = new StringBuilder();
                    while (rows.next()) {
                        steps.append(rows.getString("detail"));
                    }
                    return steps.toString();
                }
            });
            assertThat(plan).contains(walk).doesNotContain("SCAN", "TEMP");
        }
    }
}
