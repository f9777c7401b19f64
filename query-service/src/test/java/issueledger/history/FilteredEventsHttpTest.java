package issueledger.history;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.events.Rfc3339;
import issueledger.log.AppendResult.Appended;
import issueledger.log.Place;
import issueledger.log.RecordedEvent;
import issueledger.query.Query.Answer;
import issueledger.query.QueryServiceTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** The filters of {@code GET /events}, and its lines without a limit. */
class FilteredEventsHttpTest extends QueryServiceTest {
    private static final String LINES = "application/x-ndjson";

    @Autowired
    private EventsProjection projection;

    private Appended by(String actor, String issue, IssueEvent... events) {
        return seen(recorder().record(issue, actor, null, events));
    }

    @Test
    void events_are_found_by_actor_type_issue_and_time_in_any_combination() {
        by("filter ä", "events-filter-1", OPENED, STARTED);
        CLOCK.pass(Duration.ofMillis(1));
        Appended second = by("filter ä", "events-filter-2", OPENED, note(1, "One"));
        CLOCK.pass(Duration.ofMillis(1));
        by("filter ö", "events-filter-1", TESTING);
        String ae = "actor=" + URLEncoder.encode("filter ä", StandardCharsets.UTF_8);
        String at = Rfc3339.format(second.recordedAt());
        String later = Rfc3339.format(second.recordedAt().plusMillis(1));

        assertThat(types(ae)).containsExactly("IssueOpened", "WorkStarted", "IssueOpened", "NoteRecorded");
        assertThat(types(ae + "&type=IssueOpened")).containsExactly("IssueOpened", "IssueOpened");
        assertThat(types("issueId=events-filter-1")).containsExactly("IssueOpened", "WorkStarted", "TestingStarted");
        assertThat(types(ae + "&issueId=events-filter-1")).containsExactly("IssueOpened", "WorkStarted");
        assertThat(types("issueId=events-filter-1&type=TestingStarted")).containsExactly("TestingStarted");
        assertThat(types(ae + "&since=" + at)).containsExactly("IssueOpened", "NoteRecorded");
        assertThat(types(ae + "&until=" + at)).containsExactly("IssueOpened", "WorkStarted");
        assertThat(types(ae + "&since=" + at + "&until=" + later)).containsExactly("IssueOpened", "NoteRecorded");
        assertThat(types("since=" + at + "&until=" + later)).containsExactly("IssueOpened", "NoteRecorded");
        assertThat(types("since=" + later)).containsExactly("TestingStarted");
        assertThat(types(ae + "&type=NoteRecorded&issueId=events-filter-2&since=" + at + "&until=" + later + "&after="
                        + second.first()))
                .containsExactly("NoteRecorded");
        assertThat(types("since=" + at + "&until=" + at)).isEmpty();
        assertThat(types("since=" + later + "&until=" + at)).isEmpty();
        assertThat(types("actor=nobody")).isEmpty();
        assertThat(types("issueId=nothing")).isEmpty();
    }

    private List<String> types(String filter) {
        Answer page = query.get("/events?" + filter);
        assertThat(page.json().get("nextCursor").isNull()).isTrue();
        assertThat(query.get("/events?" + filter, "Accept", LINES).body().lines())
                .containsExactlyElementsOf(page.items().stream()
                        .map(EventJson.MAPPER::writeValueAsString)
                        .toList());
        return page.items("type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"after", "cursor"})
    void pages_of_a_filter_join_without_a_gap_and_end_with_null(String parameter) {
        for (int i = 0; i < 5; i++) {
            by("pager", "pages-" + parameter, note(2 * i + 1, "Mine"), note(2 * i + 2, "Mine"));
            record("pages-" + parameter, STARTED);
        }
        List<String> positions = new ArrayList<>();
        String filter = "/events?actor=pager&issueId=pages-" + parameter + "&limit=4";
        Answer page = query.get(filter);
        while (!page.json().get("nextCursor").isNull()) {
            positions.addAll(page.items("position"));
            assertThat(page.nextCursor()).isEqualTo(positions.getLast());
            page = query.get(filter + "&" + parameter + "=" + page.nextCursor());
        }
        positions.addAll(page.items("position"));

        assertThat(positions).hasSize(10).doesNotHaveDuplicates();
        assertThat(query.get(filter + "&" + parameter + "=" + positions.get(5))
                        .json()
                        .get("nextCursor")
                        .isNull())
                .describedAs("the last four are a last page, though later events of others follow")
                .isTrue();
    }

    @Test
    void a_write_that_the_index_does_not_have_yet_is_found_all_the_same() {
        Appended appended = recorder().record("fresh-1", "fresh", null, OPENED);

        assertThat(query.get("/events?actor=fresh").items("position")).containsExactly(Long.toString(appended.last()));
    }

    @Test
    void lines_without_a_limit_go_to_the_end() {
        for (int i = 0; i < 12; i++) {
            recorder().record("long-1", "writer", null, notes(100 * i));
        }
        long last = LOG.head().position();

        assertThat(query.get("/events", "Accept", LINES).body().lines()).hasSize((int) last);
        assertThat(query.get("/events?actor=writer", "Accept", LINES).body().lines())
                .hasSize(1_200);
        assertThat(query.get("/issues/long-1/events", "Accept", LINES).body().lines())
                .hasSize(1_200);
        assertThat(query.get("/issues/long-1/events?limit=1100", "Accept", LINES)
                        .body()
                        .lines())
                .hasSize(1_100);
        assertThat(query.get("/events").items()).hasSize(1_000);
    }

    private static IssueEvent[] notes(int from) {
        IssueEvent[] notes = new IssueEvent[100];
        for (int i = 0; i < notes.length; i++) {
            notes[i] = note(from + i + 1, "Note");
        }
        return notes;
    }

    @Test
    void a_payload_of_several_lines_is_one_line() {
        Appended appended =
                seen(recorder().recordText("lined-1", "NoteRecorded", "1", "{\r\n \"a\": \"b\\n\"\n}", "{}"));

        Answer lines = query.get("/events?after=" + (appended.last() - 1), "Accept", LINES);

        assertThat(lines.body().lines()).hasSize(1);
        assertThat(lines.json().get("payload").get("a").asString()).isEqualTo("b\n");
    }

    @ParameterizedTest
    @CsvSource({
        "type=Nothing, type",
        "type=, type",
        "type=issueOpened, type",
        "actor=, actor",
        "actor=a%0Ab, actor",
        "issueId=, issueId",
        "issueId=a%20b, issueId",
        "since=yesterday, since",
        "until=2026-02-30T00:00:00Z, until",
        "since=2026-03-01T00:00:00, since",
        "actor=a&actor=b, actor",
        "cursor=x, cursor",
        "cursor=-1, cursor",
        "after=1&cursor=1, cursor"
    })
    void a_bad_filter_is_refused_and_named(String parameters, String named) {
        query.get("/events?" + parameters).isMalformed(named);
        query.get("/events?" + parameters, "Accept", LINES).isMalformed(named);
    }

    @Test
    void the_ends_of_time_are_no_trouble() {
        record("ends-1", OPENED);

        assertThat(query.get("/events?since=0000-01-01T00:00:00Z&limit=1").items("position"))
                .containsExactly("1");
        assertThat(query.get("/events?since=9999-12-31T23:59:59.999999999Z").items())
                .isEmpty();
        assertThat(query.get("/events?until=0000-01-01T00:00:00Z").items()).isEmpty();
        assertThat(query.get("/events?until=9999-12-31T23:59:59Z&limit=1").nextCursor())
                .isEqualTo("1");
    }

    @Test
    void while_there_is_no_index_filters_are_answered_not_yet() {
        record("unindexed-1", OPENED);
        EventIndex index = projection.served();
        assertThat(index).isNotNull();
        try {
            projection.serve(null);
            query.get("/events?actor=ada").isProblem(503, "not-yet");
            query.get("/events?issueId=unindexed-1", "Accept", LINES).isProblem(503, "not-yet");
            assertThat(query.get("/events").status()).isEqualTo(200);
        } finally {
            projection.serve(new EventsModel(index));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000_000_000})
    void a_damaged_index_is_found_and_rebuilt(long position) throws InterruptedException {
        record("damaged-" + position, note(1, "Not what is asked for"));
        Answer before = query.get("/projections/events/rebuild");
        projection.serve(new EventsModel(new EventIndex() {
            @Override
            public void add(List<Entry> entries) {}

            @Override
            public List<Entry> entries(long after, long to) {
                return List.of();
            }

            @Override
            public List<Place> find(EventFilter filter, long after, long end, int limit) {
                return List.of(new Place(position, position));
            }
        }));

        query.get("/events?actor=nobody").isProblem(503, "not-yet");

        Answer after = query.get("/projections/events/rebuild");
        for (int i = 0;
                i < 500 && (after.body().equals(before.body()) || after.body().contains("RUNNING"));
                i++) {
            Thread.sleep(20);
            after = query.get("/projections/events/rebuild");
        }
        assertThat(after.json().get("state").asString()).isEqualTo("DONE");
        assertThat(query.get("/events?issueId=damaged-" + position).items()).hasSize(1);
    }

    @Test
    void what_is_answered_is_what_a_scan_of_the_log_finds() {
        record("scan-1", OPENED, STARTED, TESTING);
        by("jon", "scan-1", note(1, "One"), STARTED);
        List<RecordedEvent> all = new ArrayList<>(LOG.read(0, 10_000));
        while (all.getLast().position() < LOG.head().position()) {
            all.addAll(LOG.read(all.getLast().position(), 10_000));
        }
        for (String type : List.of("IssueOpened", "NoteRecorded", "WorkStarted", "IssueClosed")) {
            for (String actor : List.of("ada", "jon")) {
                EventFilter filter = new EventFilter(actor, type, null);
                assertThat(query.get("/events?limit=10000&actor=" + actor + "&type=" + type)
                                .items("position"))
                        .containsExactlyElementsOf(all.stream()
                                .filter(filter::matches)
                                .map(event -> Long.toString(event.position()))
                                .toList());
            }
        }
    }
}
