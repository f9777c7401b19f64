package issueledger.audit;

import issueledger.admission.Admission;
import issueledger.admission.Traffic.Lane;
import issueledger.admission.Turns;
import issueledger.events.EventJson;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.http.Problems;
import issueledger.log.EventLog;
import issueledger.log.LogVerifier.KeptHead;
import issueledger.log.Unavailable;
import issueledger.projections.Projections;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Verifies the log and the views, one request at a time. */
@RestController
class VerifyController {
    private static final Logger LOG = LoggerFactory.getLogger(VerifyController.class);
    private static final String RETRY_AFTER_SECONDS = "30";

    private final EventLog log;
    private final Projections projections;
    private final Turns singles;
    final Semaphore place = new Semaphore(1);

    VerifyController(EventLog log, Projections projections, Admission admission) {
        this.log = log;
        this.projections = projections;
        this.singles = admission.turns(Lane.SINGLE);
    }

    /** A line of the answer while the verification goes on. */
    record Checked(long checked, long of) {}

    @GetMapping(path = "/audit/verify", produces = MediaType.APPLICATION_JSON_VALUE)
    void verify(
            @RequestParam @Nullable String position,
            @RequestParam @Nullable String hash,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        // White space may stand before a JSON text (RFC 8259, section 2): it shows whether the client is still there.
        verify(kept(position, hash), MediaType.APPLICATION_JSON_VALUE, progress -> new byte[] {' '}, request, response);
    }

    @GetMapping(path = "/audit/verify", produces = MediaType.APPLICATION_NDJSON_VALUE)
    void verifyInLines(
            @RequestParam @Nullable String position,
            @RequestParam @Nullable String hash,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        verify(kept(position, hash), MediaType.APPLICATION_NDJSON_VALUE, VerifyController::line, request, response);
    }

    private static @Nullable KeptHead kept(@Nullable String position, @Nullable String hash) {
        if (position == null && hash == null) {
            return null;
        }
        long at = Parameters.position("position", position);
        if (hash != null && !hash.matches("[0-9a-f]{64}")) {
            throw Problem.malformedParameter("hash", "must be 64 lower-case hex digits");
        }
        if (position == null || hash == null) {
            throw Problem.malformedParameter(
                    position == null ? "position" : "hash", "is missing: position and hash are given together");
        }
        return new KeptHead(at, hash);
    }

    private static byte[] line(Object value) {
        return (EventJson.MAPPER.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private interface Going {
        byte[] on(Checked checked);
    }

    private void verify(
            @Nullable KeptHead kept, String type, Going going, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        if (!place.tryAcquire()) {
            throw new Problem(
                            ProblemType.OVERLOADED,
                            "Another verification is under way, and there is one at a time: try again later.")
                    .header("Retry-After", RETRY_AFTER_SECONDS);
        }
        try {
            Pace pace = new Pace(singles, (checked, of) -> {
                try {
                    response.setContentType(type);
                    response.getOutputStream().write(going.on(new Checked(checked, of)));
                    response.flushBuffer();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            byte[] verdict = line(new Verification(log, projections, kept, pace).run());
            response.setContentType(type);
            response.getOutputStream().write(verdict);
        } catch (UncheckedIOException e) {
            LOG.info("a verification ends: its client has left");
        } catch (Problem | Unavailable e) {
            if (!response.isCommitted()) {
                throw e;
            }
            Problem problem = e instanceof Problem known ? known : Problems.unavailable((Unavailable) e, request);
            Problems.write(problem, request, response); // In place of the verdict.
        } finally {
            place.release();
        }
    }
}
