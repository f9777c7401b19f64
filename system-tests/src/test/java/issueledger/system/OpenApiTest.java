package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.system.Ledger.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The OpenAPI documents of both services: that their examples are real, and that a linter has nothing to say. */
@Tag("full")
class OpenApiTest {
    /** Set it to write the examples anew, as they are answered now: {@code -Dexamples.record=true}. */
    private static final boolean RECORDING = Boolean.getBoolean("examples.record");

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path folder;

    private static Ledger ledger;

    @BeforeAll
    static void startALedgerOfItsOwn() {
        ledger = Ledger.start(folder.resolve("data")).heldToItsDocuments();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    @Test
    void the_examples_are_what_a_ledger_answers_and_the_documents_tell_of_it_all() throws IOException {
        long position = play(ledger.commandPort(), "command-service", 0);
        play(ledger.queryPort(), "query-service", position);

        assertThat(Contract.checked(ledger.commandPort())).isGreaterThan(40);
        assertThat(Contract.checked(ledger.queryPort())).isGreaterThan(15);
    }

    /** Repeats the requests of the service's examples and compares the answers; returns the last position. */
    private static long play(int port, String service, long atLeast) throws IOException {
        Path file = Ledger.home().resolve(service + "/src/main/resources/issueledger/openapi/examples.json");
        ArrayNode exchanges = (ArrayNode) JSON.readTree(Files.readString(file));
        long position = atLeast;
        for (JsonNode each : exchanges) {
            ObjectNode exchange = (ObjectNode) each;
            Answer answer = ask(port, exchange, atLeast);
            String told = answer.header("Ledger-Position");
            position = told.isEmpty() ? position : Math.max(position, Long.parseLong(told));
            String type = answer.header("Content-Type").split(";")[0];
            JsonNode body = type.matches(".*[/+]json") ? answer.json() : JSON.valueToTree(answer.text());
            if (RECORDING) {
                exchange.put("status", answer.status()).put("type", type).set("answer", body);
            }
            assertThat(answer.status())
                    .as("%s %s", exchange.get("path"), answer.text())
                    .isEqualTo(exchange.path("status").intValue());
            assertThat(type).isEqualTo(exchange.path("type").asString());
            assertThat(steady(body))
                    .as("%s; -Dexamples.record=true writes what is answered now", exchange.get("path"))
                    .isEqualTo(steady(exchange.path("answer")));
        }
        if (RECORDING) {
            DefaultIndenter indent = new DefaultIndenter("  ", "\n");
            DefaultPrettyPrinter printer =
                    new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent);
            Files.writeString(
                    file, JSON.writer().with(printer).writeValueAsString(exchanges) + "\n", StandardCharsets.UTF_8);
        }
        return position;
    }

    private static Answer ask(int port, ObjectNode exchange, long atLeast) {
        List<String> headers = new ArrayList<>();
        exchange.get("headers").forEachEntry((name, value) -> headers.addAll(List.of(name, value.stringValue())));
        if (atLeast > 0) {
            headers.addAll(List.of("Ledger-Min-Position", Long.toString(atLeast)));
        }
        JsonNode body = exchange.get("body");
        return Ledger.send(
                port,
                body.isNull() ? "GET" : "POST",
                exchange.get("path").stringValue(),
                body.isNull() ? "" : body.isString() ? body.stringValue() : body.toString(),
                headers.toArray(String[]::new));
    }

    /** Replaces values that differ in each run: times, hashes, trace ids, UUIDs and ports. */
    private static String steady(JsonNode answer) {
        return answer.toString()
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z", "<time>")
                .replaceAll("(?<=\"nextCursor\":\")[\\w-]{20,}", "<cursor>") // It holds the last issue's id.
                .replaceAll("\\b[0-9a-f]{64}\\b", "<hash>")
                .replaceAll("\\b[0-9a-f]{32}\\b", "<trace>")
                .replaceAll("\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b", "<uuid>");
    }

    @Test
    void redocly_and_spectral_find_no_error() throws IOException {
        Path redocly = Programs.fromNpm("redocly", "@redocly/cli@2.77.0").resolve("@redocly/cli/bin/cli.js");
        Path spectral = Programs.fromNpm("spectral", "@stoplight/spectral-cli@6.16.3")
                .resolve("@stoplight/spectral-cli/dist/index.js");
        Path rules = Files.writeString(folder.resolve("spectral.yaml"), "extends: [\"spectral:oas\"]\n");
        for (int port : new int[] {ledger.commandPort(), ledger.queryPort()}) {
            Path file = folder.resolve(port + ".json");
            Files.writeString(file, Ledger.get(port, "/v3/api-docs").text());
            assertThat(Programs.run(
                            folder,
                            "node",
                            redocly.toString(),
                            "lint",
                            "--extends=recommended-strict",
                            // The addresses in the page are relative to /ui/.
                            "--skip-rule=no-path-trailing-slash",
                            "--format=stylish",
                            file.toString()))
                    .contains("Your API description is valid");
            assertThat(Programs.run(folder, "node", spectral.toString(), "lint", "--ruleset=" + rules, file.toString()))
                    .contains("0 errors");
        }
    }

    @Test
    void requests_are_closed_answers_are_open_and_every_array_has_items() {
        for (int port : new int[] {ledger.commandPort(), ledger.queryPort()}) {
            JsonNode document = Ledger.get(port, "/v3/api-docs").json();
            document.findValues("requestBody")
                    .forEach(body -> body.findValues("schema").forEach(schema -> closed(document, schema)));
            schemas(document.get("components").get("schemas"));
            schemas(document.get("paths"));
        }
        JsonNode events = Ledger.get(ledger.queryPort(), "/v3/api-docs").json().at("/components/schemas");
        events.at("/EventItem/discriminator/mapping").forEachEntry((type, reference) -> {
            JsonNode event = events.get(reference.asString().replaceFirst(".*/", ""));
            assertThat(event.at("/properties/type/const").asString()).isEqualTo(type);
            assertThat(event.at("/properties/payload/$ref").asString()).endsWith("/" + type);
            assertThat(event.has("additionalProperties")).isFalse();
        });
        assertThat(events.at("/EventItem/oneOf")).hasSizeGreaterThan(20);
    }

    private static void closed(JsonNode document, JsonNode schema) {
        JsonNode whole = schema.has("$ref")
                ? document.at(schema.get("$ref").stringValue().substring(1))
                : schema;
        if (whole.has("properties")) {
            assertThat(whole.path("additionalProperties").asBoolean(true))
                    .as("%s", schema)
                    .isFalse();
        }
    }

    private static void schemas(JsonNode part) {
        JsonNode type = part.path("type");
        if (type.asString("").equals("array")
                || type.valueStream().anyMatch(each -> each.asString("").equals("array"))) {
            assertThat(part.has("items")).as("%s", part).isTrue();
        }
        part.values().forEach(OpenApiTest::schemas);
    }
}
