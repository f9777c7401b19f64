package issueledger.issues;

import static issueledger.events.IssueExamples.impact;
import static issueledger.events.IssueExamples.plan;
import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.latency;
import static issueledger.query.Happenings.note;
import static issueledger.query.Happenings.opened;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.mongodb.client.MongoDatabase;
import issueledger.axon.EventReader;
import issueledger.axon.EventReader.UnreadableEvent;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.IssueAssigned;
import issueledger.events.IssueEvent.NoteCorrected;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.MetricKind;
import issueledger.events.Severity;
import issueledger.issues.IssueList.Row;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.projections.Views;
import issueledger.query.EmbeddedViews;
import issueledger.query.Happenings;
import issueledger.query.Recorder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventMultiUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class IssuesProjectionTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T08:00:00Z"), ZoneOffset.UTC);
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(Parked.class);
    private static final String METADATA = Recorder.metadata("ada", null, null);

    private static EmbeddedViews server;

    @TempDir
    private Path directory;

    private EventLog log;
    private Recorder recorder;
    private MongoDatabase database;
    private Issues issues;
    private Parked parked;
    private IssuesProjection projection;
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    /** Whether the views are those of MongoDB, which other processes write too. */
    boolean isShared() {
        return false;
    }

    @BeforeAll
    static void startTheServer() {
        server = new EmbeddedViews();
    }

    @AfterAll
    static void stopTheServer() {
        server.close();
    }

    @BeforeEach
    void beginWithAnEmptyLog() {
        log = SqliteEventLog.open(directory.resolve("events.db"), CLOCK);
        recorder = new Recorder(log);
        projectAnew();
        logged.start();
        LOGGER.addAppender(logged);
        LOGGER.setAdditive(false);
    }

    @AfterEach
    void closeTheLog() {
        LOGGER.setAdditive(true);
        LOGGER.detachAppender(logged);
        log.close();
    }

    private void projectAnew(EventUpcaster... upcasters) {
        database = server.database();
        issues = new Issues(Views.in(database, isShared()), Life.LARGE_ISSUES);
        parked = new Parked(Views.in(database, isShared()), CLOCK);
        projection = new IssuesProjection(issues, parked, new EventReader(List.of(upcasters)), log);
    }

    @Test
    void a_view_is_stored_as_its_json_and_listed_by_what_filters_and_sorts_use() {
        Instant effective = Instant.parse("2026-02-01T10:00:00Z");
        recorder.record("i-1", "ada", effective, opened("Slow import", "It takes 5 s", "api", "import"));
        recorder.record(
                "i-1",
                impact(Severity.HIGH),
                new IssueAssigned("grace"),
                new RelatedFileLinked("src/a.py", null),
                plan("Fix", "Clean up"),
                STARTED,
                new PhaseStarted(1),
                latency(MetricKind.BASELINE, "5200.10"));

        project();

        Document stored = database.getCollection("issues-1").find().first();
        assertThat(stored)
                .containsEntry("_id", "i-1")
                .containsEntry("seen", 8L)
                .containsEntry("version", 8L)
                .containsEntry("json", json("i-1"))
                .containsOnlyKeys(
                        isShared()
                                ? new String[] {"_id", "seen", "version", "json", "records", "list"}
                                : new String[] {"_id", "seen", "version", "json", "records"});
        assertThat(issues.list(IssueQueryTest.everything(), null, 10))
                .containsExactly(new Row("i-1", """
                    {"id":"i-1","title":"Slow import","status":"IN_PROGRESS","severity":"HIGH","assignee":"grace",\
                    "labels":["api","import"],"version":8,"phase":{"current":1,"of":2},\
                    "openedAt":"2026-02-01T10:00:00.000Z","updatedAt":"2026-03-01T08:00:00.000Z"}\
                    """, CLOCK.millis()));
        assertThat(json("i-1")).contains("\"version\":8,\"position\":8,").contains("\"baseline\":5200.10,");
        assertThat(issues.find("i-1").orElseThrow().view().metricRecords())
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.metric()).isEqualTo(latency(MetricKind.BASELINE, "5200.10"));
                    assertThat(record.measuredAt()).isEqualTo(CLOCK.instant());
                    assertThat(record.by()).isEqualTo("ada");
                });
    }

    @Test
    void an_issue_without_a_plan_has_no_phase_and_one_with_none_running_no_current_one() {
        recorder.record("i-1", OPENED);
        recorder.record("i-2", OPENED, plan("Fix"));

        project();

        assertThat(item("i-1")).contains("\"phase\":null");
        assertThat(item("i-2")).contains("\"phase\":{\"current\":null,\"of\":1}");
    }

    /** The embedded store has an index for nothing else, and would look at all views for each one that is written. */
    @Test
    void a_view_is_looked_for_and_replaced_by_its_id_alone_where_no_other_process_writes() {
        recordThreeIssuesOfWhichOneIsParked();
        server.filters().clear();

        project();

        assertThat(server.filters())
                .hasSizeGreaterThanOrEqualTo(4)
                .hasSameElementsAs(isShared() ? List.of(Set.of("_id"), Set.of("_id", "seen")) : List.of(Set.of("_id")));
    }

    @Test
    void delivered_twice_changes_nothing() {
        recordThreeIssuesOfWhichOneIsParked();
        project();
        List<Document> once = stored();

        project();
        projection.apply(log.read(3, 4));

        assertThat(stored()).isEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16})
    void any_split_into_batches_gives_the_same_views(int size) {
        recordThreeIssuesOfWhichOneIsParked();
        project();
        List<Document> atOnce = stored();

        projectAnew();
        List<RecordedEvent> events = log.read(0, 1_000);
        for (int i = 0; i < events.size(); i += size) {
            projection.apply(events.subList(i, Math.min(i + size, events.size())));
        }

        assertThat(stored()).isEqualTo(atOnce);
    }

    @Test
    void batches_that_overlap_give_the_same_views() {
        recordThreeIssuesOfWhichOneIsParked();
        project();
        List<Document> atOnce = stored();

        projectAnew();
        List<RecordedEvent> events = log.read(0, 1_000);
        for (int end = 1; end <= events.size(); end++) {
            projection.apply(events.subList(Math.max(0, end - 5), end));
        }

        assertThat(stored()).isEqualTo(atOnce);
    }

    private void recordThreeIssuesOfWhichOneIsParked() {
        List<IssueEvent> everything = Happenings.everything();
        recorder.record("i-1", everything.get(0));
        recorder.record("i-2", OPENED, STARTED);
        recorder.record("i-3", OPENED);
        for (int i = 1; i < everything.size(); i++) {
            recorder.record("i-1", everything.get(i));
            if (i == 5) {
                recorder.recordText("i-3", "NoteRecorded", "1", "{", METADATA);
            }
            if (i % 10 == 0) {
                recorder.record("i-2", note(i / 10, "Note " + i));
                recorder.record("i-3", note(i / 10, "Note " + i));
            }
        }
    }

    @Test
    void a_view_that_is_older_than_what_comes_takes_what_it_lacks_from_the_log() {
        recorder.record("i-1", opened("Slow import", "It takes 5 s", "api"), note(1, "one"));
        project();
        recorder.record("i-1", note(2, "two"), note(3, "three"));
        recorder.record("i-1", note(4, "four"));

        projection.apply(log.read(4, 10));

        assertThat(issues.find("i-1").orElseThrow().view().notes())
                .extracting(IssueView.Note::text)
                .containsExactly("one", "two", "three", "four");
        assertThat(parkedEvents()).isEmpty();
    }

    /** A faulty event, and a word of the reason with which it is parked. */
    record Poison(String what, String type, String revision, String payload, String metadata, String reason) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Poison> poisons() {
        String note = "{\"note\":1,\"kind\":\"DECISION\",\"text\":\"Batch\"}";
        return Stream.of(
                new Poison("no JSON", "NoteRecorded", "1", "{\"note\":1,", METADATA, "cannot be read"),
                new Poison("an empty payload", "NoteRecorded", "1", "", METADATA, "cannot be read"),
                new Poison("null", "NoteRecorded", "1", "null", METADATA, "its payload is null"),
                new Poison("a field of another type", "NoteRecorded", "1", "{\"note\":[]}", METADATA, "see /note"),
                new Poison("an unknown field", "TestingStarted", "1", "{\"hurry\":true}", METADATA, "see /hurry"),
                new Poison("an unknown type", "IssueForgotten", "1", "{}", METADATA, "IssueForgotten"),
                new Poison("an unknown revision", "NoteRecorded", "99", note, METADATA, "99"),
                new Poison(
                        "an invalid value",
                        "NoteRecorded",
                        "1",
                        "{\"note\":1,\"kind\":\"DECISION\",\"text\":\" \"}",
                        METADATA,
                        "/text must not be blank"),
                new Poison("null for metadata", "NoteRecorded", "1", note, "null", "its metadata is null"),
                new Poison("no JSON in the metadata", "NoteRecorded", "1", note, "who?", "cannot be read"),
                new Poison(
                        "a note corrected that was never written",
                        "NoteCorrected",
                        "1",
                        EventJson.write(new NoteCorrected(7, "Batch")),
                        METADATA,
                        "it does not fit the events before it"),
                new Poison(
                        "a phase started that was never planned",
                        "PhaseStarted",
                        "1",
                        EventJson.write(new PhaseStarted(1)),
                        METADATA,
                        "it does not fit the events before it"));
    }

    @ParameterizedTest
    @MethodSource("poisons")
    void a_poison_event_is_parked_with_the_later_events_of_its_issue_and_the_others_go_on(Poison poison) {
        recorder.record("poisoned", OPENED, STARTED);
        recorder.record("sound", OPENED);
        recorder.recordText("poisoned", poison.type(), poison.revision(), poison.payload(), poison.metadata());
        recorder.record("sound", note(1, "Still readable"));
        recorder.record("poisoned", note(2, "Written later"));

        project();

        Issues.Stored stored = issues.find("poisoned").orElseThrow();
        assertThat(stored.parkedAt()).isEqualTo(4);
        assertThat(stored.seen()).isEqualTo(6);
        assertThat(stored.view().version()).isEqualTo(2);
        assertThat(issues.find("sound").orElseThrow().view().notes()).hasSize(1);
        assertThat(issues.find("sound").orElseThrow().parkedAt()).isNull();
        assertThat(projection.parked()).isEqualTo(2);
        assertThat(parkedEvents())
                .extracting(d -> d.getLong("_id"), d -> d.getString("issueId"), d -> d.getString("type"))
                .containsExactly(tuple(4L, "poisoned", poison.type()), tuple(6L, "poisoned", "NoteRecorded"));
        assertThat(parkedEvents().get(0).getString("error"))
                .isNotBlank()
                .contains(poison.reason())
                .doesNotContain("issueledger.", "Exception");
        assertThat(parkedEvents().get(1).getString("error")).isEqualTo("event 4 of this issue is parked");
        assertThat(parkedEvents()).allSatisfy(d -> assertThat(d.getLong("at")).isEqualTo(CLOCK.millis()));
        assertThat(logged.list)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.getLevel()).isEqualTo(Level.ERROR));
        assertThat(logged.list.get(0).getFormattedMessage()).contains("4", "poisoned", poison.type());
    }

    @Test
    void events_that_come_in_later_batches_are_parked_too() {
        recorder.record("i-1", OPENED);
        recorder.recordText("i-1", "NoteRecorded", "1", "{", METADATA);
        project();
        recorder.record("i-1", note(2, "Written later"));

        projection.apply(log.read(2, 10));

        assertThat(parkedEvents()).extracting(d -> d.getLong("_id")).containsExactly(2L, 3L);
        assertThat(issues.find("i-1").orElseThrow().parkedAt()).isEqualTo(2);
    }

    @Test
    void an_issue_whose_first_event_is_poison_has_no_view_and_is_in_no_list() {
        recorder.recordText("i-1", "IssueOpened", "1", "{}", METADATA);
        recorder.record("i-1", STARTED);
        recorder.record("i-2", OPENED);

        project();

        assertThat(issues.find("i-1")).hasValue(new Issues.Stored("i-1", 2, null, 1L));
        assertThat(issues.answer("i-1")).hasValue(new Issues.Answer(0, "", 1L));
        assertThat(projection.parked()).isEqualTo(2);
        assertThat(issues.list(IssueQueryTest.everything(), null, 10))
                .extracting(Row::id)
                .containsExactly("i-2");
    }

    @Test
    void a_view_over_a_mebibyte_is_kept_compressed_and_read_back_as_it_was() {
        recorder.record("i-1", OPENED);
        for (int i = 1; i <= 60; i++) {
            recorder.record("i-1", note(i, "Sätze ".repeat(3_333)));
        }

        project();

        assertThat(database.getCollection("issues-1").find().first().get("json"))
                .isInstanceOf(Binary.class);
        assertThat(json("i-1")).hasSizeGreaterThan(1024 * 1024).isEqualTo(replayed("i-1"));
        assertThat(issues.answer("i-1").orElseThrow().json()).isEqualTo(json("i-1"));
    }

    @Test
    @Tag("full")
    void the_largest_issue_that_commands_allow_is_stored_however_random_its_text() {
        Random random = new Random(7);
        List<IssueEvent> events = new ArrayList<>(List.of(OPENED));
        long bytes = 0;
        for (int i = 1; bytes < 8 * 1024 * 1024 - 60_100; i++) {
            IssueEvent next = note(i, randomIdeographs(random));
            bytes += EventJson.write(next).getBytes(StandardCharsets.UTF_8).length;
            events.add(next);
        }
        recorder.record("i-1", events.toArray(new IssueEvent[0]));

        project();

        assertThat(json("i-1")).isEqualTo(replayed("i-1"));
        assertThat(issues.find("i-1").orElseThrow().seen()).isEqualTo(events.size());
    }

    private static String randomIdeographs(Random random) {
        return random.ints(20_000, 0x4E00, 0x9FFF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void all_events_that_upcasting_makes_of_one_position_are_one_version() {
        projectAnew(new OpeningsWithAnAssignee());
        recorder.recordText("i-1", "IssueOpenedFor", "1", EventJson.write(OPENED), METADATA);
        recorder.record("i-1", STARTED);

        project();

        IssueView view = issues.find("i-1").orElseThrow().view();
        assertThat(view.title()).isEqualTo(OPENED.title());
        assertThat(view.assignee()).isEqualTo("grace");
        assertThat(view.version()).isEqualTo(2);
        assertThat(parked.count()).isZero();
    }

    /** Reads an event of a type that is no more as the two that took its place. */
    private static final class OpeningsWithAnAssignee extends EventMultiUpcaster {
        @Override
        protected boolean canUpcast(IntermediateEventRepresentation event) {
            return event.getType().getName().equals("IssueOpenedFor");
        }

        @Override
        protected Stream<IntermediateEventRepresentation> doUpcast(IntermediateEventRepresentation event) {
            return Stream.of(
                    event.upcast(
                            new SimpleSerializedType("IssueOpened", "1"),
                            String.class,
                            payload -> payload,
                            metadata -> metadata),
                    event.upcast(
                            new SimpleSerializedType("IssueAssigned", "1"),
                            String.class,
                            payload -> "{\"assignee\":\"grace\"}",
                            metadata -> metadata));
        }
    }

    private void project() {
        List<RecordedEvent> page = log.read(0, 1_000);
        while (!page.isEmpty()) {
            projection.apply(page);
            page = log.read(page.get(page.size() - 1).position(), 1_000);
        }
    }

    private List<Document> stored() {
        List<Document> documents = new ArrayList<>();
        database.getCollection("issues-1").find().sort(new Document("_id", 1)).into(documents);
        documents.addAll(parkedEvents());
        return documents;
    }

    private List<Document> parkedEvents() {
        return database.getCollection("issues-1-parked")
                .find()
                .sort(new Document("_id", 1))
                .into(new ArrayList<>());
    }

    private String item(String id) {
        return issues.list(IssueQueryTest.everything(), null, 10).stream()
                .filter(row -> row.id().equals(id))
                .findFirst()
                .orElseThrow()
                .item();
    }

    private String json(String id) {
        return EventJson.MAPPER.writeValueAsString(issues.find(id).orElseThrow().view());
    }

    @Test
    void a_replay_that_meets_what_fits_no_issue_names_the_event() {
        recorder.record("i-1", OPENED, new PhaseStarted(1));
        Replay replay = new Replay(log, new EventReader(List.of()));

        UnreadableEvent unreadable =
                catchThrowableOfType(UnreadableEvent.class, () -> replay.replay("i-1", event -> true));

        assertThat(unreadable.event().position()).isEqualTo(2);
        assertThat(replay.replay("i-1", event -> event.version() < 2)).isPresent();
    }

    private String replayed(String id) {
        Replay replay = new Replay(log, new EventReader(List.of()));
        return EventJson.MAPPER.writeValueAsString(
                replay.replay(id, event -> true).orElseThrow());
    }
}
