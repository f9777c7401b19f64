package issueledger.audit;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.Rfc3339;
import issueledger.log.AppendResult.Appended;
import issueledger.query.QueryServiceTest;
import org.junit.jupiter.api.Test;

/** {@code GET /audit/head}. */
class AuditHttpTest extends QueryServiceTest {

    @Test
    void the_head_stands_for_the_whole_log() {
        record("head-1", OPENED);
        long commits = query.get("/audit/head").json().get("commits").asLong();
        Appended last = record("head-1", STARTED);

        assertThat(query.get("/audit/head").body())
                .isEqualTo(
                        "{\"position\":%1$d,\"hash\":\"%2$s\",\"events\":%1$d,\"commits\":%3$d,\"recordedAt\":\"%4$s\"}"
                                .formatted(last.last(), last.hash(), commits + 1, Rfc3339.format(last.recordedAt())));
    }
}
