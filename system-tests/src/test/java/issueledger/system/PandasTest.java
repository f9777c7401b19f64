package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import issueledger.mongo.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runs the example of docs/analytics.md with pandas on the demo's CSV. */
@Tag("full")
class PandasTest {
    private static final Pattern BLOCK = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);

    @Test
    void the_percentiles_of_pandas_are_those_of_the_answer(@TempDir Path folder) throws IOException {
        assumeTrue(PythonEnvironment.isPossible(), "skipped: there is no Python with venv");
        PythonEnvironment python = PythonEnvironment.with("pandas", "pandas==3.1.1");
        Matcher block = BLOCK.matcher(Files.readString(Ledger.home().resolve("docs/analytics.md")));
        assertThat(block.find()).isTrue();

        try (Ledger ledger = Ledger.start(folder.resolve("data"), "--demo")) {
            Path script = folder.resolve("example.py");
            Files.writeString(
                    script,
                    block.group(1).replace("localhost:8081", "127.0.0.1:" + ledger.queryPort())
                            + "print(list(cycles[\"cycleSeconds\"].quantile([0.5, 0.85, 0.95]).round(3)))\n");

            String printed =
                    PythonEnvironment.run(List.of(python.program("python").toString(), script.toString()));

            JsonNode cycle = ledger.get("/analytics/cycle-times?from=2026-01-01T00:00:00Z")
                    .json()
                    .at("/cycle");
            assertThat(cycle.at("/count").intValue()).isPositive();
            assertThat(printed.strip().lines().toList().getLast())
                    .isEqualTo("[" + cycle.at("/p50").doubleValue() + ", "
                            + cycle.at("/p85").doubleValue() + ", "
                            + cycle.at("/p95").doubleValue() + "]");
        }
    }
}
