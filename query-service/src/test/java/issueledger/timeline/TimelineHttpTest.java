package issueledger.timeline;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.events.Rfc3339;
import issueledger.log.AppendResult.Appended;
import issueledger.query.Happenings;
import issueledger.query.Query.Answer;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import issueledger.timeline.TimelineController.Kind;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code GET /issues/{id}/timeline}. */
class TimelineHttpTest extends QueryServiceTest {
    private static final Map<Kind, List<String>> KINDS = Map.of(
            Kind.STATUS,
            List.of(
                    "IssueOpened",
                    "WorkStarted",
                    "TestingStarted",
                    "WorkResumed",
                    "IssueFixed",
                    "IssueClosed",
                    "IssueReopened"),
            Kind.PHASE,
            List.of("PhasesPlanned", "PhaseStarted", "PhaseCompleted"),
            Kind.NOTE,
            List.of("NoteRecorded", "NoteCorrected"),
            Kind.METRIC,
            List.of("MetricRecorded", "MetricWithdrawn"),
            Kind.TEST_RUN,
            List.of("TestRunRecorded"),
            Kind.REVISION,
            List.of(
                    "DescriptionRevised",
                    "RootCauseRecorded",
                    "ImpactAssessed",
                    "SolutionProposed",
                    "TestingStrategyDefined",
                    "RelatedFileLinked",
                    "RelatedFileUnlinked",
                    "ReferenceAdded",
                    "ReferenceRemoved",
                    "IssueAssigned",
                    "LabelsChanged"));

    @Test
    void every_type_of_event_has_its_kind() {
        Map<Kind, List<String>> kinds = Arrays.stream(IssueEvent.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .sorted()
                .collect(Collectors.groupingBy(Kind::of));

        KINDS.forEach((kind, types) ->
                assertThat(kinds.get(kind)).describedAs("%s", kind).containsExactlyInAnyOrderElementsOf(types));
        assertThat(kinds).hasSameSizeAs(KINDS);
    }

    @Test
    void each_event_is_a_step_in_order_with_its_payload() {
        List<IssueEvent> everything = Happenings.everything();
        record("steps-1", everything.toArray(new IssueEvent[0]));

        Answer answer = query.get("/issues/steps-1/timeline");

        assertThat(answer.items()).hasSameSizeAs(everything);
        for (int i = 0; i < everything.size(); i++) {
            String type = everything.get(i).getClass().getSimpleName();
            assertThat(answer.items().get(i).get("kind").asString())
                    .isEqualTo(Kind.of(type).name());
            assertThat(answer.items().get(i).get("version").asInt()).isEqualTo(i + 1);
            assertThat(answer.items().get(i).get("title").asString()).isEqualTo(Titles.of(everything.get(i)));
            assertThat(answer.body()).contains("\"detail\":" + EventJson.write(everything.get(i)) + "}");
        }
        assertThat(answer.json().get("nextCursor").isNull()).isTrue();
    }

    @Test
    void a_step_says_when_it_happened_and_when_it_was_recorded() {
        record("late-1", OPENED);
        Appended appended =
                seen(recorder().record("late-1", "grace", Instant.parse("2026-02-01T10:00:00Z"), note(1, "One\nTwo")));

        assertThat(query.get("/issues/late-1/timeline?after=1").body())
                .isEqualTo("""
                    {"items":[{"kind":"NOTE","at":"2026-02-01T10:00:00.000Z","recordedAt":"%s","by":"grace","version":2,\
                    "position":%d,"title":"DECISION: One Two",\
                    "detail":{"note":1,"kind":"DECISION","text":"One\\nTwo"}}],"nextCursor":null}\
                    """.formatted(Rfc3339.format(appended.recordedAt()), appended.last()));
    }

    @Test
    void a_kind_is_chosen_and_pages_by_version() {
        record(
                "kind-1",
                OPENED,
                note(1, "One"),
                STARTED,
                note(2, "Two"),
                TESTING,
                note(3, "Three"),
                Happenings.RESUMED);

        Answer first = query.get("/issues/kind-1/timeline?kind=NOTE&limit=2");
        Answer second = query.get("/issues/kind-1/timeline?kind=NOTE&limit=2&after=" + first.nextCursor());

        assertThat(first.items("version")).containsExactly("2", "4");
        assertThat(first.nextCursor()).isEqualTo("4");
        assertThat(second.items("version")).containsExactly("6");
        assertThat(second.json().get("nextCursor").isNull()).isTrue();
        assertThat(query.get("/issues/kind-1/timeline?kind=METRIC").items()).isEmpty();
        assertThat(query.get("/issues/kind-1/timeline?after=7").items()).isEmpty();
    }

    @Test
    void an_event_that_cannot_be_read_is_a_step_all_the_same() {
        record("unreadable-1", OPENED);
        seen(recorder().recordText("unreadable-1", "NoteRecorded", "1", "{", Recorder.metadata("ada", null, null)));

        assertThat(query.get("/issues/unreadable-1/timeline?after=1").items())
                .singleElement()
                .satisfies(step -> {
                    assertThat(step.get("kind").asString()).isEqualTo("NOTE");
                    assertThat(step.get("title").asString()).contains("NoteRecorded", "cannot be read");
                    assertThat(step.get("detail").asString()).isEqualTo("{");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "kind=note, kind",
        "kind=, kind",
        "after=x, after",
        "limit=0, limit",
        "limit=10001, limit",
        "cursor=x, cursor",
        "kind=NOTE&kind=NOTE, kind"
    })
    void a_bad_value_is_refused_and_named(String parameters, String named) {
        query.get("/issues/nobody/timeline?" + parameters).isMalformed(named);
    }
}
