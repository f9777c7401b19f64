package issueledger.issues;

import static issueledger.events.IssueExamples.impact;
import static issueledger.events.IssueExamples.plan;
import static issueledger.query.Happenings.FIXED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.note;
import static issueledger.query.Happenings.opened;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.Description;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.IssueAssigned;
import issueledger.events.IssueEvent.IssueOpened;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.Rfc3339;
import issueledger.events.Severity;
import issueledger.query.Happenings;
import issueledger.query.Query.Answer;
import issueledger.query.QueryServiceTest;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /issues}. Each test has a label of its own, so that it sees its own issues. */
class IssuesHttpTest extends QueryServiceTest {

    private void openedAt(String issue, String at, String label) {
        seen(recorder().record(issue, "ada", Instant.parse(at), opened("Slow", "It is slow", label)));
    }

    private List<String> ids(String parameters) {
        return query.get("/issues?" + parameters).items("id");
    }

    @Test
    void an_item_has_what_a_list_shows() {
        record(
                "item-1",
                opened("Slow import", "It takes 5 s", "item", "api"),
                impact(Severity.HIGH),
                new IssueAssigned("grace"),
                plan("Fix", "Clean up"),
                STARTED,
                new PhaseStarted(1));
        String now = Rfc3339.format(CLOCK.instant());

        assertThat(query.get("/issues?label=item").body()).isEqualTo("""
            {"items":[{"id":"item-1","title":"Slow import","status":"IN_PROGRESS","severity":"HIGH",\
            "assignee":"grace","labels":["item","api"],"version":6,"phase":{"current":1,"of":2},\
            "openedAt":"%s","updatedAt":"%s"}],"nextCursor":null}\
            """.formatted(now, now));
    }

    @Test
    void no_issue_fits_is_an_empty_page() {
        assertThat(query.get("/issues?label=nowhere").body()).isEqualTo("{\"items\":[],\"nextCursor\":null}");
    }

    @Test
    void filters_choose_and_several_all_hold() {
        record("filter-1", opened("Slow", "It is slow", "filter", "a"), impact(Severity.LOW));
        record("filter-2", opened("Slow", "It is slow", "filter", "b"), new IssueAssigned("grace"), STARTED);
        record("filter-3", opened("Slow", "It is slow", "filter"), new RelatedFileLinked("src/a b.py", null));

        assertThat(ids("label=filter")).containsExactlyInAnyOrder("filter-1", "filter-2", "filter-3");
        assertThat(ids("label=filter&severity=LOW")).containsExactly("filter-1");
        assertThat(ids("label=filter&status=IN_PROGRESS")).containsExactly("filter-2");
        assertThat(ids("label=filter&status=OPEN")).containsExactlyInAnyOrder("filter-1", "filter-3");
        assertThat(ids("label=filter&assignee=grace")).containsExactly("filter-2");
        assertThat(ids("file=src%2Fa%20b.py")).containsExactly("filter-3");
        assertThat(ids("file=src%2Fa+b.py")).containsExactly("filter-3");
        assertThat(ids("label=filter&status=OPEN&severity=LOW")).containsExactly("filter-1");
        assertThat(ids("label=filter&status=IN_PROGRESS&severity=LOW")).isEmpty();
        assertThat(ids("label=filt")).isEmpty();
    }

    @Test
    void opened_after_and_before_exclude_the_instant_itself() {
        openedAt("time-1", "2026-01-01T00:00:00Z", "time");
        openedAt("time-2", "2026-01-02T00:00:00Z", "time");
        openedAt("time-3", "2026-01-03T00:00:00Z", "time");

        assertThat(ids("label=time&openedAfter=2026-01-02T00:00:00Z")).containsExactly("time-3");
        assertThat(ids("label=time&openedBefore=2026-01-02T00:00:00Z")).containsExactly("time-1");
        assertThat(ids("label=time&openedAfter=2026-01-02T00:59:59.999%2B01:00&openedBefore=2026-01-03T00:00:00Z"))
                .containsExactly("time-2");
        assertThat(ids("label=time&openedAfter=2026-01-02T00:59:59.999+01:00"))
                .containsExactlyInAnyOrder("time-2", "time-3");
    }

    @Test
    void a_list_is_sorted_either_way_with_ties_by_id() {
        CLOCK.pass(Duration.ofMinutes(1));
        openedAt("sort-c", "2026-01-03T00:00:00Z", "sort");
        openedAt("sort-b", "2026-01-01T00:00:00Z", "sort");
        openedAt("sort-a", "2026-01-01T00:00:00Z", "sort");
        openedAt("sort-d", "2026-01-02T00:00:00Z", "sort");
        record("sort-a", impact(Severity.CRITICAL));
        record("sort-c", impact(Severity.LOW));

        assertThat(ids("label=sort&sort=openedAt")).containsExactly("sort-a", "sort-b", "sort-d", "sort-c");
        assertThat(ids("label=sort&sort=-openedAt")).containsExactly("sort-c", "sort-d", "sort-a", "sort-b");
        assertThat(ids("label=sort&sort=severity")).containsExactly("sort-b", "sort-d", "sort-c", "sort-a");
        assertThat(ids("label=sort&sort=-severity")).containsExactly("sort-a", "sort-c", "sort-b", "sort-d");
        assertThat(ids("label=sort&sort=updatedAt")).containsExactly("sort-b", "sort-d", "sort-a", "sort-c");
        assertThat(ids("label=sort&sort=-updatedAt")).containsExactly("sort-a", "sort-c", "sort-d", "sort-b");
        assertThat(ids("label=sort")).isEqualTo(ids("label=sort&sort=-updatedAt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openedAt", "-openedAt", "severity", "-severity"})
    void pages_show_each_issue_once_while_others_change(String sort) {
        String label = "pages" + sort;
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(label + i);
            openedAt(label + i, "2026-01-0" + (1 + i / 3) + "T00:00:00Z", label);
        }

        List<String> seen = new ArrayList<>();
        String cursor = "";
        for (int page = 0; !cursor.equals("null"); page++) {
            Answer answer = query.get("/issues?label=" + label + "&sort=" + sort + "&limit=2" + cursor);
            seen.addAll(answer.items("id"));
            record(label + page, note(1, "Changed meanwhile"));
            if (answer.json().get("nextCursor").isNull()) {
                break;
            }
            cursor = "&cursor=" + answer.nextCursor();
        }

        assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void a_page_by_last_update_misses_no_issue_that_stands_still() {
        for (int i = 0; i < 5; i++) {
            CLOCK.pass(Duration.ofMinutes(1));
            record("still-" + i, opened("Slow", "It is slow", "still"));
        }
        Answer first = query.get("/issues?label=still&limit=2");
        CLOCK.pass(Duration.ofMinutes(1));
        record("still-0", note(1, "Moved to the front"));
        record("still-5", opened("Slow", "It is slow", "still"));

        Answer second = query.get("/issues?label=still&limit=2&cursor=" + first.nextCursor());

        assertThat(first.items("id")).containsExactly("still-4", "still-3");
        assertThat(second.items("id")).containsExactly("still-2", "still-1");
        assertThat(second.json().get("nextCursor").isNull()).isTrue();
    }

    @Test
    void a_full_last_page_has_no_next() {
        record("full-1", opened("Slow", "It is slow", "full"));
        record("full-2", opened("Slow", "It is slow", "full"));

        assertThat(query.get("/issues?label=full&limit=2")
                        .json()
                        .get("nextCursor")
                        .isNull())
                .isTrue();
    }

    @Test
    void a_page_has_50_issues_unless_told_and_at_most_200() {
        for (int i = 0; i < 51; i++) {
            recorder().record("many-" + i, opened("Slow", "It is slow", "many"));
        }
        record("many-51", opened("Slow", "It is slow", "many"));

        assertThat(ids("label=many")).hasSize(50);
        assertThat(ids("label=many&limit=1")).hasSize(1);
        assertThat(ids("label=many&limit=200")).hasSize(52);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "201", "-1", "1.5", "ten", "", "9999999999999999999"})
    void another_limit_is_refused(String limit) {
        query.get("/issues?limit=" + limit).isMalformed("limit");
    }

    @Test
    void words_are_found_wherever_they_begin_a_word_in_the_texts() {
        record(
                "words-1",
                new IssueOpened(
                        "Straße gesperrt",
                        new Description(
                                "POST takes 5200ms",
                                List.of("Timeouts, everywhere"),
                                List.of("Bulk-import"),
                                "Users wait",
                                List.of("POST /api/data/process")),
                        List.of("words")),
                Happenings.ROOT_CAUSE,
                Happenings.SOLUTION,
                note(1, "Ὀδυσσεύς decided"));
        record("words-2", opened("Another", "Nothing of that", "words"));

        for (String q : List.of(
                "strasse",
                "STRASSE",
                "straße",
                "gesp",
                "5200",
                "time",
                "EVERYWHERE",
                "import",
                "wait",
                "process",
                "query",
                "index",
                "rows",
                "batch",
                "repository",
                "cache",
                "created",
                "p95",
                "ὀδυσσεύσ",
                "ὈΔΥΣΣΕΎΣ",
                "decided",
                "strasse batch p95",
                "  users,,, (wait)!  ",
                "bulk-import")) {
            assertThat(ids("label=words&q=" + URLEncoder.encode(q, UTF_8)))
                    .describedAs(q)
                    .containsExactly("words-1");
        }
        for (String q : List.of("trasse", "200ms", "batch nothing", "ada", "words", "p95.", "open")) {
            assertThat(ids("label=words&q=" + URLEncoder.encode(q, UTF_8)))
                    .describedAs(q)
                    .isEqualTo(q.equals("p95.") ? List.of("words-1") : List.of());
        }
    }

    @Test
    void a_word_that_was_revised_away_is_found_no_more() {
        record("revised-1", opened("Xylophone", "It is slow", "revised"));
        record("revised-1", new IssueEvent.DescriptionRevised("Yodelling", null));

        assertThat(ids("q=xylophone")).isEmpty();
        assertThat(ids("q=yodelling")).containsExactly("revised-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+", ".*", "%25", "%E2%80%A6"})
    void a_search_without_a_word_is_refused(String q) {
        query.get("/issues?q=" + q).isMalformed("q");
    }

    @ParameterizedTest
    @CsvSource({
        "status, open",
        "status, DONE",
        "status, ''",
        "severity, high",
        "severity, BLOCKER",
        "openedAfter, yesterday",
        "openedAfter, 2026-01-01",
        "openedBefore, 2026-01-01T00:00:00",
        "openedBefore, 2026-02-30T00:00:00Z",
        "sort, title",
        "sort, ''",
        "cursor, x",
        "cursor, ''"
    })
    void a_bad_value_is_refused_and_named(String parameter, String value) {
        query.get("/issues?" + parameter + "=" + value).isMalformed(parameter);
    }

    @Test
    void a_cursor_of_another_list_is_refused() {
        record("cursor-1", opened("Slow", "It is slow", "cursor"));
        record("cursor-2", opened("Slow", "It is slow", "cursor"));
        String cursor = query.get("/issues?label=cursor&limit=1").nextCursor();

        query.get("/issues?label=cursor&sort=openedAt&limit=1&cursor=" + cursor).isMalformed("cursor");
        query.get("/issues?label=other&limit=1&cursor=" + cursor).isMalformed("cursor");
        assertThat(ids("label=cursor&limit=7&cursor=" + cursor)).hasSize(1);
    }

    @Test
    void an_unknown_parameter_and_a_repeated_one_are_refused_and_named() {
        query.get("/issues?colour=red").isMalformed("colour");
        query.get("/issues?Label=a").isMalformed("Label");
        query.get("/issues?colour").isMalformed("colour");
        query.get("/issues?label=a&label=b").isMalformed("label");
        query.get("/issues?limit=7&limit=7").isMalformed("limit");
    }

    @Test
    void what_the_query_says_after_each_change_is_what_the_list_shows() {
        record("live-1", opened("Slow", "It is slow", "live"));
        record("live-1", STARTED, TESTING, FIXED);

        assertThat(ids("label=live&status=OPEN")).isEmpty();
        assertThat(ids("label=live&status=FIXED")).containsExactly("live-1");
    }

    @Test
    void bytes_that_are_no_text_are_refused_by_name() {
        query.get("/issues?q=%FF").isMalformed("q");
        query.get("/issues?label=%C0%80").isMalformed("label");
        query.get("/events?after=%ED%A0%80").isMalformed("after");
    }
}
