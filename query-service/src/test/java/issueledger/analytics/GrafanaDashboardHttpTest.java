package issueledger.analytics;

import static issueledger.query.Happenings.CONFIRMED;
import static issueledger.query.Happenings.FIXED;
import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.latency;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.events.IssueEvent.PhaseCompleted;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.IssueExamples;
import issueledger.events.MetricKind;
import issueledger.query.QueryServiceTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The dashboard of docs/grafana: each of its URLs is answered, with each field that it shows. */
class GrafanaDashboardHttpTest extends QueryServiceTest {
    private static final Path DASHBOARD = Path.of("../docs/grafana/issue-ledger.json");

    private List<JsonNode> targets() throws IOException {
        List<JsonNode> targets = new ArrayList<>();
        EventJson.MAPPER
                .readTree(Files.readString(DASHBOARD))
                .get("panels")
                .forEach(panel -> panel.get("targets").forEach(targets::add));
        return targets;
    }

    @Test
    void each_url_is_answered_with_the_fields_of_its_columns() throws IOException {
        CLOCK.pass(Duration.ofDays(1));
        record(
                "grafana-1",
                OPENED,
                IssueExamples.plan("Fix"),
                STARTED,
                new PhaseStarted(1),
                new PhaseCompleted(1, null),
                latency(MetricKind.BASELINE, "5200"),
                latency(MetricKind.MEASURED, "340"),
                TESTING,
                FIXED,
                CONFIRMED);
        record("grafana-2", OPENED);
        CLOCK.pass(Duration.ofDays(1));

        assertThat(targets()).hasSizeGreaterThan(5);
        for (JsonNode target : targets()) {
            String url = target.get("url")
                    .stringValue()
                    .replace("${ledger}", "")
                    .replace("${__from:date:iso}", "2020-01-01T00:00:00.000Z")
                    .replace("${__to:date:iso}", "2030-01-01T00:00:00.000Z")
                    .replace("${bucket}", "month");
            var answer = query.get(url);
            assertThat(answer.status()).as("%s: %s", url, answer.body()).isEqualTo(200);
            JsonNode root = answer.json().get(target.get("root_selector").stringValue());
            JsonNode row = root.isArray() ? root.get(root.size() - 1) : root;
            target.get("columns").forEach(column -> {
                String field = "/" + column.get("selector").stringValue().replace('.', '/');
                assertThat(row.at(field).isMissingNode())
                        .as("%s of %s in %s", field, url, row)
                        .isFalse();
            });
        }
    }
}
