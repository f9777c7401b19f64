package issueledger.issues;

import static issueledger.events.IssueExamples.plan;
import static issueledger.events.IssueExamples.reference;
import static issueledger.query.Happenings.CONFIRMED;
import static issueledger.query.Happenings.FIXED;
import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.REOPENED;
import static issueledger.query.Happenings.RESUMED;
import static issueledger.query.Happenings.ROOT_CAUSE;
import static issueledger.query.Happenings.SOLUTION;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.STRATEGY;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.TEST_RUN;
import static issueledger.query.Happenings.labelled;
import static issueledger.query.Happenings.latency;
import static issueledger.query.Happenings.note;
import static issueledger.query.Happenings.unlabelled;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.AffectedUsers;
import issueledger.events.Better;
import issueledger.events.Description;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.DescriptionRevised;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.IssueEvent.IssueAssigned;
import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.LabelsChanged;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.MetricWithdrawn;
import issueledger.events.IssueEvent.NoteCorrected;
import issueledger.events.IssueEvent.PhaseCompleted;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.IssueEvent.ReferenceAdded;
import issueledger.events.IssueEvent.ReferenceRemoved;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.IssueEvent.RelatedFileUnlinked;
import issueledger.events.IssueEvent.WorkStarted;
import issueledger.events.MetricKind;
import issueledger.events.PlannedPhase;
import issueledger.events.ReferenceKind;
import issueledger.events.Resolution;
import issueledger.events.Severity;
import issueledger.events.Statistic;
import issueledger.issues.IssueView.Occurrence;
import issueledger.query.Happenings;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Given events, then the view's JSON. Event n of a history happens at n minutes past nine, is recorded a day later. */
class IssueViewTest {
    private static final Instant NINE = Instant.parse("2026-02-14T09:00:00Z");
    private static final long BEFORE = 100;
    private static final Set<String> OF_EVERY_EVENT = Set.of("version", "position", "updatedAt", "updatedBy");

    /** Events that happened, the next one, and the members of the view's JSON that it changes beside those of every event. */
    record Step(List<IssueEvent> given, IssueEvent when, String then) {
        @Override
        public String toString() {
            return when.getClass().getSimpleName() + " after " + given.size() + " events";
        }
    }

    static Stream<Step> steps() {
        return Stream.of(
                new Step(List.of(), OPENED, """
                    {"title":"Slow data processing",\
                    "description":{"text":"POST /api/data/process takes 5 s","symptoms":["Time-outs"],\
                    "affectedFeatures":["Import"],"userImpact":"Users wait","endpoints":["POST /api/data/process"]},\
                    "labels":["performance","api"],"openedAt":"2026-02-14T09:01:00.000Z","openedBy":"ada"}\
                    """),
                new Step(
                        List.of(OPENED),
                        new DescriptionRevised("Data processing is slow", null),
                        "{\"title\":\"Data processing is slow\"}"),
                new Step(
                        List.of(OPENED),
                        new DescriptionRevised(
                                null, new Description("It takes 6 s", List.of(), List.of(), null, List.of())),
                        """
                        {"description":{"text":"It takes 6 s","symptoms":[],"affectedFeatures":[],"userImpact":null,"endpoints":[]}}\
                        """),
                new Step(List.of(OPENED), ROOT_CAUSE, """
                    {"rootCause":{"technicalCause":"One query per row","contributingFactors":["No index"],\
                    "triggerConditions":["More than 1,000 rows"]}}\
                    """),
                new Step(
                        List.of(OPENED),
                        new ImpactAssessed(
                                Severity.HIGH,
                                new AffectedUsers("15% of users", new BigDecimal("15"), null),
                                null,
                                List.of("Smaller files")),
                        """
                        {"impact":{"severity":"HIGH","affectedUsers":{"description":"15% of users","percentage":15,"count":null},\
                        "businessImpact":null,"workarounds":["Smaller files"]}}\
                        """),
                new Step(List.of(OPENED), SOLUTION, """
                    {"solution":{"approach":"Batch the queries","codeChanges":["Repository"],\
                    "architectureModifications":["Cache"],"schemaUpdates":["Index on created_at"],\
                    "expectedImprovements":["p95 under 500 ms"]}}\
                    """),
                new Step(
                        List.of(OPENED),
                        new PhasesPlanned(List.of(
                                new PlannedPhase(
                                        "Initial fixes",
                                        "Quick wins",
                                        "2 weeks",
                                        LocalDate.parse("2026-02-14"),
                                        LocalDate.parse("2026-02-28")),
                                new PlannedPhase("Clean up", null, null, null, null))),
                        """
                        {"phases":[{"number":1,"name":"Initial fixes","description":"Quick wins","timeline":"2 weeks",\
                        "plannedStart":"2026-02-14","plannedEnd":"2026-02-28","status":"PLANNED","startedAt":null,\
                        "completedAt":null,"outcome":null},\
                        {"number":2,"name":"Clean up","description":null,"timeline":null,"plannedStart":null,\
                        "plannedEnd":null,"status":"PLANNED","startedAt":null,"completedAt":null,"outcome":null}]}\
                        """),
                new Step(List.of(OPENED, plan("Fix")), new PhaseStarted(1), """
                    {"phases":[{"number":1,"name":"Fix","description":null,"timeline":null,"plannedStart":null,\
                    "plannedEnd":null,"status":"RUNNING","startedAt":"2026-02-14T09:03:00.000Z",\
                    "completedAt":null,"outcome":null}]}\
                    """),
                new Step(
                        List.of(OPENED, plan("Fix"), STARTED, new PhaseStarted(1)), new PhaseCompleted(1, "Done"), """
                            {"phases":[{"number":1,"name":"Fix","description":null,"timeline":null,"plannedStart":null,\
                            "plannedEnd":null,"status":"COMPLETED","startedAt":"2026-02-14T09:04:00.000Z",\
                            "completedAt":"2026-02-14T09:05:00.000Z","outcome":"Done"}]}\
                            """),
                new Step(List.of(OPENED), STRATEGY, """
                    {"testingStrategy":{"unitTests":["Batcher"],"integrationTests":[],\
                    "performanceTests":["k6, 50 users"],"regressionTests":[]}}\
                    """),
                new Step(List.of(OPENED), STARTED, "{\"status\":\"IN_PROGRESS\",\"startedOn\":\"2026-02-14\"}"),
                new Step(List.of(OPENED, STARTED), TESTING, "{\"status\":\"TESTING\"}"),
                new Step(List.of(OPENED, STARTED, TESTING), TEST_RUN, """
                    {"testRuns":[{"kind":"PERFORMANCE","outcome":"PASSED","passed":12,"failed":0,"skipped":null,\
                    "summary":"All green","url":"https://ci.example/7","at":"2026-02-14T09:04:00.000Z","by":"ada"}]}\
                    """),
                new Step(List.of(OPENED, STARTED, TESTING), RESUMED, "{\"status\":\"IN_PROGRESS\"}"),
                new Step(List.of(OPENED, STARTED, TESTING), FIXED, """
                    {"status":"FIXED","release":"2.4.1","fixedAt":"2026-02-14T09:04:00.000Z",\
                    "deployedAt":"2026-03-01T12:00:00.000Z"}\
                    """),
                new Step(List.of(OPENED, STARTED, TESTING, FIXED), CONFIRMED, """
                    {"status":"CLOSED","resolution":"CONFIRMED","closedAt":"2026-02-14T09:05:00.000Z"}\
                    """),
                new Step(List.of(OPENED), new IssueClosed(Resolution.DUPLICATE, "older-issue", List.of()), """
                    {"status":"CLOSED","resolution":"DUPLICATE","duplicateOf":"older-issue",\
                    "closedAt":"2026-02-14T09:02:00.000Z"}\
                    """),
                new Step(List.of(OPENED, STARTED, TESTING, FIXED, CONFIRMED), REOPENED, """
                    {"status":"OPEN","release":null,"resolution":null,"reopened":1,"fixedAt":null,"deployedAt":null,\
                    "closedAt":null}\
                    """),
                new Step(
                        List.of(OPENED, new IssueClosed(Resolution.DUPLICATE, "older-issue", List.of())),
                        REOPENED,
                        "{\"status\":\"OPEN\",\"resolution\":null,\"duplicateOf\":null,\"reopened\":1,\"closedAt\":null}"),
                new Step(List.of(OPENED), note(1, "Batch by 500"), """
                    {"notes":[{"number":1,"kind":"DECISION","text":"Batch by 500","at":"2026-02-14T09:02:00.000Z",\
                    "by":"ada","corrected":false}]}\
                    """),
                new Step(List.of(OPENED, note(1, "Batch by 500")), new NoteCorrected(1, "Batch by 1,000"), """
                    {"notes":[{"number":1,"kind":"DECISION","text":"Batch by 1,000","at":"2026-02-14T09:02:00.000Z",\
                    "by":"ada","corrected":true}]}\
                    """),
                new Step(List.of(OPENED), latency(MetricKind.BASELINE, "5200"), """
                    {"metrics":[{"name":"latency","statistic":"P95","environment":"production","unit":"ms",\
                    "better":"LOWER","baseline":5200,"target":null,"measured":null,"improvement":null,\
                    "targetMet":null}]}\
                    """),
                new Step(
                        List.of(OPENED, latency(MetricKind.BASELINE, "5200"), latency(MetricKind.TARGET, "500")),
                        latency(MetricKind.MEASURED, "340"),
                        """
                        {"metrics":[{"name":"latency","statistic":"P95","environment":"production","unit":"ms",\
                        "better":"LOWER","baseline":5200,"target":500,"measured":340,"improvement":0.9346,\
                        "targetMet":true}]}\
                        """),
                new Step(
                        List.of(
                                OPENED,
                                latency(MetricKind.BASELINE, "5200"),
                                latency(MetricKind.MEASURED, "340"),
                                latency(MetricKind.MEASURED, "1")),
                        new MetricWithdrawn(3),
                        """
                        {"metrics":[{"name":"latency","statistic":"P95","environment":"production","unit":"ms",\
                        "better":"LOWER","baseline":5200,"target":null,"measured":340,"improvement":0.9346,\
                        "targetMet":null}]}\
                        """),
                new Step(List.of(OPENED), new RelatedFileLinked("src/a.py", "Main endpoint logic"), """
                    {"relatedFiles":[{"path":"src/a.py","purpose":"Main endpoint logic"}]}\
                    """),
                new Step(
                        List.of(OPENED, new RelatedFileLinked("a", "x"), new RelatedFileLinked("b", null)),
                        new RelatedFileUnlinked("a"),
                        "{\"relatedFiles\":[{\"path\":\"b\",\"purpose\":null}]}"),
                new Step(
                        List.of(OPENED),
                        new ReferenceAdded(1, "Batching", "https://example.org/b", ReferenceKind.DOCUMENTATION),
                        """
                        {"references":[{"number":1,"title":"Batching","url":"https://example.org/b","kind":"DOCUMENTATION"}]}\
                        """),
                new Step(
                        List.of(OPENED, reference(1, "A talk"), reference(2, "A paper")),
                        new ReferenceRemoved(1),
                        "{\"references\":[{\"number\":2,\"title\":\"A paper\",\"url\":null,\"kind\":\"OTHER\"}]}"),
                new Step(List.of(OPENED), new IssueAssigned("grace"), "{\"assignee\":\"grace\"}"),
                new Step(List.of(OPENED, new IssueAssigned("grace")), new IssueAssigned(null), "{\"assignee\":null}"),
                new Step(
                        List.of(OPENED),
                        new LabelsChanged(List.of("database"), List.of("performance")),
                        "{\"labels\":[\"api\",\"database\"]}"));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void an_event_changes_what_it_says_and_nothing_else(Step step) {
        IssueView before = view(step.given());
        IssueView after = next(before, step.when());

        assertThat(changes(before, after)).isEqualTo(step.then());
        assertThat(after.version()).isEqualTo(before.version() + 1);
        assertThat(after.position()).isEqualTo(BEFORE + after.version());
    }

    @Test
    void every_type_of_event_has_a_step() {
        assertThat(steps().<Class<?>>map(step -> step.when().getClass()).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(IssueEvent.class.getPermittedSubclasses());
    }

    @Test
    void an_opened_issue_has_all_its_fields_in_their_order_with_null_for_what_is_missing_and_empty_lists() {
        assertThat(json(view(List.of(Happenings.opened("Slow", "It is slow"))))).isEqualTo("""
            {"id":"i-1","version":1,"position":101,"status":"OPEN","title":"Slow",\
            "description":{"text":"It is slow","symptoms":[],"affectedFeatures":[],"userImpact":null,"endpoints":[]},\
            "rootCause":null,"impact":null,"solution":null,"phases":[],"testingStrategy":null,"testRuns":[],\
            "relatedFiles":[],"references":[],"notes":[],"metrics":[],"assignee":null,"labels":[],"startedOn":null,\
            "release":null,"resolution":null,"duplicateOf":null,"reopened":0,"openedAt":"2026-02-14T09:01:00.000Z",\
            "openedBy":"ada","updatedAt":"2026-02-14T09:01:00.000Z","updatedBy":"ada","fixedAt":null,\
            "deployedAt":null,"closedAt":null}\
            """);
    }

    @Test
    void an_issue_with_everything_has_it_in_the_order_of_the_interface() {
        List<IssueEvent> untilClosed =
                Happenings.everything().subList(0, Happenings.everything().size() - 1);

        assertThat(json(view(untilClosed))).isEqualTo("""
            {"id":"i-1","version":32,"position":132,"status":"CLOSED","title":"Very slow data processing",\
            "description":{"text":"POST /api/data/process takes 5 s","symptoms":["Time-outs"],\
            "affectedFeatures":["Import"],"userImpact":"Users wait","endpoints":["POST /api/data/process"]},\
            "rootCause":{"technicalCause":"One query per row","contributingFactors":["No index"],\
            "triggerConditions":["More than 1,000 rows"]},\
            "impact":{"severity":"HIGH","affectedUsers":{"description":"15% of users","percentage":15.0,"count":null},\
            "businessImpact":"Lost orders","workarounds":["Smaller files"]},\
            "solution":{"approach":"Batch the queries","codeChanges":["Repository"],\
            "architectureModifications":["Cache"],"schemaUpdates":["Index on created_at"],\
            "expectedImprovements":["p95 under 500 ms"]},\
            "phases":[{"number":1,"name":"Initial fixes","description":"Quick wins","timeline":"2 weeks",\
            "plannedStart":"2026-02-14","plannedEnd":"2026-02-28","status":"COMPLETED",\
            "startedAt":"2026-02-14T09:09:00.000Z","completedAt":"2026-02-14T09:24:00.000Z","outcome":"Done in time"},\
            {"number":2,"name":"Clean up","description":null,"timeline":null,"plannedStart":null,"plannedEnd":null,\
            "status":"RUNNING","startedAt":"2026-02-14T09:25:00.000Z","completedAt":null,"outcome":null}],\
            "testingStrategy":{"unitTests":["Batcher"],"integrationTests":[],"performanceTests":["k6, 50 users"],\
            "regressionTests":[]},\
            "testRuns":[{"kind":"PERFORMANCE","outcome":"PASSED","passed":12,"failed":0,"skipped":null,\
            "summary":"All green","url":"https://ci.example/7","at":"2026-02-14T09:29:00.000Z","by":"ada"}],\
            "relatedFiles":[{"path":"src/api/routes/data.py","purpose":"Main endpoint logic"}],\
            "references":[{"number":1,"title":"Batching","url":"https://example.org/batching","kind":"DOCUMENTATION"}],\
            "notes":[{"number":1,"kind":"DECISION","text":"Batch by 1,000","at":"2026-02-14T09:10:00.000Z","by":"ada",\
            "corrected":true}],\
            "metrics":[{"name":"latency","statistic":"P95","environment":"production","unit":"ms","better":"LOWER",\
            "baseline":5200,"target":500.0,"measured":340.25,"improvement":0.9346,"targetMet":true}],\
            "assignee":"grace","labels":["performance","database"],"startedOn":"2026-02-14","release":"2.4.1",\
            "resolution":"CONFIRMED","duplicateOf":null,"reopened":0,"openedAt":"2026-02-14T09:01:00.000Z",\
            "openedBy":"ada","updatedAt":"2026-02-14T09:32:00.000Z","updatedBy":"ada",\
            "fixedAt":"2026-02-14T09:30:00.000Z","deployedAt":"2026-03-01T12:00:00.000Z",\
            "closedAt":"2026-02-14T09:32:00.000Z"}\
            """);
    }

    @Test
    void an_applied_event_leaves_the_earlier_view_as_it_was() {
        IssueView before = view(Happenings.everything());
        String json = json(before);

        Happenings.everything().subList(1, Happenings.everything().size()).forEach(event -> next(before, event));

        assertThat(json(before)).isEqualTo(json);
    }

    @Test
    void all_that_upcasting_makes_of_one_event_is_one_version() {
        IssueView view = IssueView.of("i-1").apply(List.of(OPENED, new IssueAssigned("grace")), occurrence(1));

        assertThat(view.version()).isEqualTo(1);
        assertThat(view.title()).isEqualTo(OPENED.title());
        assertThat(view.assignee()).isEqualTo("grace");
    }

    @Test
    void started_on_stays_that_of_the_first_start() {
        IssueView view =
                view(OPENED, STARTED, TESTING, FIXED, REOPENED, new WorkStarted(LocalDate.parse("2026-05-01")));

        assertThat(member(view, "startedOn")).isEqualTo("\"2026-02-14\"");
        assertThat(member(view, "status")).isEqualTo("\"IN_PROGRESS\"");
    }

    @Test
    void reopenings_are_counted() {
        assertThat(member(view(OPENED, CONFIRMED, REOPENED, CONFIRMED, REOPENED), "reopened"))
                .isEqualTo("2");
    }

    @Test
    void a_corrected_note_keeps_when_and_by_whom_it_was_written() {
        IssueView noted = view(OPENED, note(1, "Batch by 500"), note(2, "Cache"));
        Occurrence graceMuchLater = new Occurrence(4, 200, NINE.plus(Duration.ofDays(9)), NINE, "grace");

        IssueView corrected = noted.apply(List.of(new NoteCorrected(1, "Batch by 1,000")), graceMuchLater);

        assertThat(corrected.notes())
                .containsExactly(
                        new IssueView.Note(
                                1,
                                noted.notes().get(0).kind(),
                                "Batch by 1,000",
                                Instant.parse("2026-02-14T09:02:00Z"),
                                "ada",
                                true),
                        noted.notes().get(1));
        assertThat(member(corrected, "updatedBy")).isEqualTo("\"grace\"");
    }

    @Test
    void a_new_plan_leaves_phases_where_they_are() {
        IssueView view = view(
                OPENED,
                plan("Analyse", "Fix"),
                STARTED,
                new PhaseStarted(1),
                new PhaseCompleted(1, "Found it"),
                new PhaseStarted(2),
                plan("Analyse", "Fix it well", "Clean up"));

        assertThat(member(view, "phases")).isEqualTo("""
            [{"number":1,"name":"Analyse","description":null,"timeline":null,"plannedStart":null,"plannedEnd":null,\
            "status":"COMPLETED","startedAt":"2026-02-14T09:04:00.000Z","completedAt":"2026-02-14T09:05:00.000Z",\
            "outcome":"Found it"},\
            {"number":2,"name":"Fix it well","description":null,"timeline":null,"plannedStart":null,\
            "plannedEnd":null,"status":"RUNNING","startedAt":"2026-02-14T09:06:00.000Z","completedAt":null,\
            "outcome":null},\
            {"number":3,"name":"Clean up","description":null,"timeline":null,"plannedStart":null,"plannedEnd":null,\
            "status":"PLANNED","startedAt":null,"completedAt":null,"outcome":null}]\
            """);
    }

    @Test
    void a_shorter_plan_drops_the_phases_that_are_not_in_it() {
        assertThat(view(OPENED, plan("Analyse", "Fix", "Clean up"), plan("Analyse"))
                        .phases())
                .extracting(IssueView.Phase::name)
                .containsExactly("Analyse");
    }

    @Test
    void a_phase_goes_on_running_whatever_becomes_of_the_status() {
        IssueView running = view(OPENED, plan("Fix", "Clean up"), STARTED, new PhaseStarted(1), TESTING);

        for (List<IssueEvent> turn : List.<List<IssueEvent>>of(
                List.of(RESUMED), List.of(FIXED), List.of(FIXED, CONFIRMED), List.of(FIXED, REOPENED))) {
            assertThat(view(running, turn).phases()).isEqualTo(running.phases());
        }
    }

    @Test
    void files_stand_in_the_order_of_their_first_linking() {
        IssueView view = view(
                OPENED,
                new RelatedFileLinked("b", "old"),
                new RelatedFileLinked("a", "x"),
                new RelatedFileLinked("b", null));

        assertThat(member(view, "relatedFiles"))
                .isEqualTo("[{\"path\":\"b\",\"purpose\":null},{\"path\":\"a\",\"purpose\":\"x\"}]");
        assertThat(view(view, List.of(new RelatedFileUnlinked("b"), new RelatedFileLinked("b", "again")))
                        .relatedFiles())
                .extracting(RelatedFileLinked::path)
                .containsExactly("a", "b");
    }

    @Test
    void labels_stand_in_the_order_of_their_adding() {
        assertThat(view(OPENED, labelled("database", "cache"), unlabelled("performance"), labelled("performance"))
                        .labels())
                .containsExactly("api", "database", "cache", "performance");
    }

    @Test
    void references_stand_in_the_order_of_their_adding_under_the_numbers_they_got() {
        IssueView view =
                view(OPENED, reference(1, "One"), reference(2, "Two"), new ReferenceRemoved(1), reference(3, "One"));

        assertThat(member(view, "references")).isEqualTo("""
            [{"number":2,"title":"Two","url":null,"kind":"OTHER"},\
            {"number":3,"title":"One","url":null,"kind":"OTHER"}]\
            """);
    }

    @Test
    void a_metric_without_a_time_was_measured_when_its_event_happened() {
        IssueView view = view(
                OPENED,
                latency(MetricKind.BASELINE, "5200"),
                latency(MetricKind.MEASURED, "900", "2026-02-13T00:00:00Z"));

        assertThat(view.metricRecords())
                .extracting(IssueView.MetricRecord::measuredAt)
                .containsExactly(Instant.parse("2026-02-14T09:02:00Z"), Instant.parse("2026-02-13T00:00:00Z"));
        assertThat(view.metricRecords().get(0).metric().measuredAt()).isNull();
        assertThat(view.metricRecords().get(0).recordedAt()).isEqualTo("2026-02-15T09:02:00Z");
    }

    @Test
    void a_series_has_the_value_measured_last_and_of_two_measured_at_once_the_one_recorded_last() {
        IssueView view = view(
                OPENED,
                latency(MetricKind.MEASURED, "900", "2026-02-20T00:00:00Z"),
                latency(MetricKind.MEASURED, "700", "2026-02-19T00:00:00Z"));

        assertThat(view.metrics().get(0).measured()).isEqualTo("900");
        assertThat(next(view, latency(MetricKind.MEASURED, "800", "2026-02-20T00:00:00Z"))
                        .metrics()
                        .get(0)
                        .measured())
                .isEqualTo("800");
    }

    @Test
    void decimals_stay_as_they_were_written() {
        IssueView view = view(
                OPENED,
                latency(MetricKind.BASELINE, "999999999999999"),
                latency(MetricKind.TARGET, "0.000000000000000001"),
                latency(MetricKind.MEASURED, "340.10"));

        assertThat(json(view))
                .contains("\"baseline\":999999999999999,\"target\":0.000000000000000001,\"measured\":340.10,");
    }

    @Test
    void series_are_told_apart_by_name_statistic_and_environment() {
        IssueView view = view(
                OPENED,
                latency(MetricKind.BASELINE, "5200"),
                new MetricRecorded(
                        MetricKind.BASELINE,
                        "throughput",
                        Statistic.RATE,
                        "req/s",
                        new BigDecimal("80"),
                        "staging",
                        Better.HIGHER,
                        null,
                        null),
                new MetricRecorded(
                        MetricKind.MEASURED,
                        "throughput",
                        Statistic.RATE,
                        "req/s",
                        new BigDecimal("60"),
                        "staging",
                        Better.HIGHER,
                        null,
                        null));

        assertThat(member(view, "metrics")).isEqualTo("""
            [{"name":"latency","statistic":"P95","environment":"production","unit":"ms","better":"LOWER",\
            "baseline":5200,"target":null,"measured":null,"improvement":null,"targetMet":null},\
            {"name":"throughput","statistic":"RATE","environment":"staging","unit":"req/s","better":"HIGHER",\
            "baseline":80,"target":null,"measured":60,"improvement":-0.25,"targetMet":null}]\
            """);
    }

    @Test
    void the_last_update_is_the_last_by_position_however_late_its_fact_is_recorded() {
        Occurrence lateFact = new Occurrence(
                2, 102, Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-02-20T00:00:00Z"), "grace");

        IssueView view = view(OPENED).apply(List.of(STARTED), lateFact);

        assertThat(member(view, "updatedAt")).isEqualTo("\"2026-01-01T00:00:00.000Z\"");
        assertThat(member(view, "openedAt")).isEqualTo("\"2026-02-14T09:01:00.000Z\"");
    }

    @Test
    void a_view_is_read_back_from_its_json_as_it_was() {
        String json = json(view(Happenings.everything()));

        assertThat(json(EventJson.MAPPER.readValue(json, IssueView.class))).isEqualTo(json);
    }

    private static IssueView view(IssueEvent... events) {
        return view(Arrays.asList(events));
    }

    private static IssueView view(List<IssueEvent> events) {
        return view(IssueView.of("i-1"), events);
    }

    private static IssueView view(IssueView view, List<IssueEvent> events) {
        IssueView last = view;
        for (IssueEvent event : events) {
            last = next(last, event);
        }
        return last;
    }

    private static IssueView next(IssueView view, IssueEvent event) {
        return view.apply(List.of(event), occurrence(view.version() + 1));
    }

    private static Occurrence occurrence(long version) {
        Instant at = NINE.plus(Duration.ofMinutes(version));
        return new Occurrence(version, BEFORE + version, at, at.plus(Duration.ofDays(1)), "ada");
    }

    private static String json(IssueView view) {
        return EventJson.MAPPER.writeValueAsString(view);
    }

    private static String member(IssueView view, String name) {
        return EventJson.MAPPER.readTree(json(view)).get(name).toString();
    }

    private static String changes(IssueView before, IssueView after) {
        JsonNode earlier = EventJson.MAPPER.readTree(json(before));
        ObjectNode changed = EventJson.MAPPER.createObjectNode();
        EventJson.MAPPER.readTree(json(after)).properties().forEach(member -> {
            if (!OF_EVERY_EVENT.contains(member.getKey()) && !member.getValue().equals(earlier.get(member.getKey()))) {
                changed.set(member.getKey(), member.getValue());
            }
        });
        return changed.toString();
    }
}
