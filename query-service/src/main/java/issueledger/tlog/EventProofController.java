package issueledger.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import java.math.BigInteger;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Proves that an event is in the log (C2SP tlog-proof). */
@RestController
class EventProofController {
    private static final MediaType TEXT = new MediaType("text", "plain", UTF_8);
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final int MOST_DIGITS = 40;

    private final EventLog log;
    private final Prover prover;

    EventProofController(EventLog log, Prover prover) {
        this.log = log;
        this.prover = prover;
    }

    @GetMapping(path = "/issues/{id}/events/{version}/proof", produces = MediaType.TEXT_PLAIN_VALUE)
    ResponseEntity<byte[]> proof(@PathVariable String id, @PathVariable String version) {
        long number = number(version);
        List<RecordedEvent> found = number == 0 ? List.of() : log.readStream(id, number - 1, 1);
        if (found.isEmpty()) {
            throw log.hasStream(id)
                    ? new Problem(ProblemType.UNKNOWN_VERSION, "The issue has no version " + version + ".")
                    : Problem.unknownIssue(id);
        }
        return ResponseEntity.ok()
                .contentType(TEXT)
                .body(prover.proof(found.getFirst()).getBytes(UTF_8));
    }

    /** 0 for what can be no version. */
    private static long number(String version) {
        if (!version.matches("\\d{1," + MOST_DIGITS + "}")) {
            return 0;
        }
        BigInteger number = new BigInteger(version);
        return number.compareTo(MOST) > 0 ? 0 : number.longValue();
    }
}
