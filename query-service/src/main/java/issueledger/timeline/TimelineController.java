package issueledger.timeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import issueledger.axon.EventReader;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.DescriptionRevised;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.IssueEvent.IssueAssigned;
import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.IssueFixed;
import issueledger.events.IssueEvent.IssueOpened;
import issueledger.events.IssueEvent.IssueReopened;
import issueledger.events.IssueEvent.LabelsChanged;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.MetricWithdrawn;
import issueledger.events.IssueEvent.NoteCorrected;
import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.IssueEvent.PhaseCompleted;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.IssueEvent.ReferenceAdded;
import issueledger.events.IssueEvent.ReferenceRemoved;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.IssueEvent.RelatedFileUnlinked;
import issueledger.events.IssueEvent.RootCauseRecorded;
import issueledger.events.IssueEvent.SolutionProposed;
import issueledger.events.IssueEvent.TestRunRecorded;
import issueledger.events.IssueEvent.TestingStarted;
import issueledger.events.IssueEvent.TestingStrategyDefined;
import issueledger.events.IssueEvent.WorkResumed;
import issueledger.events.IssueEvent.WorkStarted;
import issueledger.history.EventItem;
import issueledger.history.HistoryController;
import issueledger.http.Page;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** An issue's events as one ordered, readable list. */
@RestController
class TimelineController {
    private final EventLog log;
    private final EventReader reader;

    TimelineController(EventLog log, EventReader reader) {
        this.log = log;
        this.reader = reader;
    }

    /** The subject of a step. An event of an unknown type is a REVISION. */
    enum Kind {
        STATUS(
                IssueOpened.class,
                WorkStarted.class,
                TestingStarted.class,
                WorkResumed.class,
                IssueFixed.class,
                IssueClosed.class,
                IssueReopened.class),
        PHASE(PhasesPlanned.class, PhaseStarted.class, PhaseCompleted.class),
        NOTE(NoteRecorded.class, NoteCorrected.class),
        METRIC(MetricRecorded.class, MetricWithdrawn.class),
        TEST_RUN(TestRunRecorded.class),
        REVISION(
                DescriptionRevised.class,
                RootCauseRecorded.class,
                ImpactAssessed.class,
                SolutionProposed.class,
                TestingStrategyDefined.class,
                RelatedFileLinked.class,
                RelatedFileUnlinked.class,
                ReferenceAdded.class,
                ReferenceRemoved.class,
                IssueAssigned.class,
                LabelsChanged.class);

        private static final Map<String, Kind> BY_TYPE = Arrays.stream(IssueEvent.class.getPermittedSubclasses())
                .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Kind::of));

        @SuppressWarnings("ImmutableEnumChecker") // Set.of.
        private final Set<Class<?>> types;

        Kind(Class<?>... types) {
            this.types = Set.of(types);
        }

        private static Kind of(Class<?> type) {
            return Arrays.stream(values())
                    .filter(kind -> kind.types.contains(type))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(type.getSimpleName() + " has no kind of step"));
        }

        /** By the recorded type, so that an event with an unreadable payload has its kind too. */
        static Kind of(String type) {
            return BY_TYPE.getOrDefault(type, REVISION);
        }
    }

    /** One event with a readable line and its payload. */
    record Step(
            Kind kind,
            @Nullable Instant at,
            Instant recordedAt,
            @Nullable String by,
            long version,
            long position,
            String title,
            @JsonRawValue String detail,

            @JsonInclude(JsonInclude.Include.NON_NULL) EventItem.@Nullable Erased erased) {}

    @GetMapping(path = "/issues/{id}/timeline", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<Step> timeline(
            @PathVariable String id,
            @RequestParam @Nullable String kind,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable String cursor,
            @RequestParam @Nullable String limit) {
        Kind wanted = Parameters.oneOf("kind", kind, Kind.class);
        int most = Parameters.limit(limit, HistoryController.MAX_EVENTS, HistoryController.DEFAULT_EVENTS);
        List<Step> steps = log.readStream(id, Parameters.after(after, cursor))
                .filter(event -> wanted == null || Kind.of(event.type()) == wanted)
                .limit(most + 1L)
                .map(this::step)
                .toList();
        if (steps.isEmpty() && !log.hasStream(id)) {
            throw Problem.unknownIssue(id);
        }
        return Page.of(steps, most, step -> Long.toString(step.version()));
    }

    private Step step(RecordedEvent event) {
        EventItem item = EventItem.of(event);
        return new Step(
                Kind.of(event.type()),
                item.effectiveAt() == null ? event.recordedAt() : item.effectiveAt(),
                event.recordedAt(),
                item.actor(),
                event.version(),
                event.position(),
                title(event),
                item.payload(),
                item.erased());
    }

    private String title(RecordedEvent event) {
        try {
            return String.join(
                    "; ", reader.read(event).events().stream().map(Titles::of).toList());
        } catch (EventReader.UnreadableEvent e) {
            return event.type() + " (this event cannot be read)";
        }
    }
}
