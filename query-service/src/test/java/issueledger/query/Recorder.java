package issueledger.query;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.log.AppendResult.Appended;
import issueledger.log.Commit;
import issueledger.log.EventLog;
import issueledger.log.NewEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Appends events to a log as the command service would: each call is one commit. */
public final class Recorder {
    private final EventLog log;
    private final Map<String, Long> next = new HashMap<>();

    public Recorder(EventLog log) {
        this.log = log;
    }

    /** One that knows the issues which the log has. */
    public static Recorder goingOn(EventLog log) {
        Recorder recorder = new Recorder(log);
        log.read(0, 10_000).forEach(event -> recorder.next.put(event.stream(), event.sequence()));
        return recorder;
    }

    public Appended record(String issue, IssueEvent... events) {
        return record(issue, "ada", null, events);
    }

    public Appended record(String issue, String actor, @Nullable Instant effectiveAt, IssueEvent... events) {
        return append(Arrays.stream(events)
                .map(event -> event(
                        issue,
                        EventJson.typeOf(event.getClass()),
                        EventJson.revisionOf(event.getClass()),
                        EventJson.write(event),
                        metadata(actor, null, effectiveAt)))
                .toList());
    }

    /** Appends an event that no command would write. */
    public Appended recordText(String issue, String type, String revision, String payload, String metadata) {
        return append(List.of(event(issue, type, revision, payload, metadata)));
    }

    public static String metadata(String actor, @Nullable String reason, @Nullable Instant effectiveAt) {
        return """
            {"actor":"%s","reason":%s,"commandId":"c-1","correlationId":"c-1","causationId":"c-1",\
            "traceId":"0af7651916cd43dd8448eb211c80319c","idempotencyKey":null,"effectiveAt":%s}\
            """.formatted(actor, quoted(reason), quoted(effectiveAt));
    }

    private static String quoted(@Nullable Object value) {
        return value == null ? "null" : "\"" + value + "\"";
    }

    private NewEvent event(String issue, String type, String revision, String payload, String metadata) {
        long sequence = next.merge(issue, 0L, (known, first) -> known + 1);
        return new NewEvent(UUID.randomUUID().toString(), issue, sequence, type, revision, payload, metadata);
    }

    private Appended append(List<NewEvent> events) {
        var outcome = log.append(List.of(new Commit(events, null))).outcomes().get(0);
        assertThat(outcome).isInstanceOf(Appended.class);
        return (Appended) outcome;
    }
}
