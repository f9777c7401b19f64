package issueledger.issues;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.opened;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.admission.Admission;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.IssueAssigned;
import issueledger.events.Rfc3339;
import issueledger.issues.IssueQuery.Cursor;
import issueledger.issues.IssueQuery.Moment;
import issueledger.issues.Issues.Row;
import issueledger.log.EventLog;
import issueledger.projections.Projections;
import issueledger.query.QueryServiceTest;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;
import tools.jackson.databind.JsonNode;

/** {@code GET /issues?asOf=…}: what the list answered at a moment, it answers of that moment for ever. */
class IssuesAsOfHttpTest extends QueryServiceTest {
    private static final List<String> LISTS = List.of(
            "sort=-updatedAt",
            "sort=openedAt",
            "sort=-severity",
            "status=IN_PROGRESS",
            "status=OPEN&sort=openedAt",
            "severity=HIGH&sort=updatedAt",
            "label=performance&sort=-openedAt",
            "q=scan&sort=-severity",
            "q=latency",
            "assignee=mara");

    @Autowired
    private EventLog log;

    @Autowired
    private IssuesProjection projection;

    @Autowired
    private Projections projections;

    @Autowired
    private IssueLookup lookup;

    @Autowired
    private Replay replay;

    @Autowired
    private Admission admission;

    @Autowired
    private Clock clock;

    /** The items of all pages. */
    private List<JsonNode> pages(String list, int limit) {
        List<JsonNode> items = new ArrayList<>();
        String next = "";
        do {
            var page = query.get("/issues?" + list + "&limit=" + limit + next);
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            items.addAll(page.items());
            JsonNode cursor = page.json().get("nextCursor");
            next = cursor.isNull() ? "" : "&cursor=" + cursor.stringValue();
        } while (!next.isEmpty());
        return items;
    }

    /** Random issues live on; what is answered at some moments is remembered. */
    private Map<Instant, Map<String, List<JsonNode>>> remembered(String prefix, long seed) {
        Random random = new Random(seed);
        Map<Instant, Map<String, List<JsonNode>>> remembered = new LinkedHashMap<>();
        Life[] lives = new Life[12];
        for (int i = 0; i < 150; i++) {
            CLOCK.pass(Duration.ofSeconds(1 + random.nextInt(100)));
            int which = random.nextInt(lives.length);
            boolean isNew = lives[which] == null;
            if (isNew) {
                lives[which] = new Life(seed + which);
            }
            List<IssueEvent> step = isNew ? lives[which].opening() : lives[which].step();
            if (!step.isEmpty()) {
                seen(recorder().record(prefix + which, step.toArray(IssueEvent[]::new)));
            }
            if (i % 37 == 5) {
                Map<String, List<JsonNode>> answers = new LinkedHashMap<>();
                LISTS.forEach(list -> answers.put(list, pages(list, 200)));
                remembered.put(CLOCK.instant(), answers);
            }
        }
        CLOCK.pass(Duration.ofSeconds(1));
        return remembered;
    }

    @Test
    void a_list_of_a_moment_is_what_was_answered_then() {
        remembered("asof-list-", 11)
                .forEach((moment, answers) -> answers.forEach((list, then) -> {
                    String asOf = "&asOf=" + URLEncoder.encode(Rfc3339.format(moment), StandardCharsets.UTF_8);
                    assertThat(pages(list + asOf, 200)).as(list).isEqualTo(then);
                    assertThat(pages(list + asOf, 3)).as(list).isEqualTo(then);
                }));
    }

    /** With moments that are far after few events, so that the log is folded, and those near to them are not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 20})
    void a_folded_moment_is_what_was_answered_then(int near) {
        var remembered = remembered("asof-far-" + near + "-", 12 + near);
        IssuesAsOf past = new IssuesAsOf(log, projection, projections, lookup, replay, admission, clock, near);
        HttpServletRequest request = new MockHttpServletRequest();
        remembered.forEach((time, answers) -> {
            for (long offset = -3; offset <= 0; offset += 3) {
                Moment moment = new Moment(time, log.positionAt(time) + offset);
                List<String> expected = at(moment.position());
                IssueQuery all = new IssueQuery(
                        null, null, null, null, null, null, null, Set.of(), IssueQuery.Sort.of("openedAt"));
                List<String> rows = new ArrayList<>();
                Cursor cursor = null;
                List<Row> page;
                do {
                    page = past.list(moment, all, cursor, 5, request);
                    page.forEach(row -> rows.add(row.item()));
                    if (!page.isEmpty()) {
                        cursor = new Cursor(
                                "", page.getLast().key(), page.getLast().id(), moment.position());
                    }
                } while (!page.isEmpty());
                assertThat(rows).containsExactlyInAnyOrderElementsOf(expected);
            }
        });
        past.destroy();
    }

    /** By a replay of every issue. */
    private List<String> at(long position) {
        return log.read(0, 100_000).stream()
                .map(event -> event.stream())
                .distinct()
                .flatMap(id -> replay.lastGood(id, position).stream())
                .map(Issues.Item::json)
                .toList();
    }

    @Test
    void a_cursor_pins_the_position_of_a_moment_that_is_still_to_come() {
        for (int i = 0; i < 5; i++) {
            record("asof-pin-" + i, opened("Pinned " + i, "Slow.", "asof-pin"));
        }
        String list = "/issues?label=asof-pin&sort=openedAt&limit=2&asOf=2031-01-01T00:00:00Z";
        var first = query.get(list);
        assertThat(first.items("id")).containsExactly("asof-pin-0", "asof-pin-1");

        record("asof-pin-3", new IssueAssigned("mara"));
        record("asof-pin-9", opened("Pinned later", "Slow.", "asof-pin"));

        var second = query.get(list + "&cursor=" + first.nextCursor());
        assertThat(second.items("id")).containsExactly("asof-pin-2", "asof-pin-3");
        assertThat(second.items().getLast().get("assignee").isNull()).isTrue();
        var third = query.get(list + "&cursor=" + second.nextCursor());
        assertThat(third.items("id")).containsExactly("asof-pin-4");
        assertThat(third.json().get("nextCursor").isNull()).isTrue();
        assertThat(query.get(list.replace("limit=2", "limit=200")).items()).hasSize(6);
    }

    @Test
    void a_moment_before_the_first_event_has_an_empty_list() {
        record("asof-empty", OPENED);
        assertThat(query.get("/issues?asOf=1970-01-01T00:00:00Z").body())
                .isEqualTo("{\"items\":[],\"nextCursor\":null}");
    }

    @Test
    void a_cursor_is_of_its_moment_alone_and_a_bad_moment_is_400() {
        record("asof-cursor-1", opened("One", "Slow.", "asof-cursor"));
        record("asof-cursor-2", opened("Two", "Slow.", "asof-cursor"));
        String list = "/issues?label=asof-cursor&limit=1";
        String now = query.get(list).nextCursor();
        String then = query.get(list + "&asOf=2030-01-01T00:00:00Z").nextCursor();
        query.get(list + "&asOf=2030-01-01T00:00:00Z&cursor=" + now).isMalformed("cursor");
        query.get(list + "&cursor=" + then).isMalformed("cursor");
        query.get(list + "&asOf=2030-01-01T00:00:01Z&cursor=" + then).isMalformed("cursor");
        query.get(list + "&asOf=yesterday").isMalformed("asOf");
        query.get(list + "&asOf=").isMalformed("asOf");
        query.get(list + "&asOf=2030-01-01T00:00:00Z&asOf=2030-01-01T00:00:00Z").isMalformed("asOf");
    }
}
