package issueledger.issue;

import static issueledger.events.IssueExamples.ISSUE;
import static issueledger.events.IssueExamples.assigned;
import static issueledger.events.IssueExamples.duplicateOf;
import static issueledger.events.IssueExamples.note;
import static issueledger.events.IssueExamples.opened;
import static issueledger.events.IssueExamples.reference;
import static issueledger.events.IssueExamples.workStarted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.axonframework.test.matchers.Matchers.exactSequenceOf;
import static org.axonframework.test.matchers.Matchers.messageWithPayload;
import static org.axonframework.test.matchers.Matchers.predicate;

import issueledger.axon.EventLogStorageEngine;
import issueledger.axon.EventReader;
import issueledger.events.EventJson;
import issueledger.events.NoteKind;
import issueledger.events.ReferenceKind;
import issueledger.handling.Issue;
import issueledger.handling.Issue.Decision;
import issueledger.handling.IssueStates;
import issueledger.handling.Submission;
import issueledger.issue.IssueCommand.AddReference;
import issueledger.issue.IssueCommand.AssignIssue;
import issueledger.issue.IssueCommand.CloseIssue;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueCommand.RecordNote;
import issueledger.issue.IssueCommand.StartWork;
import issueledger.issue.Refusal.Rejected;
import issueledger.issue.Refusal.UnknownIssue;
import issueledger.issue.Refusal.VersionMismatch;
import issueledger.log.Commit;
import issueledger.log.EventLog;
import issueledger.log.NewEvent;
import issueledger.log.sqlite.SqliteEventLog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.hamcrest.CoreMatchers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell that Axon loads. */
class IssueTest {
    private static final Instant NOW = Instant.parse("2026-02-15T00:30:00Z");
    private static final RecordNote SEEN = new RecordNote(NoteKind.PROGRESS, "seen");

    @TempDir
    Path data;

    private EventLog log;
    private AggregateTestFixture<Issue> issue;

    @BeforeEach
    void setUp() {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        CorrelationDataProvider everything = message -> message.getMetaData();
        log = SqliteEventLog.open(data.resolve("events.db"), clock);
        issue = new AggregateTestFixture<>(Issue.class);
        issue.registerInjectableResource(new IssueStates(
                log,
                new EventReader(List.of()),
                EventLogStorageEngine.builder(log).build()));
        issue.registerInjectableResource(clock);
        issue.registerCommandHandlerInterceptor(new CorrelationDataInterceptor<>(everything));
    }

    @AfterEach
    void close() {
        log.close();
    }

    private static Submission asked(IssueCommand command) {
        return asked(command, null, null);
    }

    private static Submission asked(IssueCommand command, @Nullable Instant effectiveAt, @Nullable Long ifMatch) {
        return Submission.of(ISSUE, command, null, effectiveAt, ifMatch);
    }

    @Test
    void an_issue_is_opened() {
        issue.givenNoPriorActivity()
                .when(asked(new OpenIssue(null, opened())))
                .expectEvents(opened())
                .expectResultMessagePayload(new Decision(List.of(opened()), 1, null));
    }

    @Test
    void a_command_for_an_issue_that_is_not_there_is_refused() {
        issue.givenNoPriorActivity()
                .when(asked(SEEN))
                .expectException(UnknownIssue.class)
                .expectNoEvents();
    }

    @Test
    void an_issue_that_is_not_there_is_unknown_at_any_version() {
        issue.givenNoPriorActivity()
                .when(asked(SEEN, null, 7L))
                .expectException(UnknownIssue.class)
                .expectNoEvents();
    }

    @Test
    void a_command_for_another_version_is_refused_with_the_one_that_stands() {
        issue.given(opened(), note(1, "heard"))
                .when(asked(SEEN, null, 1L))
                .expectException(VersionMismatch.class)
                .expectException(predicate(e -> ((VersionMismatch) e).currentVersion() == 2))
                .expectNoEvents();
    }

    @Test
    void a_command_for_the_version_that_stands_is_accepted() {
        issue.given(opened(), note(1, "heard"))
                .when(asked(SEEN, null, 2L))
                .expectEvents(note(2, "seen"))
                .expectResultMessagePayload(new Decision(List.of(note(2, "seen")), 3, 2L));
    }

    @Test
    void another_version_is_named_before_a_rule() {
        issue.given(opened())
                .when(asked(new OpenIssue(ISSUE, opened()), null, 0L))
                .expectException(VersionMismatch.class);
    }

    @Test
    void a_rule_refuses_and_nothing_is_recorded() {
        issue.given(opened())
                .when(asked(new OpenIssue(ISSUE, opened())))
                .expectException(predicate(e -> ((Rejected) e).reason() == Reason.ISSUE_EXISTS))
                .expectNoEvents();
    }

    @Test
    void what_changes_nothing_records_nothing() {
        issue.given(opened(), assigned("ada"))
                .when(asked(new AssignIssue(assigned("ada"))))
                .expectNoEvents()
                .expectResultMessagePayload(new Decision(List.of(), 2, null));
    }

    @Test
    void a_reference_that_stands_is_answered_with_its_number() {
        issue.given(opened(), reference(1, "Profile"), reference(2, "Plan"))
                .when(asked(new AddReference("Plan", null, ReferenceKind.OTHER)))
                .expectNoEvents()
                .expectResultMessagePayload(new Decision(List.of(), 3, 2L));
    }

    @Test
    void events_carry_the_metadata_of_their_command() {
        issue.given(opened())
                .when(asked(SEEN), Map.of("actor", "ada", "traceId", "4bf92f3577b34da6a3ce929d0e0e4736"))
                .expectEventsMatching(exactSequenceOf(CoreMatchers.allOf(
                        messageWithPayload(CoreMatchers.equalTo(note(1, "seen"))),
                        predicate((EventMessage<?> message) -> message.getMetaData()
                                        .get("actor")
                                        .equals("ada")
                                && message.getMetaData().get("traceId").equals("4bf92f3577b34da6a3ce929d0e0e4736")))));
    }

    @Test
    void an_event_counts_from_its_effective_time_and_else_from_its_recording() {
        issue.givenCurrentTime(Instant.parse("2026-02-14T12:00:00Z"))
                .andGiven(GenericEventMessage.asEventMessage(opened())
                        .andMetaData(Map.of("effectiveAt", "2026-02-14T09:00:00.000Z")))
                .when(asked(new StartWork(null), Instant.parse("2026-02-14T09:00:00Z"), null))
                .expectEvents(workStarted());
    }

    @Test
    void an_event_without_an_effective_time_counts_from_its_recording() {
        issue.givenCurrentTime(Instant.parse("2026-02-14T12:00:00Z"))
                .andGiven(opened())
                .when(asked(new StartWork(null), Instant.parse("2026-02-14T09:00:00Z"), null))
                .expectException(predicate(e -> ((Rejected) e).reason() == Reason.EFFECTIVE_TIME_TOO_EARLY));
    }

    @Test
    void the_clock_that_is_injected_tells_the_day() {
        issue.given(opened()).when(asked(new StartWork(null))).expectResultMessageMatching(predicate(result -> {
            assertThat(((Decision) ((org.axonframework.messaging.Message<?>) result).getPayload()).events())
                    .extracting("startedOn")
                    .hasToString("[2026-02-15]");
            return true;
        }));
    }

    @Test
    void a_duplicate_is_looked_up_in_the_log() {
        issue.given(opened())
                .when(asked(new CloseIssue(duplicateOf("slow-checkout"))))
                .expectException(predicate(e -> ((Rejected) e).reason() == Reason.UNKNOWN_DUPLICATE));

        log.append(List.of(new Commit(
                List.of(new NewEvent(
                        "e1",
                        "slow-checkout",
                        0,
                        "IssueOpened",
                        "1",
                        EventJson.write(opened()),
                        "{\"actor\":\"ada\",\"commandId\":\"c\"}")),
                null)));
        issue.given(opened())
                .when(asked(new CloseIssue(duplicateOf("slow-checkout"))))
                .expectEvents(duplicateOf("slow-checkout"));
    }
}
