package issueledger.projections;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.note;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.axon.EventReader;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.query.Query;
import issueledger.query.QueryService;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The README's recipe "Add a view": a projection that is added to a ledger of old events and old views. */
class NewProjectionHttpTest {
    private final Path directory = QueryServiceTest.directory();

    /** The number of events of each actor, and the last position that is counted. */
    static final class Actors implements ReadModel {
        private final SqliteViews file;
        private final EventReader reader;

        Actors(SqliteViews file, EventReader reader) {
            this.file = file;
            this.reader = reader;
            file.write(session -> session.execute(List.of(
                    "CREATE TABLE IF NOT EXISTS actors (actor TEXT PRIMARY KEY, events INTEGER NOT NULL) STRICT",
                    "CREATE TABLE IF NOT EXISTS counted (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER)"
                            + " STRICT",
                    "INSERT OR IGNORE INTO counted VALUES (1, 0)")));
        }

        Map<String, Long> counts() {
            return file.read(session -> {
                Map<String, Long> counts = new HashMap<>();
                try (ResultSet rows =
                        session.statement("SELECT actor, events FROM actors").executeQuery()) {
                    while (rows.next()) {
                        counts.put(rows.getString(1), rows.getLong(2));
                    }
                }
                return counts;
            });
        }

        @Override
        public Changes fold(List<RecordedEvent> events) {
            Map<String, Long> more = new HashMap<>();
            List<Failure> failures = new ArrayList<>();
            long counted = file.read(session -> session.number("SELECT position FROM counted"));
            for (RecordedEvent event : events) {
                if (event.position() <= counted) {
                    continue; // It is delivered a second time.
                }
                try {
                    more.merge(reader.read(event).metadata().actor(), 1L, Long::sum);
                } catch (RuntimeException e) {
                    failures.add(new Failure(event, String.valueOf(e.getMessage())));
                }
            }
            long last = events.getLast().position();
            return new Changes() {
                @Override
                public List<Failure> failures() {
                    return failures;
                }

                @Override
                public void write() {
                    file.write(session -> {
                        for (Map.Entry<String, Long> one : more.entrySet()) {
                            session.update(
                                    "INSERT INTO actors VALUES (?, ?)"
                                            + " ON CONFLICT (actor) DO UPDATE SET events = events + excluded.events",
                                    one.getKey(),
                                    one.getValue());
                        }
                        session.update("UPDATE counted SET position = ?", last);
                    });
                }
            };
        }
    }

    static final class ActorsProjection implements Projection {
        private final EventReader reader;
        private volatile @Nullable Actors served;

        ActorsProjection(EventReader reader) {
            this.reader = reader;
        }

        @Override
        public String name() {
            return "actors";
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public ReadModel open(Generation generation) {
            return new Actors(((SqliteGeneration) generation).views(), reader);
        }

        @Override
        public void serve(@Nullable ReadModel model) {
            served = (Actors) model;
        }
    }

    @Test
    void it_fills_itself_from_the_first_event_and_is_listed() {
        List<RecordedEvent> all;
        try (EventLog log = SqliteEventLog.open(directory.resolve("events.db"), Clock.systemUTC())) {
            Recorder recorder = new Recorder(log);
            for (int i = 0; i < 500; i++) {
                recorder.record("i-" + i, i % 3 == 0 ? "mara" : "ines", null, OPENED, STARTED, note(1, "Begun"));
            }
            all = log.read(0, 10_000);
        }
        try (ConfigurableApplicationContext before = start(QueryService.class)) {
            assertThat(query(before)
                            .get("/issues", "Ledger-Min-Position", "1500")
                            .items())
                    .isNotEmpty();
            assertThat(query(before).get("/projections").body()).doesNotContain("actors");
        }

        try (ConfigurableApplicationContext after = start(QueryService.class, ActorsProjection.class)) {
            Query query = query(after);
            assertThat(query.get("/issues", "Ledger-Min-Position", "1500").status())
                    .isEqualTo(200);
            assertThat(query.get("/projections").body())
                    .contains("{\"name\":\"actors\",\"position\":1500,\"head\":1500,\"lag\":0,\"parked\":0}");
            Actors actors = after.getBean(ActorsProjection.class).served;
            assertThat(actors).isNotNull();
            assertThat(actors.counts())
                    .isEqualTo(all.stream().collect(groupingBy(NewProjectionHttpTest::actor, counting())))
                    .containsEntry("mara", 501L);
        }
    }

    private static String actor(RecordedEvent event) {
        return event.metadata().contains("\"actor\":\"mara\"") ? "mara" : "ines";
    }

    private ConfigurableApplicationContext start(Class<?>... sources) {
        SpringApplication application = new SpringApplication(sources);
        return application.run("--server.port=0", "--issue-ledger.data-dir=" + directory, "--spring.jmx.enabled=false");
    }

    private static Query query(ConfigurableApplicationContext service) {
        return new Query(service.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }
}
