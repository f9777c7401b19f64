package issueledger.system;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DemoTest {

    @Test
    void the_demo_is_loaded_once_and_all_of_it_is_still_there_after_a_restart(@TempDir Path folder) {
        try (Ledger ledger = Ledger.start(folder.resolve("data"), "--demo")) {
            JsonNode head = ledger.get("/audit/head").json();
            Map<String, JsonNode> issues = issues(ledger);
            assertThat(issues).hasSize(7);
            assertThat(issues.get("demo-data-process").at("/metrics/0/measured").intValue())
                    .isEqualTo(340);

            ledger.stop();
            ledger.startAgain("--demo");

            assertThat(ledger.get("/audit/head").json()).isEqualTo(head);
            assertThat(issues(ledger)).isEqualTo(issues);
        }
    }

    private static Map<String, JsonNode> issues(Ledger ledger) {
        return ledger.get("/issues")
                .json()
                .at("/items")
                .valueStream()
                .map(item -> item.at("/id").stringValue())
                .collect(toMap(id -> id, id -> ledger.get("/issues/" + id).json()));
    }
}
