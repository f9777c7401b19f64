package issueledger.analytics;

import static issueledger.query.Happenings.CONFIRMED;
import static issueledger.query.Happenings.FIXED;
import static issueledger.query.Happenings.REOPENED;
import static issueledger.query.Happenings.RESUMED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.latency;
import static issueledger.query.Happenings.note;
import static issueledger.query.Happenings.opened;
import static issueledger.query.Happenings.sampled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.analytics.facts.Told;
import issueledger.events.Description;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.IssueEvent.IssueAssigned;
import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.IssueFixed;
import issueledger.events.IssueEvent.IssueOpened;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.MetricWithdrawn;
import issueledger.events.IssueEvent.PhaseCompleted;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.IssueEvent.RelatedFileUnlinked;
import issueledger.events.IssueEvent.WorkStarted;
import issueledger.events.MetricKind;
import issueledger.events.PlannedPhase;
import issueledger.events.Requirement;
import issueledger.events.Resolution;
import issueledger.events.Severity;
import issueledger.events.Waiver;
import issueledger.http.Problem;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each definition of docs/api.md, "Analytics", by histories whose answers are worked out by hand. */
class DefinitionsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final IssueClosed DUPLICATE = new IssueClosed(Resolution.DUPLICATE, "other", List.of());

    @TempDir
    private Path folder;

    private Told told;

    @BeforeEach
    void begin() {
        told = Told.sqlite(folder);
    }

    @AfterEach
    void end() {
        told.close();
    }

    private Window window(@Nullable String from, @Nullable String to, Bucket bucket) {
        return Window.of(
                from == null ? null : Instant.parse(from),
                to == null ? null : Instant.parse(to),
                bucket,
                told.facts().firstAt(),
                NOW.toEpochMilli());
    }

    private Window january() {
        return window("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", Bucket.WEEK);
    }

    private static String json(Answer<?> answer) {
        return EventJson.MAPPER.writeValueAsString(page(answer));
    }

    private static <T> Object page(Answer<T> answer) {
        return answer.json(answer.listing().page("mark", 10_000, null));
    }

    /** Opened on the 5th at 10:00, worked on from the 6th, tested from the 7th, fixed on the 8th, closed on the 9th. */
    private void confirmed(String issue) {
        told.at("2026-01-05T10:00:00Z", issue, opened("Slow", "It is slow"))
                .at("2026-01-06T10:00:00Z", issue, STARTED)
                .at("2026-01-07T10:00:00Z", issue, TESTING)
                .at("2026-01-08T10:00:00Z", issue, FIXED)
                .at("2026-01-09T10:00:00Z", issue, CONFIRMED);
    }

    @Test
    void one_issue_has_a_lead_time_of_four_days_and_a_cycle_time_of_two() {
        confirmed("a");

        // Lead: the 5th to the 9th, 4 · 86,400 s. Cycle: the 6th to the 8th, 2 · 86,400 s.
        assertThat(json(CycleTimes.of(told.issues(), january()))).isEqualTo("""
            {"lead":{"count":1,"mean":345600,"p50":345600,"p85":345600,"p95":345600,"max":345600},\
            "cycle":{"count":1,"mean":172800,"p50":172800,"p85":172800,"p95":172800,"max":172800},\
            "items":[{"issueId":"a","leadSeconds":345600,"cycleSeconds":172800,"closedAt":"2026-01-09T10:00:00.000Z"}],\
            "nextCursor":null,"doubtful":0}\
            """);
    }

    @Test
    void an_issue_reopened_twice_is_closed_three_times_and_cycles_from_its_first_start_to_its_last_fix() {
        confirmed("a");
        told.at("2026-01-12T10:00:00Z", "a", REOPENED)
                .at("2026-01-13T10:00:00Z", "a", STARTED)
                .at("2026-01-13T11:00:00Z", "a", TESTING)
                .at("2026-01-13T12:00:00Z", "a", FIXED)
                .at("2026-01-13T13:00:00Z", "a", CONFIRMED)
                .at("2026-01-20T10:00:00Z", "a", REOPENED)
                .at("2026-01-21T10:00:00Z", "a", STARTED)
                .at("2026-01-22T10:00:00Z", "a", TESTING)
                .at("2026-01-23T10:00:00Z", "a", FIXED)
                .at("2026-01-24T10:00:00Z", "a", CONFIRMED);

        // Lead: the 5th to the 24th, 19 days. Cycle: the 6th to the 23rd, 17 days.
        assertThat(json(CycleTimes.of(told.issues(), january())))
                .contains("\"leadSeconds\":1641600,\"cycleSeconds\":1468800,\"closedAt\":\"2026-01-24T10:00:00.000Z\"");
        assertThat(json(Throughput.of(told.issues(), january()))).isEqualTo("""
            {"items":[{"bucket":"2025-12-29","opened":0,"fixed":0,"closed":0,"reopened":0},\
            {"bucket":"2026-01-05","opened":1,"fixed":1,"closed":1,"reopened":0},\
            {"bucket":"2026-01-12","opened":0,"fixed":1,"closed":1,"reopened":1},\
            {"bucket":"2026-01-19","opened":0,"fixed":1,"closed":1,"reopened":1},\
            {"bucket":"2026-01-26","opened":0,"fixed":0,"closed":0,"reopened":0}],"nextCursor":null,"doubtful":0}\
            """);
        // One issue of one that was ever fixed or closed.
        assertThat(json(Summary.of(told.issues(), january()))).contains("\"reopenRate\":1,");
        // OPEN: the 5th to the 6th, the 12th to the 13th and the 20th to the 21st: three days.
        assertThat(json(TimeInStatus.of(told.issues(), january())))
                .contains("{\"status\":\"OPEN\",\"issues\":1,\"totalSeconds\":259200,\"meanSeconds\":259200,");
        // As it stood on the 21st: open, closed twice.
        Window then = window(null, "2026-01-21T00:00:00Z", Bucket.WEEK);
        assertThat(json(CycleTimes.of(told.issues(), then)))
                .contains("\"items\":[]")
                .contains("\"count\":0,\"mean\":null");
        assertThat(json(Aging.of(told.issues(), then)))
                .contains("\"status\":\"OPEN\"")
                // From the 5th at 10:00 and from the 20th at 10:00 to the 21st at 0:00.
                .contains("\"ageSeconds\":1346400,\"inStatusSeconds\":50400");
    }

    @Test
    void a_duplicate_has_no_cycle_time_and_counts_by_its_resolution() {
        told.at("2026-01-05T10:00:00Z", "a", opened("Slow", "It is slow")).at("2026-01-06T10:00:00Z", "a", DUPLICATE);

        assertThat(json(CycleTimes.of(told.issues(), january()))).contains("\"items\":[]");
        assertThat(json(Summary.of(told.issues(), january()))).isEqualTo("""
            {"issues":1,"open":0,"closed":1,"byStatus":{"OPEN":0,"IN_PROGRESS":0,"TESTING":0,"FIXED":0,"CLOSED":1},\
            "bySeverity":{"CRITICAL":0,"HIGH":0,"MEDIUM":0,"LOW":0,"UNASSESSED":1},\
            "byResolution":{"CONFIRMED":0,"DUPLICATE":1,"WONT_FIX":0,"NOT_REPRODUCIBLE":0},"reopenRate":0,"doubtful":0}\
            """);
        // It left OPEN after a day, and skipped the statuses between.
        assertThat(json(TimeInStatus.of(told.issues(), january()))).isEqualTo("""
            {"items":[{"status":"OPEN","issues":1,"totalSeconds":86400,"meanSeconds":86400,"p50Seconds":86400,\
            "p85Seconds":86400,"p95Seconds":86400},\
            {"status":"IN_PROGRESS","issues":0,"totalSeconds":0,"meanSeconds":null,"p50Seconds":null,"p85Seconds":null,\
            "p95Seconds":null},\
            {"status":"TESTING","issues":0,"totalSeconds":0,"meanSeconds":null,"p50Seconds":null,"p85Seconds":null,\
            "p95Seconds":null},\
            {"status":"FIXED","issues":0,"totalSeconds":0,"meanSeconds":null,"p50Seconds":null,"p85Seconds":null,\
            "p95Seconds":null}],"nextCursor":null,"doubtful":0}\
            """);
    }

    @Test
    void a_late_fact_changes_the_past() {
        told.at("2026-01-05T10:00:00Z", "a", opened("Slow", "It is slow"))
                .late("2026-01-20T10:00:00Z", "2026-01-06T10:00:00Z", "a", null, STARTED);

        assertThat(json(Flow.of(told.issues(), window("2026-01-05T00:00:00Z", "2026-01-07T00:00:00Z", Bucket.DAY))))
                .isEqualTo(
                        """
                        {"items":[{"bucket":"2026-01-05","byStatus":{"OPEN":1,"IN_PROGRESS":0,"TESTING":0,"FIXED":0,"CLOSED":0}},\
                        {"bucket":"2026-01-06","byStatus":{"OPEN":0,"IN_PROGRESS":1,"TESTING":0,"FIXED":0,"CLOSED":0}}],\
                        "nextCursor":null,"doubtful":1}\
                        """); // In progress since 6 January, and nothing since: it is idle on 1 March, hence doubtful.
    }

    @Test
    void an_empty_window_has_no_buckets_and_no_time() {
        confirmed("a");
        Window none = window("2026-02-01T00:00:00Z", "2026-01-07T00:00:00Z", Bucket.DAY);

        assertThat(json(Flow.of(told.issues(), none))).isEqualTo("{\"items\":[],\"nextCursor\":null,\"doubtful\":0}");
        assertThat(json(Throughput.of(told.issues(), none)))
                .isEqualTo("{\"items\":[],\"nextCursor\":null,\"doubtful\":0}");
        assertThat(json(TimeInStatus.of(told.issues(), none)))
                .contains("\"totalSeconds\":0")
                .doesNotContain(":86400");
        // The summary is of the window's end: on the 7th it was in progress.
        assertThat(json(Summary.of(told.issues(), none))).contains("\"IN_PROGRESS\":1");
    }

    @Test
    void no_issues_have_nulls_for_numbers_and_zeros_for_counts() {
        assertThat(json(Summary.of(told.issues(), january())))
                .startsWith("{\"issues\":0,")
                .contains("\"reopenRate\":null");
        assertThat(json(Phases.of(told.issues(), january()))).startsWith("""
            {"completed":0,"late":0,"onTimeFraction":null,\
            "slippageDays":{"mean":null,"p50":null,"p85":null,"p95":null,"max":null},"items":[]\
            """);
        assertThat(json(Flow.of(told.issues(), window(null, null, Bucket.DAY)))).contains("\"items\":[]");
    }

    @Test
    void an_event_at_a_buckets_edge_is_in_the_bucket_that_it_begins() {
        told.at("2026-01-11T23:59:59.999Z", "a", opened("Sunday", "The last millisecond"))
                .at("2026-01-12T00:00:00.000Z", "b", opened("Monday", "The first millisecond"));
        Window two = window("2026-01-05T00:00:00Z", "2026-01-19T00:00:00Z", Bucket.WEEK);

        assertThat(json(Throughput.of(told.issues(), two)))
                .contains("\"bucket\":\"2026-01-05\",\"opened\":1", "\"bucket\":\"2026-01-12\",\"opened\":1");
        assertThat(json(Flow.of(told.issues(), two)))
                .contains("\"2026-01-05\",\"byStatus\":{\"OPEN\":1", "\"2026-01-12\",\"byStatus\":{\"OPEN\":2");
        // `from` is included, `to` is not.
        Window one = window("2026-01-11T23:59:59.999Z", "2026-01-12T00:00:00.000Z", Bucket.DAY);
        assertThat(json(Throughput.of(told.issues(), one))).isEqualTo("""
            {"items":[{"bucket":"2026-01-11","opened":1,"fixed":0,"closed":0,"reopened":0}],"nextCursor":null,"doubtful":0}\
            """);
        assertThat(json(Summary.of(told.issues(), one))).startsWith("{\"issues\":1,");
    }

    @Test
    void a_first_bucket_counts_only_what_is_in_the_window() {
        told.at("2026-01-05T10:00:00Z", "a", opened("Monday", "Before the window"))
                .at("2026-01-07T10:00:00Z", "b", opened("Wednesday", "In it"));

        assertThat(json(Throughput.of(
                        told.issues(), window("2026-01-07T00:00:00Z", "2026-01-08T00:00:00Z", Bucket.WEEK))))
                .contains("\"items\":[{\"bucket\":\"2026-01-05\",\"opened\":1,");
    }

    @Test
    void a_week_at_the_years_end_begins_in_the_old_year() {
        told.at("2026-01-01T10:00:00Z", "a", opened("Thursday", "ISO week 1 of 2026 begins on 29 December"));

        assertThat(json(Throughput.of(
                        told.issues(), window("2026-01-01T00:00:00Z", "2026-01-06T00:00:00Z", Bucket.WEEK))))
                .isEqualTo("""
                    {"items":[{"bucket":"2025-12-29","opened":1,"fixed":0,"closed":0,"reopened":0},\
                    {"bucket":"2026-01-05","opened":0,"fixed":0,"closed":0,"reopened":0}],"nextCursor":null,"doubtful":0}\
                    """);
    }

    @Test
    void a_leap_day_has_its_bucket_and_its_seconds() {
        told.at("2028-02-28T00:00:00Z", "a", opened("Slow", "It is slow"))
                .at("2028-02-29T12:00:00Z", "b", opened("Slow", "It is slow"))
                .at("2028-03-01T00:00:00Z", "a", DUPLICATE);

        assertThat(json(Throughput.of(
                        told.issues(), window("2028-02-28T00:00:00Z", "2028-03-02T00:00:00Z", Bucket.DAY))))
                .contains("\"2028-02-28\",\"opened\":1", "\"2028-02-29\",\"opened\":1", "\"2028-03-01\",\"opened\":0");
        assertThat(json(Throughput.of(
                        told.issues(), window("2028-02-28T00:00:00Z", "2028-03-02T00:00:00Z", Bucket.MONTH))))
                .contains("\"2028-02-01\",\"opened\":2", "\"2028-03-01\",\"opened\":0,\"fixed\":0,\"closed\":1");
        // The 28th and the 29th: two days.
        assertThat(json(TimeInStatus.of(
                        told.issues(), window("2028-02-28T00:00:00Z", "2028-03-01T00:00:00Z", Bucket.DAY))))
                .contains("{\"status\":\"OPEN\",\"issues\":2,\"totalSeconds\":216000,\"meanSeconds\":108000,");
    }

    @Test
    void stays_are_clipped_to_the_window_and_an_open_one_ends_with_it() {
        confirmed("a");
        told.at("2026-01-05T10:00:00Z", "b", opened("Slow", "It is slow"));

        // OPEN from noon on the 5th: of a 22 h, of b, which stays open, 48 h to noon on the 7th.
        assertThat(json(TimeInStatus.of(
                        told.issues(), window("2026-01-05T12:00:00Z", "2026-01-07T12:00:00Z", Bucket.WEEK))))
                .contains("{\"status\":\"OPEN\",\"issues\":2,\"totalSeconds\":252000,\"meanSeconds\":126000,")
                .contains("{\"status\":\"TESTING\",\"issues\":1,\"totalSeconds\":7200,");
    }

    @Test
    void without_an_end_the_window_has_what_happens_at_now() {
        told.at("2026-03-01T00:00:00Z", "a", opened("Slow", "Opened at this very moment"));

        assertThat(json(Summary.of(told.issues(), window(null, null, Bucket.WEEK))))
                .startsWith("{\"issues\":1,");
        assertThat(json(Aging.of(told.issues(), window(null, null, Bucket.WEEK))))
                .contains("\"ageSeconds\":0,");
    }

    @Test
    void percentiles_interpolate_as_numpy_does() {
        // numpy.percentile([1, 2, 3, 4], [50, 85, 95]) is [2.5, 3.55, 3.85].
        Distribution four = Distribution.days(LongStream.of(4, 2, 1, 3));
        assertThat(four.percentile(50)).isEqualByComparingTo("2.5");
        assertThat(four.percentile(85)).isEqualByComparingTo("3.55");
        assertThat(four.percentile(95)).isEqualByComparingTo("3.85");
        assertThat(four.mean()).isEqualByComparingTo("2.5");
        assertThat(four.max()).isEqualByComparingTo("4");
        // numpy.percentile([1, 2], 85) is 1.85; of milliseconds 0.00185 s, half up 0.002.
        assertThat(Distribution.seconds(LongStream.of(1, 2)).percentile(85)).isEqualByComparingTo("0.002");
        // 0.0015 s is a half.
        assertThat(Distribution.seconds(LongStream.of(1, 2)).mean()).isEqualByComparingTo("0.002");
        assertThat(Distribution.days(LongStream.of(7)).percentile(95)).isEqualByComparingTo("7");
        assertThat(Distribution.fraction(2, 3)).isEqualByComparingTo("0.6667");
        assertThat(Distribution.fraction(1, 0)).isNull();
    }

    private static PlannedPhase phase(String name, @Nullable String end) {
        return new PlannedPhase(
                name,
                null,
                null,
                end == null ? null : LocalDate.parse("2026-01-01"),
                end == null ? null : LocalDate.parse(end));
    }

    @Test
    void slippage_is_from_the_planned_end_to_the_utc_day_of_completion() {
        told.at(
                        "2026-01-05T10:00:00Z",
                        "a",
                        opened("Slow", "It is slow"),
                        new PhasesPlanned(List.of(
                                phase("Early", "2026-01-10"), phase("Late", "2026-01-12"), phase("Unplanned", null))))
                .at("2026-01-06T10:00:00Z", "a", STARTED, new PhaseStarted(1))
                .at("2026-01-07T23:59:59Z", "a", new PhaseCompleted(1, null), new PhaseStarted(2))
                .at("2026-01-14T00:00:00Z", "a", new PhaseCompleted(2, null), new PhaseStarted(3))
                .at("2026-01-15T00:00:00Z", "a", new PhaseCompleted(3, null));

        // −3 and 2 days: mean −0.5, p50 −0.5, p85 −3 + 5 · 0.85 = 1.25, p95 1.75; one of two on time.
        assertThat(json(Phases.of(told.issues(), january()))).isEqualTo("""
            {"completed":3,"late":1,"onTimeFraction":0.5,\
            "slippageDays":{"mean":-0.5,"p50":-0.5,"p85":1.25,"p95":1.75,"max":2},"items":[\
            {"issueId":"a","phase":1,"name":"Early","plannedStart":"2026-01-01","plannedEnd":"2026-01-10",\
            "startedAt":"2026-01-06T10:00:00.000Z","completedAt":"2026-01-07T23:59:59.000Z","slippageDays":-3},\
            {"issueId":"a","phase":2,"name":"Late","plannedStart":"2026-01-01","plannedEnd":"2026-01-12",\
            "startedAt":"2026-01-07T23:59:59.000Z","completedAt":"2026-01-14T00:00:00.000Z","slippageDays":2},\
            {"issueId":"a","phase":3,"name":"Unplanned","plannedStart":null,"plannedEnd":null,\
            "startedAt":"2026-01-14T00:00:00.000Z","completedAt":"2026-01-15T00:00:00.000Z","slippageDays":null}],\
            "nextCursor":null,"doubtful":1}\
            """); // The issue is in progress and idle.
        // The completion on the 14th at 0:00 is not before that moment.
        assertThat(json(Phases.of(told.issues(), window(null, "2026-01-14T00:00:00Z", Bucket.WEEK))))
                .startsWith("{\"completed\":1,\"late\":0,\"onTimeFraction\":1,");
    }

    private List<String> checks() {
        return Quality.of(told.issues(), window(null, null, Bucket.WEEK)).listing().stream()
                .map(item -> item.issueId() + " " + item.check())
                .toList();
    }

    @Test
    void each_check_finds_its_doubt() {
        told.at("2025-06-01T00:00:00Z", "good", opened("Good", "Nothing to doubt"))
                .at("2025-06-01T00:00:01Z", "good", DUPLICATE)
                // 31 days less a millisecond are more than 30 days; exactly 30 days are not.
                .late("2026-01-31T00:00:00Z", "2026-01-01T00:00:00Z", "on-time", null, opened("30 days", "Not late"))
                .late("2026-01-31T00:00:00.001Z", "2026-01-01T00:00:00Z", "late", null, opened("More", "Late"))
                // A status change that is earlier than the one before it, as clocks that differ may make it.
                .at("2026-02-01T00:00:05Z", "negative", opened("Negative", "Opened 5 s after its start"))
                .late("2026-02-01T00:00:06Z", "2026-02-01T00:00:00Z", "negative", null, STARTED)
                .at("2026-02-02T00:00:00Z", "phase", opened("Phase", "Completed before it was started"))
                .at("2026-02-02T00:00:01Z", "phase", new PhasesPlanned(List.of(phase("One", null), phase("Two", null))))
                .at("2026-02-02T00:00:02Z", "phase", STARTED, new PhaseStarted(1))
                .late("2026-02-02T00:00:03Z", "2026-02-02T00:00:01Z", "phase", null, new PhaseCompleted(1, null))
                .at("2026-02-02T00:00:04Z", "phase", new PhaseStarted(2))
                .at("2026-02-02T00:00:05Z", "phase", new IssueClosed(Resolution.WONT_FIX, null, List.of()))
                .at("2026-02-03T00:00:00Z", "waived", opened("Waived", "Fixed without tests"))
                .at("2026-02-03T00:00:01Z", "waived", STARTED, TESTING)
                .at(
                        "2026-02-03T00:00:02Z",
                        "waived",
                        new IssueFixed("1", null, List.of(new Waiver(Requirement.TESTS, "No time"))))
                .at("2026-02-03T00:00:03Z", "waived", REOPENED)
                .late("2026-02-04T10:00:00Z", null, "assumed", "imported", opened("Assumed", "Imported"))
                .late(
                        "2026-02-04T10:00:00Z",
                        null,
                        "assumed",
                        "imported",
                        new WorkStarted(LocalDate.parse("2026-02-04")))
                .late("2026-02-04T10:00:00Z", null, "known", "imported", opened("Known", "Imported with its date"))
                .late("2026-02-04T10:00:00Z", null, "known", "imported", STARTED, TESTING, FIXED);

        assertThat(checks())
                .containsExactly(
                        "assumed START_ASSUMED",
                        "late LATE_FACT",
                        "negative NEGATIVE_DURATION",
                        "phase NEGATIVE_DURATION",
                        "phase PHASE_RUNNING_ON_CLOSED",
                        "waived WAIVED");
        assertThat(json(Quality.of(told.issues(), january())))
                .contains("\"detail\":\"version 1 was recorded 30 days after it happened\"")
                .contains("\"detail\":\"TESTS\"")
                .contains("\"detail\":\"phase 2 (Two) is running\"")
                .contains("\"detail\":\"phase 1 (One) was completed before it was started\"")
                .endsWith("\"doubtful\":5}");
    }

    @Test
    void work_is_idle_after_thirty_days_without_an_event_of_any_kind() {
        told.at("2026-01-29T23:59:59.999Z", "idle", opened("Idle", "More than 30 days before 1 March"), STARTED)
                .at("2026-01-30T00:00:00Z", "not-yet", opened("Not yet", "30 days"), STARTED)
                .at("2026-01-30T00:00:00Z", "open", opened("Open", "Nobody works on it"))
                .late("2026-02-20T00:00:00Z", "2026-01-01T00:00:00Z", "noted", null, opened("Noted", "Lately"), STARTED)
                .at("2026-02-20T00:00:01Z", "noted", note(1, "Still at it"));

        assertThat(checks()).containsExactly("idle IDLE_IN_PROGRESS", "noted LATE_FACT");
        // Exactly 30 days are not more than 30 days.
        assertThat(json(Quality.of(told.issues(), january()))).contains("no event since 2026-01-29T23:59:59.999Z");
    }

    @Test
    void metrics_are_doubted_without_a_baseline_before_the_fix_and_when_they_are_worse() {
        told.at("2026-02-01T00:00:00Z", "none", opened("None", "No baseline"), latency(MetricKind.MEASURED, "5"))
                .at("2026-02-02T00:00:00Z", "early", opened("Early", "Measured before the fix"))
                .at(
                        "2026-02-02T00:00:01Z",
                        "early",
                        latency(MetricKind.BASELINE, "5"),
                        latency(MetricKind.MEASURED, "4"))
                .at("2026-02-02T00:00:02Z", "early", STARTED, TESTING, FIXED)
                .at("2026-02-03T00:00:00Z", "worse", opened("Worse", "Measured after the fix"))
                .at("2026-02-03T00:00:01Z", "worse", latency(MetricKind.BASELINE, "5.0"), STARTED, TESTING, FIXED)
                .at("2026-02-03T00:00:02Z", "worse", latency(MetricKind.MEASURED, "5.01"))
                .at("2026-02-04T00:00:00Z", "equal", opened("Equal", "No better, no worse"))
                .at("2026-02-04T00:00:01Z", "equal", latency(MetricKind.BASELINE, "5"), STARTED, TESTING, FIXED)
                .at("2026-02-04T00:00:02Z", "equal", latency(MetricKind.MEASURED, "5.00"))
                .at("2026-02-05T00:00:00Z", "unfixed", opened("Unfixed", "Measured while open"))
                .at(
                        "2026-02-05T00:00:01Z",
                        "unfixed",
                        latency(MetricKind.BASELINE, "5"),
                        latency(MetricKind.MEASURED, "9"));

        assertThat(checks()).containsExactly("early MEASURED_BEFORE_FIX", "none NO_BASELINE", "worse WORSE_AFTER_FIX");
        assertThat(json(Quality.of(told.issues(), january())))
                .contains("latency P95 (production) went from 5.0 to 5.01 ms");
    }

    @Test
    void a_worse_verdict_is_on_the_list_of_a_fixed_or_closed_issue_as_long_as_it_stands() {
        MetricRecorded fast = sampled(MetricKind.BASELINE, "50", "51", "52", "53", "54");
        MetricRecorded slow = sampled(MetricKind.MEASURED, "100", "101", "102", "103", "104");
        told.at("2026-02-01T00:00:00Z", "open", opened("Open", "Slow"), fast, slow)
                .at("2026-02-02T00:00:00Z", "fixed", opened("Fixed", "Slow"), STARTED, TESTING, FIXED)
                .at("2026-02-02T00:00:01Z", "fixed", fast, slow)
                .at("2026-02-03T00:00:00Z", "closed", opened("Closed", "Slow"), fast, slow, DUPLICATE)
                .at("2026-02-04T00:00:00Z", "undone", opened("Undone", "Slow"), fast, slow, DUPLICATE)
                .at("2026-02-04T00:00:01Z", "undone", new MetricWithdrawn(2))
                .at("2026-02-05T00:00:00Z", "again", opened("Again", "Slow"), fast, slow, DUPLICATE, REOPENED)
                .at("2026-02-06T00:00:00Z", "few", opened("Few", "Slow"), DUPLICATE, fast)
                .at("2026-02-06T00:00:01Z", "few", sampled(MetricKind.MEASURED, "100", "101", "102", "103"));

        assertThat(checks()).containsExactly("closed WORSE_AFTER_FIX", "fixed WORSE_AFTER_FIX");
        assertThat(json(Quality.of(told.issues(), january())))
                .contains("latency P95 (production) has the verdict WORSE: p 0.0079, change 0.9615 (from 0.8519 to"
                        + " 1.08)");

        told.at("2026-02-07T00:00:00Z", "undone", slow);
        assertThat(checks()).contains("undone WORSE_AFTER_FIX");
        told.at("2026-02-08T00:00:00Z", "closed", sampled(MetricKind.MEASURED, "50", "51", "52", "53", "54"));
        assertThat(checks()).doesNotContain("closed WORSE_AFTER_FIX");
    }

    @Test
    void improvements_have_the_values_that_count() {
        told.at("2026-01-05T10:00:00Z", "a", opened("Slow", "It is slow"))
                .at(
                        "2026-01-05T10:00:01Z",
                        "a",
                        latency(MetricKind.BASELINE, "5200.0"),
                        latency(MetricKind.TARGET, "500"))
                .at("2026-01-06T10:00:00Z", "a", latency(MetricKind.MEASURED, "340.25"))
                // Recorded later, and measured earlier: the one before counts.
                .at("2026-01-07T10:00:00Z", "a", latency(MetricKind.MEASURED, "900", "2026-01-05T12:00:00Z"))
                .at("2026-01-07T10:00:00Z", "b", opened("Other", "Not measured"), latency(MetricKind.BASELINE, "1"));

        // (5200 − 340.25) / 5200 = 93.4567…%
        assertThat(json(Improvements.of(told.issues(), january()))).isEqualTo("""
            {"items":[{"issueId":"a","name":"latency","statistic":"P95","environment":"production","unit":"ms",\
            "better":"LOWER","baseline":5200.0,"target":500,"measured":340.25,"improvementPercent":93.46,"targetMet":true}],\
            "nextCursor":null,"doubtful":0}\
            """);
    }

    @Test
    void withdrawn_metric_records_count_neither_for_improvements_nor_for_doubts() {
        told.at("2026-01-05T10:00:00Z", "a", opened("Slow", "It is slow"))
                .at(
                        "2026-01-05T10:00:01Z",
                        "a",
                        latency(MetricKind.BASELINE, "5200"),
                        latency(MetricKind.MEASURED, "2600"),
                        latency(MetricKind.MEASURED, "9999"),
                        new MetricWithdrawn(3))
                .at(
                        "2026-01-06T10:00:00Z",
                        "b",
                        opened("Other", "Nothing stands"),
                        latency(MetricKind.MEASURED, "1"),
                        new MetricWithdrawn(1));

        assertThat(json(Improvements.of(told.issues(), january())))
                .contains("\"issueId\":\"a\"", "\"measured\":2600,\"improvementPercent\":50,")
                .doesNotContain("\"issueId\":\"b\"", "9999")
                .endsWith("\"doubtful\":0}");
    }

    private static IssueOpened at(String... endpoints) {
        return new IssueOpened(
                "Slow", new Description("Slow", List.of(), List.of(), null, Arrays.asList(endpoints)), List.of());
    }

    @Test
    void files_and_endpoints_count_the_issues_that_are_linked_now() {
        told.at("2026-01-05T10:00:00Z", "a", at("GET /a", "GET /a", "GET /b"), new RelatedFileLinked("x.py", null))
                .at("2026-01-06T10:00:00Z", "b", at("GET /b"), new RelatedFileLinked("x.py", null))
                .at(
                        "2026-01-06T11:00:00Z",
                        "b",
                        new RelatedFileLinked("y.py", null),
                        new RelatedFileLinked("x.py", "Why"))
                .at("2026-01-06T12:00:00Z", "b", DUPLICATE, REOPENED, DUPLICATE, REOPENED, DUPLICATE)
                .at(
                        "2026-01-07T10:00:00Z",
                        "c",
                        at(),
                        new RelatedFileLinked("z.py", null),
                        new RelatedFileUnlinked("z.py"));

        assertThat(json(Hotspots.files(told.issues(), january()))).isEqualTo("""
            {"items":[{"path":"x.py","issues":2,"open":1,"reopened":2},{"path":"y.py","issues":1,"open":0,"reopened":2}],\
            "nextCursor":null,"doubtful":0}\
            """);
        assertThat(json(Hotspots.endpoints(told.issues(), january()))).isEqualTo("""
            {"items":[{"endpoint":"GET /b","issues":2,"open":1,"reopened":2},\
            {"endpoint":"GET /a","issues":1,"open":1,"reopened":0}],"nextCursor":null,"doubtful":0}\
            """);
    }

    /** So many issues closed on 20 January, and so many left open. */
    private void closedAndOpen(int closed, int open) {
        for (int i = 0; i < closed + open; i++) {
            told.at("2026-01-05T00:00:00Z", "i-" + i, opened("Slow", "It is slow"));
        }
        for (int i = 0; i < closed; i++) {
            told.at("2026-01-20T00:00:00Z", "i-" + i, DUPLICATE);
        }
    }

    @Test
    void a_forecast_draws_blocks_until_the_open_issues_are_closed() {
        closedAndOpen(12, 30);

        // Of the two blocks before 1 February the later has no closing, the earlier 12. A run draws until three times
        // 12 are drawn.
        Random random = new Random(42);
        long[] days = new long[10_000];
        for (int run = 0; run < days.length; run++) {
            for (int hits = 0; hits < 3; days[run] += 7) {
                hits += random.nextInt(2) == 1 ? 1 : 0;
            }
        }
        Arrays.sort(days);
        Forecast forecast = Forecast.of(told.issues(), january(), 2, 42);
        assertThat(forecast.open()).isEqualTo(30);
        assertThat(forecast.p50()).isEqualByComparingTo((days[4_999] + days[5_000]) / 2 + "");
        // Ranks 9,999 · 0.85 = 8,499.15 and 9,999 · 0.95 = 9,499.05.
        assertThat(forecast.p85().doubleValue()).isEqualTo(days[8_499] + 0.15 * (days[8_500] - days[8_499]));
        assertThat(forecast.p95().doubleValue()).isEqualTo(days[9_499] + 0.05 * (days[9_500] - days[9_499]));
        assertThat(json(Forecast.of(told.issues(), january(), 2, 42))).isEqualTo(json(forecast));
    }

    @Test
    void a_forecast_of_no_open_issues_is_zero_and_of_no_closings_null() {
        closedAndOpen(10, 0);
        assertThat(json(Forecast.of(told.issues(), january(), 12, 1)))
                .isEqualTo("{\"open\":0,\"window\":12,\"seed\":1,\"p50\":0,\"p85\":0,\"p95\":0,\"doubtful\":0}");
        told.at("2026-01-21T00:00:00Z", "more", opened("Slow", "It is slow"));
        // The block before 1 February begins on the 25th: all closings are before it.
        assertThat(json(Forecast.of(told.issues(), january(), 1, 1)))
                .isEqualTo(
                        "{\"open\":1,\"window\":1,\"seed\":1,\"p50\":null,\"p85\":null,\"p95\":null,\"doubtful\":0}");
    }

    @Test
    void a_forecast_from_nine_closed_issues_is_refused() {
        closedAndOpen(9, 5);
        assertThatThrownBy(() -> Forecast.of(told.issues(), january(), 12, 1))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(422));
    }

    @Test
    void a_very_long_forecast_is_near_its_mean_and_quick() {
        closedAndOpen(10, 9_000);
        // 10 closings in 104 blocks: 9,000 issues take 93,600 blocks on average, 655,200 days.
        Forecast forecast = Forecast.of(told.issues(), january(), 104, 1);
        assertThat(forecast.p50().doubleValue()).isBetween(0.95 * 655_200, 1.05 * 655_200);
    }

    @Test
    void filters_choose_by_what_issues_are_now() {
        told.at("2026-01-05T10:00:00Z", "a", opened("Slow", "It is slow", "api"), new IssueAssigned("ada"))
                .at("2026-01-06T10:00:00Z", "a", new IssueAssigned("grace"))
                .at("2026-01-06T10:00:00Z", "a", new ImpactAssessed(Severity.HIGH, null, null, List.of()))
                .at("2026-01-07T10:00:00Z", "b", at("GET /a"), new RelatedFileLinked("x.py", null));

        assertThat(taken(new Filter(null, null, "ada", null, null))).isEmpty();
        assertThat(taken(new Filter(null, null, "grace", null, null))).containsExactly("a");
        assertThat(taken(new Filter(Severity.HIGH, "api", "grace", null, null))).containsExactly("a");
        assertThat(taken(new Filter(Severity.LOW, "api", "grace", null, null))).isEmpty();
        assertThat(taken(new Filter(null, null, null, "x.py", "GET /a"))).containsExactly("b");
        assertThat(taken(new Filter(null, null, null, null, null))).containsExactly("a", "b");
    }

    private List<String> taken(Filter filter) {
        return told.issues().stream()
                .filter(filter::takes)
                .map(issue -> issue.id())
                .toList();
    }

    @Test
    void too_many_buckets_are_refused() {
        // 25,000 days from 1 January 2000 end with 11 June 2068.
        assertThat(window("2000-01-01T00:00:00Z", "2068-06-12T00:00:00Z", Bucket.DAY)
                        .buckets())
                .isEqualTo(25_000);
        assertThatThrownBy(() -> window("2000-01-01T00:00:00Z", "2068-06-12T00:00:00.001Z", Bucket.DAY)
                        .buckets())
                .hasMessageContaining("bucket");
    }

    @Test
    void resumed_work_counts_for_its_status() {
        told.at("2026-01-05T00:00:00Z", "a", opened("Slow", "It is slow"))
                .at("2026-01-06T00:00:00Z", "a", STARTED)
                .at("2026-01-07T00:00:00Z", "a", TESTING)
                .at("2026-01-08T00:00:00Z", "a", RESUMED)
                .at("2026-01-10T00:00:00Z", "a", TESTING);

        // 6th to 7th and 8th to 10th: three days in progress; 7th to 8th and 10th to the end of January: 23 days of
        // tests.
        assertThat(json(TimeInStatus.of(told.issues(), january())))
                .contains("{\"status\":\"IN_PROGRESS\",\"issues\":1,\"totalSeconds\":259200,")
                .contains("{\"status\":\"TESTING\",\"issues\":1,\"totalSeconds\":1987200,");
    }
}
