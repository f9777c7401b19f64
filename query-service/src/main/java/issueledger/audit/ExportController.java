package issueledger.audit;

import issueledger.admission.AdmissionValve;
import issueledger.admission.Turns.Turn;
import issueledger.events.EventJson;
import issueledger.history.YieldingStream;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.tlog.Prover;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Exports a part of the log with everything that a verifier needs. */
@RestController
class ExportController {
    /** Maximum events of an answer in memory at a time; the log also bounds their characters. */
    private static final int CHUNK = 200;

    private final EventLog log;
    private final Prover prover;

    ExportController(EventLog log, Prover prover) {
        this.log = log;
        this.prover = prover;
    }

    /** Exports the commits of the positions {@code from} to {@code to}; up to the head of the request's start without {@code to}. */
    @GetMapping(path = "/audit/export", produces = MediaType.APPLICATION_NDJSON_VALUE)
    ResponseEntity<StreamingResponseBody> export(
            @RequestParam @Nullable String from, @RequestParam @Nullable String to, HttpServletRequest request) {
        long first = Math.max(1, Parameters.position("from", from));
        long last = Parameters.position("to", to);
        if (from != null && to != null && Parameters.position("from", from) > last) {
            throw Problem.malformedParameter("from", "must not be after to");
        }
        ExportHead head = ExportHead.of(log, first, to == null ? Long.MAX_VALUE : last, prover::checkpointOf);
        List<RecordedEvent> chunk = read(head.from() - 1, head.to());
        Turn turn = AdmissionValve.turnOf(request);
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_NDJSON).body(out -> {
            OutputStream lines = YieldingStream.around(out, turn);
            write(head, lines);
            for (List<RecordedEvent> next = chunk; !next.isEmpty(); ) {
                for (RecordedEvent event : next) {
                    write(ExportedEvent.of(event), lines);
                }
                next = read(next.getLast().position(), head.to());
            }
            lines.flush();
        });
    }

    private List<RecordedEvent> read(long after, long to) {
        return after >= to ? List.of() : log.read(after, (int) Math.min(CHUNK, to - after));
    }

    private static void write(Object line, OutputStream out) throws IOException {
        out.write(EventJson.MAPPER.writeValueAsBytes(line));
        out.write('\n');
    }
}
