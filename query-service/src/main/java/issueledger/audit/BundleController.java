package issueledger.audit;

import issueledger.admission.AdmissionValve;
import issueledger.admission.Turns.Turn;
import issueledger.events.EventJson;
import issueledger.history.YieldingStream;
import issueledger.http.Problem;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.projections.ReadYourWritesFilter;
import issueledger.proof.Hash;
import issueledger.tlog.Prover;
import jakarta.servlet.http.HttpServletRequest;
import java.io.OutputStream;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.core.JsonGenerator;

/** An issue's whole history with its proofs, for offline use. Written as it is read: a {@link Bundle}. */
@RestController
class BundleController {
    /** Maximum events of an answer in memory at a time. */
    private static final int CHUNK = 200;

    private final EventLog log;
    private final Prover prover;

    BundleController(EventLog log, Prover prover) {
        this.log = log;
        this.prover = prover;
    }

    /**
     * The issue's events up to the last signed checkpoint. {@code Ledger-Min-Position} is a position that the checkpoint must cover, so that
     * a client gets the proof of what it wrote.
     */
    @GetMapping(path = "/issues/{id}/proof", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<StreamingResponseBody> bundle(@PathVariable String id, HttpServletRequest request) {
        List<RecordedEvent> first = log.readStream(id, 0, CHUNK);
        if (first.isEmpty()) {
            throw Problem.unknownIssue(id);
        }
        Prover.Basis basis =
                prover.basis(Math.max(first.getFirst().position(), ReadYourWritesFilter.minPosition(request)));
        prover.inclusion(basis, first.getFirst()); // What proves nothing is told before the answer begins.
        Turn turn = AdmissionValve.turnOf(request);
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(out -> {
            OutputStream some = YieldingStream.around(out, turn);
            try (JsonGenerator json = EventJson.MAPPER.createGenerator(some)) {
                json.writeStartObject();
                json.writeStringProperty("format", Bundle.FORMAT);
                json.writeStringProperty("issueId", id);
                json.writeStringProperty("checkpoint", basis.note());
                json.writeArrayPropertyStart("events");
                for (List<RecordedEvent> next = first; !next.isEmpty(); ) {
                    for (RecordedEvent event : next) {
                        if (event.position() <= basis.size()) {
                            json.writePOJO(proven(basis, event));
                        }
                    }
                    RecordedEvent last = next.getLast();
                    next = last.position() > basis.size() ? List.of() : log.readStream(id, last.sequence() + 1, CHUNK);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            some.flush();
        });
    }

    private ProvenEvent proven(Prover.Basis basis, RecordedEvent event) {
        return new ProvenEvent(
                ExportedEvent.of(event),
                event.position() - 1,
                prover.inclusion(basis, event).stream().map(Hash::base64).toList());
    }
}
