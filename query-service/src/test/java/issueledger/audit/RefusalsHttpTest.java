package issueledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.query.QueryServiceTest;
import issueledger.refusals.Refusals;
import issueledger.refusals.RefusedCommand;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** {@code GET /audit/refusals}. */
class RefusalsHttpTest extends QueryServiceTest {
    @Autowired
    private Refusals refusals;

    @Test
    void they_are_listed_oldest_first_filtered_and_paged() {
        refusals.keep(IntStream.range(0, 5).mapToObj(RefusalsHttpTest::refused).toList());

        JsonNode all = query.get("/audit/refusals?actor=refused").json();
        assertThat(all.get("items")).hasSize(5);
        assertThat(all.get("nextCursor").isNull()).isTrue();
        JsonNode first = all.at("/items/0");
        assertThat(first.toString())
                .isEqualTo("{\"id\":" + first.get("id").asLong()
                        + ",\"at\":\"2026-03-01T08:00:00.000Z\",\"command\":\"close\",\"issueId\":\"r-0\",\"actor\":\"refused\",\"status\":409,\"type\":\"/problems/rejected\",\"reason\":\"WRONG_STATUS\",\"detail\":\"The"
                        + " issue is OPEN.\",\"traceId\":\"0af7651916cd43dd8448eb211c80319c\"}");

        JsonNode page = query.get("/audit/refusals?actor=refused&limit=2").json();
        assertThat(page.get("items")).hasSize(2);
        JsonNode next = query.get("/audit/refusals?actor=refused&limit=3&after="
                        + page.get("nextCursor").asString())
                .json();
        assertThat(next.get("items")).hasSize(3);
        assertThat(next.at("/items/0/issueId").asString()).isEqualTo("r-2");
        assertThat(next.get("nextCursor").isNull()).isTrue();

        assertThat(query.get("/audit/refusals?issueId=r-3&command=close&reason=WRONG_STATUS")
                        .json()
                        .get("items"))
                .hasSize(1);
        assertThat(query.get("/audit/refusals?issueId=r-3&reason=LIMIT_REACHED")
                        .json()
                        .get("items"))
                .isEmpty();
    }

    @Test
    void a_bad_parameter_is_400() {
        for (String bad : List.of(
                "limit=0",
                "limit=1001",
                "limit=x",
                "after=-1",
                "after=x",
                "status=409",
                "command=RecordNote",
                "command=",
                "reason=wrong_status",
                "issueId=bad%20id",
                "actor=",
                "actor=%20")) {
            assertThat(query.get("/audit/refusals?" + bad).status()).as(bad).isEqualTo(400);
        }
    }

    private static RefusedCommand refused(int number) {
        return new RefusedCommand(
                0,
                Instant.parse("2026-03-01T08:00:00Z"),
                "close",
                "r-" + number,
                "refused",
                409,
                "/problems/rejected",
                "WRONG_STATUS",
                "The issue is OPEN.",
                "0af7651916cd43dd8448eb211c80319c");
    }
}
