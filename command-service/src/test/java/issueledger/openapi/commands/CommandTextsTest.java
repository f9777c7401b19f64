package issueledger.openapi.commands;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.Reason;
import issueledger.web.OverHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The texts of commands.yaml: in the OpenAPI document, and from there in docs/commands.md. */
class CommandTextsTest extends OverHttp {
    /** Set it to write the part of docs/commands.md anew: {@code -Ddocs.record=true}. */
    private static final boolean RECORDING = Boolean.getBoolean("docs.record");

    private static final Path FILE = Path.of("../docs/commands.md");
    private static final String HEADING = "## Command by command\n";
    private static final List<String> VALUES =
            List.of("Description", "AffectedUsers", "PlannedPhase", "MetricRun", "Waiver");

    private final CommandTexts texts = new CommandTexts();

    @Test
    void docs_commands_md_ends_with_them() throws IOException {
        String text = Files.readString(FILE);
        assertThat(text).containsOnlyOnce(HEADING);
        String expected = text.substring(0, text.indexOf(HEADING)) + section();
        if (RECORDING) {
            Files.writeString(FILE, expected);
        }
        assertThat(text).as("-Ddocs.record=true writes it anew").isEqualTo(expected);
    }

    private String section() {
        JsonNode document = get("/v3/api-docs").is(200).json();
        StringBuilder section = new StringBuilder(HEADING)
                .append("\nThis part is written from `commands.yaml`, as are the texts of the OpenAPI document.\n");
        IssueCommand.BY_NAME.forEach((name, type) -> {
            String path = type == OpenIssue.class ? "/issues" : "/issues/{id}/" + name;
            JsonNode operation = document.get("paths").get(path).get("post");
            JsonNode body = operation.at("/requestBody/content/application~1json");
            section.append("\n### ").append(name).append("\n\n");
            section.append(operation.get("summary").asString()).append(". ");
            section.append(operation.get("description").asString()).append("\n\n");
            addFields(section, document.at(body.at("/schema/$ref").asString().substring(1)));
            section.append("\n```json\n").append(body.at("/examples/one/value")).append("\n```\n");
        });
        for (String value : VALUES) {
            section.append("\n### ").append(value).append("\n\n");
            addFields(section, document.at("/components/schemas/" + value));
        }
        return section.toString();
    }

    /** The fields of a body without those that every body has. */
    private static void addFields(StringBuilder section, JsonNode schema) {
        List<String> required =
                schema.path("required").valueStream().map(JsonNode::asString).toList();
        StringBuilder rows = new StringBuilder();
        schema.get("properties").forEachEntry((name, field) -> {
            if (!name.equals("effectiveAt") && (!name.equals("reason") || required.contains(name))) {
                rows.append("| `").append(name).append('`').append(required.contains(name) ? "*" : "");
                rows.append(" | ").append(field.get("description").asString()).append(" |\n");
            }
        });
        section.append(rows.isEmpty() ? "It has no fields of its own.\n" : "| field | meaning |\n|---|---|\n" + rows);
    }

    @Test
    void every_reason_code_is_of_some_command() {
        Set<String> named = new TreeSet<>();
        for (Reason reason : Reason.values()) {
            boolean told = IssueCommand.BY_NAME.values().stream()
                    .anyMatch(command -> texts.description(command).contains(reason.name()));
            if (told) {
                named.add(reason.name());
            }
        }
        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Reason.values()).map(Enum::name).toList());
    }

    @Test
    void a_text_tells_when_the_command_is_allowed_and_why_it_is_refused() {
        assertThat(texts.description(IssueCommand.AdvancePhase.class))
                .contains("Allowed in IN_PROGRESS, TESTING, FIXED.")
                .contains("Reasons of a refusal: WRONG_STATUS, NO_RUNNING_PHASE, WRONG_PHASE, LIMIT_REACHED.");
        assertThat(texts.description(IssueCommand.RecordNote.class)).contains("Allowed in any status. ");
        assertThat(texts.description(IssueCommand.LinkFile.class)).contains("Allowed in any status but CLOSED. ");
        assertThat(texts.description(IssueCommand.CloseIssue.class)).contains("ROOT_CAUSE, PHASES, TARGETS");
    }
}
