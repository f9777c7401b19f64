package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Schemathesis makes good and bad requests of the OpenAPI documents and holds the answers against them, with all its checks.
 * {@code schemathesis/hooks.py} names the clauses of the contract that no schema can say.
 */
@Tag("full")
class SchemathesisTest {
    private static final String CLOSED = """
        {"command":"open-issue","body":{"id":"closed-%1$d","title":"Slow","description":{"text":"5 s"}}}
        {"command":"close","issueId":"closed-%1$d","body":{"resolution":"WONT_FIX","reason":"too dear"}}
        """;

    @TempDir
    private static Path folder;

    private static Ledger ledger;

    /** With the ten closed issues that a forecast needs. */
    @BeforeAll
    static void startALedgerOfItsOwn() {
        ledger = Ledger.start(folder.resolve("data"));
        String lines = IntStream.rangeClosed(1, 10).mapToObj(CLOSED::formatted).collect(Collectors.joining());
        Ledger.send(ledger.commandPort(), "POST", "/commands", lines, "Content-Type", "application/x-ndjson");
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_found(Service.Kind kind) {
        Path programs = Programs.fromPyPi("schemathesis", "schemathesis==4.32.5");
        int port = kind == Service.Kind.COMMAND ? ledger.commandPort() : ledger.queryPort();
        assertThat(Programs.run(
                        folder,
                        Map.of(
                                "SCHEMATHESIS_HOOKS",
                                "hooks",
                                "PYTHONPATH",
                                Ledger.home()
                                        .resolve("system-tests/src/test/resources/schemathesis")
                                        .toString()),
                        programs.resolve("schemathesis").toString(),
                        "run",
                        "http://127.0.0.1:" + port + "/v3/api-docs",
                        "--exclude-checks=positive_data_acceptance,not_a_server_error", // The hooks call them.
                        "--exclude-path=/events/stream", // It does not end.
                        "--phases=examples,fuzzing",
                        "--max-examples=4",
                        "--max-time=25",
                        "--seed=1",
                        "--no-shrink",
                        "--continue-on-failure",
                        "--request-timeout=20",
                        "--workers=2",
                        "--no-color"))
                .contains("passed");
    }
}
