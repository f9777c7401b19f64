package issueledger.demo;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import issueledger.command.CommandService;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.IssueReopened;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.MetricKind;
import issueledger.issue.IssueState;
import issueledger.log.EventLog;
import issueledger.log.LogHead;
import issueledger.log.RecordedEvent;
import issueledger.startup.StartupFailure;
import issueledger.web.bulk.CommandLines;
import issueledger.web.bulk.CommandLines.CommandLine;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.node.ObjectNode;

class DemoTest {
    private static final Instant MONDAY = Instant.parse("2026-03-02T12:00:00.000Z");
    private static final List<DemoLine> LINES = DemoLine.all();

    @TempDir
    Path data;

    private ConfigurableApplicationContext service;
    private EventLog log;

    @BeforeEach
    void start() {
        service = new SpringApplicationBuilder(CommandService.class)
                .web(WebApplicationType.NONE)
                .run("--issue-ledger.data-dir=" + data);
        log = service.getBean(EventLog.class);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void every_line_is_accepted_on_an_empty_log_and_records_what_its_actor_did_and_when() {
        load(MONDAY, LINES);

        for (int number = 1; number <= LINES.size(); number++) {
            DemoLine line = LINES.get(number - 1);
            RecordedEvent first = log.findByIdempotencyKey(line.actor(), "demo-" + number)
                    .orElseThrow()
                    .events()
                    .get(0);
            assertThat(first.stream()).isEqualTo(line.issueId());
            assertThat(EventJson.readMetadata(first.metadata()).effectiveAt(first.recordedAt()))
                    .isEqualTo(MONDAY.minus(line.ago()));
        }
    }

    @Test
    void seven_issues_stand_in_different_states_and_one_was_reopened() {
        load(MONDAY, LINES);

        Map<String, List<IssueEvent>> issues =
                events().stream().collect(groupingBy(RecordedEvent::stream, mapping(DemoTest::read, toList())));
        assertThat(issues)
                .hasSize(7)
                .extractingFromEntries(Map.Entry::getKey, issue -> status(issue.getValue()))
                .containsExactlyInAnyOrder(
                        tuple("demo-data-process", "CLOSED"),
                        tuple("demo-catalog-stampede", "FIXED"),
                        tuple("demo-orders-n-plus-one", "IN_PROGRESS"),
                        tuple("demo-partner-portal-slow", "CLOSED"),
                        tuple("demo-report-export", "TESTING"),
                        tuple("demo-login-cold-start", "OPEN"),
                        tuple("demo-orders-list", "IN_PROGRESS"));
        assertThat(issues.get("demo-orders-n-plus-one")).contains(new IssueReopened());
        assertThat(issues.get("demo-data-process"))
                .filteredOn(MetricRecorded.class::isInstance)
                .map(MetricRecorded.class::cast)
                .filteredOn(metric -> metric.name().equals("latency") && metric.kind() != MetricKind.TARGET)
                .extracting(metric -> metric.value().intValue())
                .startsWith(5200)
                .endsWith(340);
    }

    @Test
    void its_commands_tell_of_work_that_went_back_and_forth() {
        assertThat(LINES.stream().map(DemoLine::command).collect(toSet()))
                .contains(
                        "record-note",
                        "correct-note",
                        "add-reference",
                        "unlink-file",
                        "change-labels",
                        "record-test-run",
                        "return-to-work",
                        "plan-phases",
                        "advance-phase",
                        "reopen",
                        "close",
                        "assign-issue");
    }

    @Test
    void loading_twice_equals_loading_once() {
        load(MONDAY, LINES);
        LogHead once = log.head();

        load(MONDAY.plus(Duration.ofDays(9)), LINES);

        assertThat(log.head()).isEqualTo(once);
    }

    @Test
    void a_start_after_a_kill_goes_on_with_the_same_story(@TempDir Path whole) {
        load(MONDAY, LINES.subList(0, LINES.size() / 2));
        load(MONDAY.plus(Duration.ofDays(9)), LINES);

        List<Tuple> resumed = story(events());
        stop();
        data = whole;
        start();
        load(MONDAY, LINES);
        assertThat(resumed).isEqualTo(story(events()));
    }

    @Test
    void two_services_that_load_it_at_once_load_it_once() throws Exception {
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            List<Future<?>> loading = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                loading.add(two.submit(() -> load(MONDAY, LINES)));
            }
            for (Future<?> one : loading) {
                one.get();
            }
        }

        assertThat(log.head().commits()).isEqualTo(LINES.size() + 1L);
    }

    @Test
    void a_line_that_is_refused_stops_the_start_with_a_sentence() {
        List<DemoLine> lines = List.of(LINES.get(0), line("start-testing"));

        assertThatThrownBy(() -> load(MONDAY, lines))
                .isInstanceOf(StartupFailure.class)
                .hasMessage("The demo cannot be loaded: its line 2, start-testing of demo-data-process, was refused:"
                        + " The issue is OPEN; start-testing is allowed in IN_PROGRESS.");
    }

    @Test
    void a_line_of_another_shape_stops_the_start_with_a_sentence() {
        assertThatThrownBy(() -> load(MONDAY, List.of(LINES.get(0), line("mark-fixed"))))
                .isInstanceOf(StartupFailure.class)
                .hasMessageStartingWith("The demo cannot be loaded: its line 2, mark-fixed of demo-data-process, was"
                        + " refused: /release is required");
    }

    @Test
    void a_ledger_that_holds_another_issue_is_refused_and_nothing_is_loaded() {
        service.getBean(CommandLines.class)
                .submit(new CommandLine(
                        "open-issue",
                        "mine",
                        "mara",
                        "mine-1",
                        EventJson.MAPPER.readValue(
                                "{\"title\":\"Mine\",\"description\":{\"text\":\"5 s\"}}", ObjectNode.class)));

        assertThatThrownBy(() -> load(MONDAY, LINES))
                .isInstanceOf(StartupFailure.class)
                .hasMessage("The demo cannot be loaded: this ledger holds another issue, mine. Start without --demo, or"
                        + " set ISSUE_LEDGER_DATA_DIR to an empty directory.");
        assertThat(log.head().position()).isEqualTo(1);
    }

    private void load(Instant now, List<DemoLine> lines) {
        new Demo(service.getBean(CommandLines.class), log, Clock.fixed(now, ZoneOffset.UTC), lines)
                .run(new DefaultApplicationArguments());
    }

    private static DemoLine line(String command) {
        return new DemoLine(
                "demo-data-process",
                "mara.lindqvist",
                Duration.ofDays(1),
                command,
                EventJson.MAPPER.createObjectNode());
    }

    private List<RecordedEvent> events() {
        return log.read(0, 10_000);
    }

    private static List<Tuple> story(List<RecordedEvent> events) {
        return events.stream()
                .filter(event ->
                        !event.stream().equals("demo-orders-list")) // From a document, at the time of the load.
                .map(event -> tuple(
                        event.stream(),
                        event.type(),
                        event.payload(),
                        EventJson.readMetadata(event.metadata()).effectiveAt()))
                .toList();
    }

    private static IssueEvent read(RecordedEvent event) {
        return EventJson.read(event.type(), event.revision(), event.payload());
    }

    private static String status(List<IssueEvent> events) {
        IssueState state = IssueState.NONE;
        for (IssueEvent event : events) {
            state = state.evolve(event, MONDAY);
        }
        return state.status().name();
    }
}
