package issueledger.audit;

import issueledger.log.EventLog;
import issueledger.log.LogHead;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The head of the log, for an auditor to record and compare with the log later. */
@RestController
class AuditController {
    private final EventLog log;

    AuditController(EventLog log) {
        this.log = log;
    }

    record Head(
            long position,
            String hash,
            long events,
            long commits,
            @Nullable Instant recordedAt) {}

    @GetMapping(path = "/audit/head", produces = MediaType.APPLICATION_JSON_VALUE)
    Head head() {
        LogHead head = log.head();
        // Positions are dense from 1, so the last one is also how many there are.
        return new Head(head.position(), head.hash(), head.position(), head.commits(), head.recordedAt());
    }
}
