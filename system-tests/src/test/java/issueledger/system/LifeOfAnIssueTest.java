package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.system.Ledger.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedLedger.class)
class LifeOfAnIssueTest {
    private static final String ISSUE = "/issues/slow-process";

    /** From the symptom to the confirmed fix, each line a command and its body. */
    private static final List<List<String>> LIFE = List.of(
            List.of(
                    "assess-impact",
                    "{'severity':'HIGH','affectedUsers':{'description':'15% of users','percentage':15}}"),
            List.of(
                    "record-metric",
                    "{'kind':'BASELINE','name':'latency','statistic':'P95','unit':'ms','value':5200,'better':'LOWER'}"),
            List.of("record-metric", "{'kind':'TARGET','name':'latency','statistic':'P95','unit':'ms','value':500}"),
            List.of("record-root-cause", "{'technicalCause':'The query scans a table without an index.'}"),
            List.of("propose-solution", "{'approach':'Index what the join reads.','schemaUpdates':['An index']}"),
            List.of("plan-phases", "{'phases':[{'name':'Index','plannedEnd':'2026-02-20'},{'name':'Monitoring'}]}"),
            List.of("define-testing-strategy", "{'performanceTests':['50 virtual users']}"),
            List.of("assign-issue", "{'assignee':'tomas'}"),
            List.of("change-labels", "{'add':['database']}"),
            List.of("link-file", "{'path':'src/api/routes/data.py','purpose':'Main endpoint logic'}"),
            List.of("add-reference", "{'title':'Building indexes concurrently'}"),
            List.of("start-work", "{'startedOn':'2026-02-14'}"),
            List.of("record-note", "{'kind':'DECISION','text':'Tenant first, then reference.'}"),
            List.of(
                    "correct-note",
                    "{'note':1,'text':'Reference first, then tenant.','reason':'Written the wrong way round'}"),
            List.of("advance-phase", "{'phase':1,'outcome':'The index is in place.'}"),
            List.of("start-testing", "{}"),
            List.of("record-test-run", "{'kind':'PERFORMANCE','outcome':'FAILED','failed':1}"),
            List.of("return-to-work", "{'reason':'The performance test failed'}"),
            List.of("start-testing", "{}"),
            List.of("record-test-run", "{'kind':'PERFORMANCE','outcome':'PASSED','passed':1}"),
            List.of("mark-fixed", "{'release':'2.14.0'}"),
            List.of("advance-phase", "{'phase':2}"),
            List.of("record-metric", "{'kind':'MEASURED','name':'latency','statistic':'P95','unit':'ms','value':34}"),
            List.of("withdraw-metric", "{'metric':3,'reason':'A digit is missing'}"),
            List.of(
                    "record-metric",
                    "{'kind':'MEASURED','name':'latency','statistic':'P95','unit':'ms','value':340,'samples':[338,340.5,341],'run':{'tool':'k6'}}"),
            List.of("close", "{'resolution':'CONFIRMED'}"));

    @Test
    void an_issue_goes_from_open_to_closed_and_every_version_is_replayed_as_it_was_read_then(Ledger ledger) {
        Map<Long, JsonNode> readThen = new LinkedHashMap<>();
        Answer opened = ledger.post(
                "/issues",
                json("{'id':'slow-process','title':'Slow','description':{'text':'More than 5 s.'}}"),
                "X-Actor",
                "mara");
        assertThat(opened.status()).as(opened.text()).isEqualTo(201);
        assertThat(opened.header("Location")).isEqualTo(ISSUE);
        assertThat(ledger.data().resolve("events.db")).isNotEmptyFile();
        readThen.put(1L, readAt(ledger, opened));

        for (List<String> step : LIFE) {
            Answer accepted = ledger.post(ISSUE + "/" + step.get(0), json(step.get(1)), "X-Actor", "tomas");
            assertThat(accepted.status()).as(step + " " + accepted.text()).isEqualTo(200);
            readThen.put(accepted.json().at("/version").longValue(), readAt(ledger, accepted));
        }

        JsonNode closed = ledger.get(ISSUE).json();
        assertThat(closed.at("/status").stringValue()).isEqualTo("CLOSED");
        assertThat(closed.at("/metrics/0/targetMet").booleanValue()).isTrue();
        long last = closed.at("/version").longValue();
        for (long version = 1; version <= last; version++) {
            Answer replayed = ledger.get(ISSUE + "?version=" + version);
            assertThat(replayed.status()).as(replayed.text()).isEqualTo(200);
            assertThat(replayed.json().at("/version").longValue()).isEqualTo(version);
            if (readThen.containsKey(version)) {
                assertThat(replayed.json()).isEqualTo(readThen.get(version));
            }
        }
        assertThat(ledger.get(ISSUE + "?version=" + (last + 1)).status()).isEqualTo(404);
        assertThat(ledger.get(ISSUE + "/timeline").json().at("/items")).hasSize((int) last);
        assertThat(ledger.get(ISSUE + "/events")
                        .json()
                        .at("/items")
                        .valueStream()
                        .map(e -> e.at("/actor").stringValue()))
                .startsWith("mara")
                .last()
                .isEqualTo("tomas");
    }

    private static JsonNode readAt(Ledger ledger, Answer accepted) {
        Answer read = ledger.get(ISSUE, "Ledger-Min-Position", accepted.header("Ledger-Position"));
        assertThat(read.status()).as(read.text()).isEqualTo(200);
        assertThat(read.header("ETag")).isEqualTo(accepted.header("ETag"));
        return read.json();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
