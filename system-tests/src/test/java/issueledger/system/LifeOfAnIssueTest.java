package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.system.Ledger.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifeOfAnIssueTest {

    @Test
    void an_issue_is_opened_over_http_and_read_back_from_its_view(@TempDir Path data) {
        try (Ledger ledger = Ledger.start(data)) {
            Answer opened = ledger.post(
                    "/issues", "{\"id\":\"slow-orders\",\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}");
            assertThat(opened.status()).as(opened.text()).isEqualTo(201);
            assertThat(data.resolve("events.db")).isNotEmptyFile();

            Answer read = ledger.get("/issues/slow-orders", "Ledger-Min-Position", opened.header("Ledger-Position"));
            assertThat(read.status()).as(read.text()).isEqualTo(200);
            assertThat(read.json().at("/title").stringValue()).isEqualTo("Slow");
            assertThat(read.header("ETag")).isEqualTo("\"1\"");
        }
    }
}
