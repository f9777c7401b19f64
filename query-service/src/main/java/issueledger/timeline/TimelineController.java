package issueledger.timeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import issueledger.axon.EventReader;
import issueledger.history.EventItem;
import issueledger.history.HistoryController;
import issueledger.http.Page;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** An issue's events as one ordered, readable list. */
@RestController
class TimelineController {
    private static final int SCAN = 1_000;

    private final EventLog log;
    private final EventReader reader;

    TimelineController(EventLog log, EventReader reader) {
        this.log = log;
        this.reader = reader;
    }

    /** What a step is about. */
    enum Kind {
        STATUS,
        PHASE,
        NOTE,
        METRIC,
        TEST_RUN,
        REVISION;

        static Kind of(String type) {
            return switch (type) {
                case "IssueOpened",
                        "WorkStarted",
                        "TestingStarted",
                        "WorkResumed",
                        "IssueFixed",
                        "IssueClosed",
                        "IssueReopened" -> STATUS;
                case "PhasesPlanned", "PhaseStarted", "PhaseCompleted" -> PHASE;
                case "NoteRecorded", "NoteCorrected" -> NOTE;
                case "MetricRecorded" -> METRIC;
                case "TestRunRecorded" -> TEST_RUN;
                default -> REVISION;
            };
        }
    }

    /** One event, with a readable line and its payload. */
    record Step(
            Kind kind,
            @Nullable Instant at,
            Instant recordedAt,
            @Nullable String by,
            long version,
            long position,
            String title,
            @JsonRawValue String detail,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            EventItem.Erased erased) {}

    @GetMapping(path = "/issues/{id}/timeline", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<Step> timeline(
            @PathVariable String id,
            @RequestParam @Nullable String kind,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable String limit) {
        Kind wanted = Parameters.oneOf("kind", kind, Kind.class);
        int most = Parameters.limit(limit, HistoryController.MOST, HistoryController.USUAL);
        List<Step> steps = new ArrayList<>();
        long from = Parameters.position("after", after);
        List<RecordedEvent> events = log.readStream(id, from, SCAN);
        if (events.isEmpty() && log.readStream(id, 0, 1).isEmpty()) {
            throw Problem.unknownIssue(id);
        }
        while (!events.isEmpty() && steps.size() <= most) {
            for (RecordedEvent event : events) {
                if (steps.size() <= most && (wanted == null || Kind.of(event.type()) == wanted)) {
                    steps.add(step(event));
                }
                from = event.version();
            }
            events = log.readStream(id, from, SCAN);
        }
        boolean more = steps.size() > most;
        List<Step> page = more ? steps.subList(0, most) : steps;
        return new Page<>(page, more ? Long.toString(page.get(most - 1).version()) : null);
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
