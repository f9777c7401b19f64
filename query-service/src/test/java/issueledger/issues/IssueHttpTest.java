package issueledger.issues;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.log.AppendResult.Appended;
import issueledger.query.Happenings;
import issueledger.query.Query.Answer;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /issues/{id}}, now and then. */
class IssueHttpTest extends QueryServiceTest {
    private static final String METADATA = Recorder.metadata("ada", null, null);

    @Test
    void an_issue_is_answered_whole_with_its_version_as_its_tag() {
        IssueView expected = IssueView.of("whole-1");
        long version = 0;
        for (IssueEvent event : Happenings.everything()) {
            Appended appended = recorder().record("whole-1", event);
            version++;
            expected = expected.apply(
                    List.of(event),
                    new IssueView.Occurrence(
                            version, appended.last(), appended.recordedAt(), appended.recordedAt(), "ada"));
        }
        record("whole-2", OPENED);

        Answer answer = query.get("/issues/whole-1");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(EventJson.MAPPER.writeValueAsString(expected));
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("ETag")).isEqualTo("\"33\"");
        assertThat(answer.headers().allValues("Vary")).contains("Accept");
        assertThat(answer.headers().firstValue("Ledger-Parked")).isEmpty();
    }

    @Test
    void what_the_client_has_already_is_not_sent_again() {
        record("tag-1", OPENED);

        Answer same = query.get("/issues/tag-1", "If-None-Match", "\"1\"");
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(same.header("ETag")).isEqualTo("\"1\"");
        assertThat(query.get("/issues/tag-1", "If-None-Match", "\"7\", W/\"1\"").status())
                .isEqualTo(304);
        assertThat(query.get("/issues/tag-1?version=1", "If-None-Match", "\"1\"")
                        .status())
                .isEqualTo(304);

        assertThat(query.get("/issues/tag-1", "If-None-Match", "*").status()).isEqualTo(304);
        query.get("/issues/tag-1", "Accept", "application/json;q=0").isProblem(406, "not-acceptable");

        record("tag-1", STARTED);
        assertThat(query.get("/issues/tag-1", "If-None-Match", "\"1\"").status())
                .isEqualTo(200);
    }

    @Test
    void every_version_is_answered_as_it_was() {
        record("then-1", OPENED);
        String first = query.get("/issues/then-1").body();
        record("then-1", STARTED, TESTING);
        String third = query.get("/issues/then-1").body();

        assertThat(query.get("/issues/then-1?version=1").body()).isEqualTo(first);
        assertThat(query.get("/issues/then-1?version=1").header("ETag")).isEqualTo("\"1\"");
        assertThat(query.get("/issues/then-1?version=2").json().get("status").asString())
                .isEqualTo("IN_PROGRESS");
        assertThat(query.get("/issues/then-1?version=3").body()).isEqualTo(third);
    }

    @Test
    void a_moment_includes_what_was_recorded_at_it() {
        CLOCK.pass(Duration.ofHours(1));
        Instant first = record("asof-1", OPENED).recordedAt();
        CLOCK.pass(Duration.ofHours(1));
        Instant second = seen(recorder().record("asof-1", "ada", first.minusSeconds(7), STARTED))
                .recordedAt();

        assertThat(version("asof-1", first)).isEqualTo(1);
        assertThat(version("asof-1", second.minusMillis(1))).isEqualTo(1);
        assertThat(version("asof-1", second)).isEqualTo(2);
        assertThat(version("asof-1", second.plus(Duration.ofDays(9)))).isEqualTo(2);
        query.get("/issues/asof-1?asOf=" + first.minusMillis(1)).isProblem(404, "unknown-version");
    }

    private int version(String issue, Instant asOf) {
        return query.get("/issues/" + issue + "?asOf=" + asOf)
                .json()
                .get("version")
                .asInt();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "999999999999999999", "9223372036854775807"})
    void a_version_that_the_issue_never_had_is_unknown(String version) {
        if (query.get("/issues/versions-1").status() == 404) {
            record("versions-1", OPENED);
        }

        query.get("/issues/versions-1?version=" + version).isProblem(404, "unknown-version");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/issues/nobody",
                "/issues/nobody?version=1",
                "/issues/nobody?asOf=2026-01-01T00:00:00Z",
                "/issues/nobody/events",
                "/issues/nobody/events?after=7",
                "/issues/nobody/timeline",
                "/issues/nobody/timeline?kind=NOTE",
                "/issues/nobody/metrics",
                "/issues/-not-an-id-"
            })
    void an_issue_that_is_not_there_is_unknown(String path) {
        query.get(path).isProblem(404, "unknown-issue");
    }

    @ParameterizedTest
    @CsvSource({
        "version=x, version",
        "version=0, version",
        "version=-1, version",
        "version=9223372036854775808, version",
        "version=1.0, version",
        "version=, version",
        "asOf=now, asOf",
        "asOf=2026-01-01, asOf",
        "version=1&asOf=2026-01-01T00:00:00Z, asOf",
        "version=1&version=1, version",
        "colour=red, colour"
    })
    void a_bad_value_is_refused_and_named(String parameters, String named) {
        query.get("/issues/nobody?" + parameters).isMalformed(named);
    }

    @Test
    void an_issue_with_parked_events_is_answered_from_its_last_good_version_and_says_so() {
        long good = record("parked-1", OPENED, STARTED).last();
        long bad = seen(recorder().recordText("parked-1", "NoteRecorded", "1", "{", METADATA))
                .last();
        record("parked-1", note(2, "Later"));

        for (String path : List.of("/issues/parked-1", "/issues/parked-1/metrics")) {
            assertThat(query.get(path).status()).isEqualTo(200);
            assertThat(query.get(path).header("Ledger-Parked")).isEqualTo(Long.toString(bad));
            assertThat(query.get(path, "Ledger-Min-Position", Long.toString(good))
                            .status())
                    .isEqualTo(200);
            for (long wanted : new long[] {bad, bad + 1}) {
                Answer refused = query.get(path, "Ledger-Min-Position", Long.toString(wanted));
                refused.isProblem(503, "parked");
                assertThat(refused.header("Ledger-Parked")).isEqualTo(Long.toString(bad));
                assertThat(refused.header("Retry-After")).matches("\\d+");
            }
        }
        assertThat(query.get("/issues/parked-1").header("ETag")).isEqualTo("\"2\"");
        assertThat(query.get("/issues/parked-1").json().get("position").asLong())
                .isEqualTo(good);
        assertThat(query.get("/issues/parked-1?version=2").status()).isEqualTo(200);
        query.get("/issues/parked-1?version=3").isProblem(503, "parked");
        query.get("/issues/parked-1?asOf=2030-01-01T00:00:00Z").isProblem(503, "parked");
    }

    @Test
    void an_event_that_fits_no_issue_is_parked_too() {
        long bad = record("parked-2", OPENED, new PhaseStarted(7)).last();

        assertThat(query.get("/issues/parked-2").header("Ledger-Parked")).isEqualTo(Long.toString(bad));
        query.get("/issues/parked-2?version=2").isProblem(503, "parked");
    }

    @Test
    void an_issue_of_which_nothing_can_be_read_is_parked_and_in_no_list() {
        seen(recorder().recordText("parked-3", "IssueOpened", "2", "{}", METADATA));

        query.get("/issues/parked-3").isProblem(503, "parked");
        query.get("/issues/parked-3/metrics").isProblem(503, "parked");
        assertThat(query.get("/issues?limit=200").items("id")).doesNotContain("parked-3");
    }
}
