package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that generators make of the OpenAPI documents live the life of an issue, send commands in bulk and tell events apart. */
@Tag("full")
class GeneratedClientsTest {
    @TempDir
    private static Path folder;

    private static Ledger ledger;

    @BeforeAll
    static void startALedgerOfItsOwn() {
        ledger = Ledger.start(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static Path resources(String name) {
        return Ledger.home().resolve("system-tests/src/test/resources").resolve(name);
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    private static Path document(Path to, String name, int port) throws IOException {
        return Files.writeString(
                to.resolve(name + ".json"), Ledger.get(port, "/v3/api-docs").text());
    }

    @Test
    void of_openapi_python_client() throws IOException {
        Path programs = Programs.fromPyPi("openapi-python-client", "openapi-python-client==0.29.1");
        Path place = Files.createDirectory(folder.resolve("python"));
        for (Map.Entry<String, Integer> service : Map.of(
                        "commands", ledger.commandPort(), "queries", ledger.queryPort())
                .entrySet()) {
            String name = "issue_ledger_" + service.getKey();
            // The generator knows no lines of JSON: they are bytes to it.
            Path settings = Files.writeString(place.resolve(name + ".yaml"), """
                package_name_override: %s
                content_type_overrides: {application/x-ndjson: application/octet-stream}
                """.formatted(name));
            Programs.run(
                    place,
                    programs.resolve("openapi-python-client").toString(),
                    "generate",
                    "--path=" + document(place, name, service.getValue()),
                    "--config=" + settings,
                    "--output-path=" + place.resolve(name),
                    "--meta=none");
        }
        assertThat(Programs.run(
                        place,
                        Map.of("PYTHONPATH", place.toString()),
                        programs.resolve("python").toString(),
                        resources("clients/life.py").toString(),
                        url(ledger.commandPort()),
                        url(ledger.queryPort())))
                .contains("events, each of its own class");
    }

    @Test
    void of_openapi_typescript() throws IOException {
        Path modules = Programs.fromNpm(
                "openapi-typescript",
                "openapi-typescript@7.13.0",
                "openapi-fetch@0.14.1",
                "typescript@5.9.3",
                "@types/node@20");
        // Beside node_modules, where the compiler looks for them.
        Path place = Files.createDirectories(modules.resolveSibling("life"));
        for (Map.Entry<String, Integer> service : Map.of(
                        "commands", ledger.commandPort(), "queries", ledger.queryPort())
                .entrySet()) {
            Programs.run(
                    place,
                    "node",
                    modules.resolve("openapi-typescript/bin/cli.js").toString(),
                    document(place, service.getKey(), service.getValue()).toString(),
                    "--output=" + place.resolve(service.getKey() + ".d.ts"));
        }
        Files.writeString(place.resolve("life.ts"), Files.readString(resources("clients/life.ts")));
        Programs.run(
                place,
                "node",
                modules.resolve("typescript/bin/tsc").toString(),
                "--strict",
                "--skipLibCheck",
                "--module",
                "nodenext",
                "--moduleResolution",
                "nodenext",
                "--target",
                "es2022",
                "--types",
                "node",
                "life.ts");
        assertThat(Programs.run(place, "node", "life.js", url(ledger.commandPort()), url(ledger.queryPort())))
                .contains("9 events, each of its own type");
    }
}
