package issueledger.issues;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.axon.EventReader;
import issueledger.events.IssueEvent;
import issueledger.log.EventLog;
import issueledger.log.StoppedClock;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.projections.SqliteGeneration;
import issueledger.projections.SqliteViews.Session;
import issueledger.projections.TestViews;
import issueledger.query.Happenings;
import issueledger.query.Recorder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fixed history gives the stored view that it has always given, or the version of the projection is raised. */
class IssueFoldTest {
    private static final int VERSION = 3;
    private static final String STORED = "124d9470e17e4a7924d028de6d488355cadf9716ff51693606e8bb2e8ee3aa17";

    @TempDir
    private Path directory;

    @Test
    void the_view_of_a_fixed_history_changes_with_the_version_of_its_projection_only() {
        StoppedClock clock = new StoppedClock("2026-03-01T08:00:00Z");
        try (EventLog log = SqliteEventLog.open(directory.resolve("events.db"), clock)) {
            Recorder recorder = new Recorder(log);
            for (IssueEvent event : Happenings.everything()) {
                clock.pass(Duration.ofMinutes(1));
                recorder.record("golden-1", "ada", effective(clock), event);
            }
            IssuesProjection projection = new IssuesProjection(Life.LARGE_ISSUES, new EventReader(List.of()), log);
            TestViews views = TestViews.sqlite(projection, directory, clock);
            views.apply(log.read(0, 1_000));
            views.prepareForReaders();

            assertThat(views.parkedCount()).isZero();
            assertThat(List.of(projection.version(), sha256(stored(views))))
                    .describedAs(
                            "The stored views of issues have changed. Raise IssuesProjection.version(), so that views"
                                    + " stored before are filled anew, and write both values here.")
                    .isEqualTo(List.of(VERSION, STORED));
        }
    }

    private static Instant effective(StoppedClock clock) {
        return clock.instant().minus(Duration.ofDays(1));
    }

    /** All tables of the file but the feed's own, with their definitions. */
    private static String stored(TestViews views) {
        return ((SqliteGeneration) views.generation()).views().read(session -> {
            StringBuilder stored = new StringBuilder();
            add(stored, session, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
            add(stored, session, "SELECT * FROM issues ORDER BY n");
            add(stored, session, "SELECT * FROM pieces ORDER BY key");
            add(stored, session, "SELECT * FROM entries ORDER BY facet, sort, key, id");
            add(stored, session, "SELECT * FROM words ORDER BY word, block");
            return stored.toString();
        });
    }

    private static void add(StringBuilder stored, Session session, String sql) throws SQLException {
        try (ResultSet rows = session.statement(sql).executeQuery()) {
            while (rows.next()) {
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    Object value = rows.getObject(column);
                    stored.append(value instanceof byte[] json ? new String(json, UTF_8) : value)
                            .append('\n');
                }
            }
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
