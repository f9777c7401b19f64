package issueledger.history;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.Erasing;
import issueledger.events.IssueEvent;
import issueledger.log.Place;
import issueledger.log.RecordedEvent;
import issueledger.log.StoppedClock;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.projections.TestViews;
import issueledger.query.Recorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index of events, in a store of either kind. */
abstract class EventIndexContract {
    private static final int ALL = 10_000;
    private static final List<IssueEvent> HAPPENINGS = List.of(OPENED, STARTED, note(1, "One"), note(2, "Two"));

    @TempDir
    private Path directory;

    private SqliteEventLog log;
    private Recorder recorder;
    private EventsProjection projection;
    private TestViews views;

    /** New, empty views. */
    abstract TestViews views(EventsProjection projection);

    Path folder(String name) {
        try {
            return Files.createDirectories(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void open() {
        log = SqliteEventLog.open(directory.resolve("events.db"), new StoppedClock("2026-03-01T08:00:00Z"));
        recorder = new Recorder(log);
        projection = new EventsProjection();
        views = views(projection);
    }

    @AfterEach
    void close() {
        views.close();
        log.close();
    }

    private List<Place> find(EventFilter filter, long after, long end, int limit) {
        EventIndex index = projection.served();
        assertThat(index).isNotNull();
        return index.find(filter, after, end, limit);
    }

    private List<Long> found(@Nullable String actor, @Nullable String type, @Nullable String issue) {
        return find(new EventFilter(actor, type, issue), 0, Long.MAX_VALUE, ALL).stream()
                .map(Place::position)
                .toList();
    }

    @Test
    void each_filter_finds_its_events_and_no_others() {
        recorder.record("i-1", "ada", null, OPENED, STARTED);
        recorder.record("i-2", "jon", null, OPENED);
        recorder.record("i-1", "jon", null, note(1, "One"));
        recorder.record("i-2", "ada", null, note(1, "One"));
        views.apply(log.read(0, ALL));
        views.prepareForReaders();

        assertThat(found("ada", null, null)).containsExactly(1L, 2L, 5L);
        assertThat(found(null, "IssueOpened", null)).containsExactly(1L, 3L);
        assertThat(found(null, null, "i-1")).containsExactly(1L, 2L, 4L);
        assertThat(found("ada", "IssueOpened", null)).containsExactly(1L);
        assertThat(found("jon", null, "i-1")).containsExactly(4L);
        assertThat(found(null, "NoteRecorded", "i-2")).containsExactly(5L);
        assertThat(found("ada", "WorkStarted", "i-1")).containsExactly(2L);
        assertThat(found("ada", "WorkStarted", "i-2")).isEmpty();
        assertThat(found("Ada", null, null)).isEmpty();
        assertThat(found("i-1", null, null))
                .describedAs("an issue's name is no actor")
                .isEmpty();
        assertThat(find(new EventFilter("ada", null, null), 1, 5, ALL))
                .containsExactly(new Place(2, 1), new Place(5, 5));
    }

    @Test
    void events_that_come_again_change_nothing() {
        recorder.record("i-1", "ada", null, OPENED, STARTED);
        views.apply(log.read(0, ALL));
        views.prepareForReaders();
        recorder.record("i-2", "jon", null, OPENED);

        views.apply(log.read(0, ALL));
        views.apply(log.read(1, ALL));

        assertThat(found("ada", null, null)).containsExactly(1L, 2L);
        assertThat(found(null, "IssueOpened", null)).containsExactly(1L, 3L);
    }

    @Test
    void an_event_whose_texts_cannot_be_read_is_found_by_what_can() {
        recorder.recordText("i-1", "IssueOpened", "1", "{", "no metadata");
        recorder.recordText("i-1", "WhoKnows", "7", "{}", Recorder.metadata("ada", null, null));
        views.apply(log.read(0, ALL));
        views.prepareForReaders();

        assertThat(found(null, "IssueOpened", null)).containsExactly(1L);
        assertThat(found(null, null, "i-1")).containsExactly(1L, 2L);
        assertThat(found("ada", null, null)).containsExactly(2L);
        assertThat(views.parkedCount()).isZero();
    }

    @Test
    void an_erased_actor_is_found_as_it_is_shown() {
        String erased = Erasing.metadata(Recorder.metadata("ada", null, null));
        recorder.recordText("i-1", "WorkStarted", "1", "{\"startedOn\":null}", erased);
        views.apply(log.read(0, ALL));
        views.prepareForReaders();

        String shown = EventItem.of(log.read(0, 1).getFirst()).actor();

        assertThat(shown).isEqualTo("[erased]");
        assertThat(found(shown, null, null)).containsExactly(1L);
        assertThat(found("ada", null, null)).isEmpty();
    }

    /** Delivered in batches, some of them twice, with the indexes made in between. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void what_is_found_is_what_a_scan_of_the_log_finds(long seed) {
        Random random = new Random(seed);
        List<String> actors = List.of("ada", "jon", "mara", "[erased]", "ä \uD83D\uDE80", "%", "i-1");
        List<String> issues = IntStream.range(0, 12).mapToObj(i -> "i-" + i).toList();
        long made = 0;
        long delivered = 0;
        boolean prepared = false;
        while (made < 800) {
            IssueEvent[] events = IntStream.range(0, 1 + random.nextInt(4))
                    .mapToObj(i -> HAPPENINGS.get(random.nextInt(HAPPENINGS.size())))
                    .toArray(IssueEvent[]::new);
            String actor = actors.get((int) Math.min(actors.size() - 1, Math.abs(random.nextGaussian() * 3)));
            made = recorder.record(issues.get(random.nextInt(issues.size())), actor, null, events)
                    .last();
            if (random.nextInt(20) == 0) {
                views.apply(log.read(Math.max(0, delivered - random.nextInt(10)), ALL));
                delivered = made;
                if (!prepared && made > 300) {
                    views.prepareForReaders();
                    prepared = true;
                }
            }
        }
        views.apply(log.read(Math.min(delivered, made - 1), ALL));
        views.prepareForReaders();

        List<RecordedEvent> all = log.read(0, ALL);
        List<@Nullable String> someActors = withNull(actors, "nobody");
        List<@Nullable String> types = Arrays.asList(null, "IssueOpened", "WorkStarted", "NoteRecorded", "IssueClosed");
        for (String actor : someActors) {
            for (String type : types) {
                for (String issue : withNull(issues.subList(0, 4), "i-unknown")) {
                    EventFilter filter = new EventFilter(actor, type, issue);
                    long after = random.nextInt((int) made + 2);
                    long end = random.nextBoolean() ? Long.MAX_VALUE : random.nextInt((int) made + 2);
                    int limit = 1 + random.nextInt(300);
                    if (!filter.isOpen()) {
                        List<RecordedEvent> scanned = all.stream()
                                .filter(event -> event.position() > after && event.position() <= end)
                                .filter(filter::matches)
                                .limit(limit)
                                .toList();
                        List<Place> places = find(filter, after, end, limit);
                        assertThat(log.readAt(places)).describedAs("%s", filter).isEqualTo(scanned);
                        assertThat(places)
                                .extracting(Place::commit)
                                .isEqualTo(scanned.stream()
                                        .map(RecordedEvent::commit)
                                        .toList());
                    }
                }
            }
        }
    }

    private static List<@Nullable String> withNull(List<String> some, String other) {
        List<@Nullable String> all = new ArrayList<>(some);
        all.add(other);
        all.add(null);
        return all;
    }
}
