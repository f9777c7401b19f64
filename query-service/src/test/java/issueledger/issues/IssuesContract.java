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
import issueledger.events.Status;
import issueledger.issues.IssueQuery.Cursor;
import issueledger.issues.IssueQuery.Sort;
import issueledger.issues.Issues.Row;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.projections.Generation.Parked;
import issueledger.projections.TestViews;
import issueledger.projections.ViewAudit;
import issueledger.query.Happenings;
import issueledger.query.Recorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventMultiUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The views of issues, in a store of either kind. */
abstract class IssuesContract {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T08:00:00Z"), ZoneOffset.UTC);
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("issueledger.projections.Filling");
    private static final String METADATA = Recorder.metadata("ada", null, null);

    @TempDir
    private Path directory;

    private EventLog log;
    private Recorder recorder;
    private IssuesProjection projection;
    private TestViews views;
    private Issues issues;
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    /** New, empty views of a projection. */
    abstract TestViews views(IssuesProjection projection);

    Path folder(String name) {
        try {
            return Files.createDirectories(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        projection = new IssuesProjection(Life.LARGE_ISSUES, new EventReader(List.of(upcasters)), log);
        views = views(projection);
        issues = projection.served();
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

        assertThat(answer("i-1")).isEqualTo(json("i-1")).isEqualTo(replayed("i-1"));
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

    @Test
    void delivered_twice_changes_nothing() {
        recordThreeIssuesOfWhichOneIsParked();
        project();
        List<String> once = stored();

        project();
        views.apply(log.read(3, 4));

        assertThat(stored()).isEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16})
    void any_split_into_batches_gives_the_same_views(int size) {
        recordThreeIssuesOfWhichOneIsParked();
        project();
        List<String> atOnce = stored();

        projectAnew();
        List<RecordedEvent> events = log.read(0, 1_000);
        for (int i = 0; i < events.size(); i += size) {
            views.apply(events.subList(i, Math.min(i + size, events.size())));
        }

        assertThat(stored()).isEqualTo(atOnce);
    }

    @Test
    void batches_that_overlap_give_the_same_views() {
        recordThreeIssuesOfWhichOneIsParked();
        project();
        List<String> atOnce = stored();

        projectAnew();
        List<RecordedEvent> events = log.read(0, 1_000);
        for (int end = 1; end <= events.size(); end++) {
            views.apply(events.subList(Math.max(0, end - 5), end));
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

        views.apply(log.read(4, 10));

        assertThat(issues.find("i-1").orElseThrow().view().notes())
                .extracting(IssueView.Note::text)
                .containsExactly("one", "two", "three", "four");
        assertThat(views.parked()).isEmpty();
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
        assertThat(views.parkedAt("poisoned")).isEqualTo(4);
        assertThat(stored.view().version()).isEqualTo(2);
        assertThat(issues.find("sound").orElseThrow().view().notes()).hasSize(1);
        assertThat(views.parkedAt("sound")).isNull();
        assertThat(views.parkedCount()).isEqualTo(2);
        assertThat(views.parked())
                .extracting(Parked::position, Parked::issueId, Parked::type)
                .containsExactly(tuple(4L, "poisoned", poison.type()), tuple(6L, "poisoned", "NoteRecorded"));
        assertThat(views.parked().get(0).error())
                .isNotBlank()
                .contains(poison.reason())
                .doesNotContain("issueledger.", "Exception");
        assertThat(views.parked().get(1).error()).isEqualTo("event 4 of this issue is parked");
        assertThat(views.parked()).allSatisfy(event -> assertThat(event.at()).isEqualTo(CLOCK.instant()));
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

        views.apply(log.read(2, 10));

        assertThat(views.parked()).extracting(Parked::position).containsExactly(2L, 3L);
        assertThat(views.parkedAt("i-1")).isEqualTo(2);
    }

    @Test
    void an_issue_whose_first_event_is_poison_has_no_view_and_is_in_no_list() {
        recorder.recordText("i-1", "IssueOpened", "1", "{}", METADATA);
        recorder.record("i-1", STARTED);
        recorder.record("i-2", OPENED);

        project();

        assertThat(issues.find("i-1")).isEmpty();
        assertThat(issues.answer("i-1")).isEmpty();
        assertThat(views.parkedCount()).isEqualTo(2);
        assertThat(issues.list(IssueQueryTest.everything(), null, 10))
                .extracting(Row::id)
                .containsExactly("i-2");
    }

    @Test
    void a_view_over_a_mebibyte_is_read_back_as_it_was() {
        recorder.record("i-1", OPENED);
        for (int i = 1; i <= 60; i++) {
            recorder.record("i-1", note(i, "Sätze ".repeat(3_333)));
        }

        project();

        assertThat(json("i-1")).hasSizeGreaterThan(1024 * 1024).isEqualTo(replayed("i-1"));
        assertThat(answer("i-1")).isEqualTo(json("i-1"));
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
        assertThat(views.parkedCount()).isZero();
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
            views.apply(page);
            page = log.read(page.get(page.size() - 1).position(), 1_000);
        }
        views.prepareForReaders();
    }

    /** Everything that can be read. */
    private List<String> stored() {
        views.prepareForReaders();
        List<String> all = new ArrayList<>();
        for (Row row : issues.list(IssueQueryTest.everything(), null, 100)) {
            all.add(row.toString());
            all.add(answer(row.id()));
            all.add(issues.find(row.id()).orElseThrow().view().metricRecords().toString());
        }
        all.add(views.parked().toString());
        return all;
    }

    private String answer(String id) {
        return new String(issues.answer(id).orElseThrow().json(), StandardCharsets.UTF_8);
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

    @Test
    void parked_events_are_applied_again_in_order_once_they_can_be_read() {
        recorder.record("i-1", OPENED);
        recorder.recordText("i-1", "IssueOpenedFor", "1", EventJson.write(OPENED), METADATA);
        recorder.record("i-1", note(1, "After it"));
        recorder.record("i-2", OPENED);
        recorder.recordText("i-2", "NoteRecorded", "1", "{", METADATA);
        project();
        assertThat(views.retry(log)).isEqualTo(3);
        assertThat(views.parkedCount()).isEqualTo(3);

        learn(new OpeningsWithAnAssignee());

        assertThat(views.retry(log)).isEqualTo(3);
        assertThat(views.parked()).extracting(Parked::position).containsExactly(5L);
        assertThat(views.parkedAt("i-1")).isNull();
        IssueView view = issues.find("i-1").orElseThrow().view();
        assertThat(view.version()).isEqualTo(3);
        assertThat(view.assignee()).isEqualTo("grace");
        assertThat(view.notes()).hasSize(1);
    }

    /** Opens the same views again in a program that can read more. */
    private void learn(EventUpcaster... upcasters) {
        projection = new IssuesProjection(Life.LARGE_ISSUES, new EventReader(List.of(upcasters)), log);
        views = views.again(projection, CLOCK);
        issues = projection.served();
    }

    private static final List<String> TEXTS = List.of("Slow orders", "slow SEARCH", "checkout of orders");

    private final Random random = new Random(7);
    private final Map<String, IssueView> all = new HashMap<>();

    @Test
    void a_page_of_the_list_is_what_looking_at_every_issue_would_find_however_the_issues_changed() {
        for (int round = 0; round < 240; round++) {
            change(round < 20 ? 100 : 3);
            if (round == 10) {
                views.prepareForReaders();
            }
            if (round >= 10) {
                IssueQuery query = query();
                Cursor cursor = random.nextBoolean() ? null : new Cursor("", key(query.sort()), id(), null);
                int limit = 1 + random.nextInt(100);
                assertThat(issues.list(query, cursor, limit))
                        .as("%s %s %s", query, cursor, limit)
                        .isEqualTo(expected(query, cursor, limit));
            }
        }
    }

    private String id() {
        return "i-" + random.nextInt(1_500);
    }

    /** Few times, so that many tie. */
    private Instant time() {
        return Instant.ofEpochMilli(random.nextInt(50));
    }

    private long key(Sort sort) {
        return random.nextInt(sort.field().equals("severity") ? 5 : 50);
    }

    /** Folds random events of some issues and writes them as one batch. */
    private void change(int count) {
        Map<String, IssueView> batch = new LinkedHashMap<>();
        issues.load(Stream.generate(this::id).limit(count).toList())
                .forEach((id, stored) -> batch.put(id, next(stored.view())));
        for (int i = 0; i < count / 2; i++) {
            String id = id();
            if (!all.containsKey(id)) {
                batch.put(id, next(IssueView.of(id)));
            }
        }
        issues.load(batch.keySet());
        List<Issues.Stored> changed = batch.values().stream()
                .map(view -> new Issues.Stored(view.id(), view.position(), view))
                .toList();
        issues.save(changed);
        issues.committed(changed);
        all.putAll(batch);
    }

    private long position;

    private IssueView next(IssueView view) {
        List<IssueEvent> events = new ArrayList<>();
        if (view.version() == 0) {
            events.add(opened(TEXTS.get(random.nextInt(3)), "Ωmega " + random.nextInt(10), "api"));
        }
        switch (random.nextInt(4)) {
            case 0 -> events.add(new IssueAssigned(random.nextBoolean() ? "mara" : null));
            case 1 -> events.add(impact(Severity.values()[random.nextInt(Severity.values().length)]));
            case 2 -> events.add(note(view.notes().size() + 1, "word" + random.nextInt(30)));
            default ->
                events.add(
                        view.notes().isEmpty()
                                ? new RelatedFileLinked("src/" + random.nextInt(3) + ".java", null)
                                : new NoteCorrected(
                                        1 + random.nextInt(view.notes().size()), "right" + random.nextInt(9)));
        }
        Instant at = time();
        position++;
        return view.apply(events, new IssueView.Occurrence(view.version() + 1, position, at, at, "ada"));
    }

    private IssueQuery query() {
        return new IssueQuery(
                random.nextInt(3) == 0 ? Status.OPEN : null,
                random.nextInt(4) == 0 ? Severity.HIGH : null,
                random.nextInt(4) == 0 ? (random.nextInt(9) == 0 ? "never" : "api") : null,
                random.nextInt(4) == 0 ? "mara" : null,
                random.nextInt(4) == 0 ? "src/1.java" : null,
                random.nextInt(5) == 0 ? time() : null,
                random.nextInt(5) == 0 ? time() : null,
                switch (random.nextInt(5)) {
                    case 0 -> Words.of("slo ord");
                    case 1 -> Words.of("ΩMEGA");
                    case 2 -> Words.of("word1");
                    default -> Set.of();
                },
                new Sort(Sort.FIELDS.get(random.nextInt(3)), random.nextBoolean()));
    }

    private List<Row> expected(IssueQuery query, @Nullable Cursor cursor, int limit) {
        Comparator<Row> byKey = Comparator.comparingLong(Row::key);
        Comparator<Row> order = (query.sort().descending() ? byKey.reversed() : byKey).thenComparing(Row::id);
        return all.values().stream()
                .filter(view -> Facet.of(view).containsAll(Facet.of(query)))
                .filter(view -> query.words().stream()
                        .allMatch(wanted -> Words.of(view).stream().anyMatch(word -> word.startsWith(wanted))))
                .filter(view -> query.openedAfter() == null || view.openedAt().isAfter(query.openedAfter()))
                .filter(view -> query.openedBefore() == null || view.openedAt().isBefore(query.openedBefore()))
                .map(view -> new Row(view.id(), Issues.Item.json(view), key(view, query.sort())))
                .filter(row -> cursor == null || order.compare(row, new Row(cursor.id(), "", cursor.key())) > 0)
                .sorted(order)
                .limit(limit)
                .toList();
    }

    private static long key(IssueView view, Sort sort) {
        return switch (sort.field()) {
            case "openedAt" -> view.openedAt().toEpochMilli();
            case "updatedAt" -> view.updatedAt().toEpochMilli();
            default -> view.rank();
        };
    }

    private record Audited(Set<String> found, List<String> differences) implements ViewAudit {
        @Override
        public void found(String issueId) {
            found.add(issueId);
        }

        @Override
        public void compared(long views, long events) {}

        @Override
        public void differs(long position, @Nullable String issueId, String detail) {
            differences.add(position + " " + issueId + " " + detail);
        }

        @Override
        public void contradicts(long position, @Nullable String issueId, String detail) {
            differences.add(position + " " + issueId + " " + detail);
        }

        @Override
        public void unreadable(long position, String issueId, String detail) {
            differences.add(position + " " + issueId + " " + detail);
        }

        @Override
        public List<Missing> missing() {
            return List.of();
        }
    }

    private Audited audited() {
        Audited audited = new Audited(new TreeSet<>(), new ArrayList<>());
        new IssuesModel(issues, new EventReader(List.of()), log).verify(views.generation(), log, audited);
        return audited;
    }

    @Test
    void views_are_compared_with_a_new_fold() {
        recorder.record("i-1", Happenings.everything().toArray(new IssueEvent[0]));
        recorder.record("i-2", OPENED);
        views.apply(log.read(0, 100));
        views.prepareForReaders();
        recorder.record("i-2", STARTED); // The views are behind the log.
        recorder.record("i-3", OPENED);

        assertThat(audited().differences()).isEmpty();
        assertThat(audited().found()).containsExactly("i-1", "i-2");

        Issues.Stored stored = issues.find("i-2").orElseThrow();
        issues.load(List.of("i-2"));
        issues.save(List.of(new Issues.Stored("i-2", stored.seen() + 1, stored.view())));
        assertThat(audited().differences()).hasSize(1).first().asString().contains(" i-2 ");
    }
}
