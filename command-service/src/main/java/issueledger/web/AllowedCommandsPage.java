package issueledger.web;

import issueledger.issue.AllowedCommands;
import issueledger.issue.IssueCommand;
import issueledger.openapi.commands.CommandTexts;
import java.util.Objects;
import java.util.stream.Collectors;

/** What an issue accepts now, for people: each command with its meaning, each refusal with its reason. */
final class AllowedCommandsPage {
    static final String FOOT = "<p><a href=\"../../swagger-ui.html\">All commands, with their fields</a></p>\n";

    private final CommandTexts texts = new CommandTexts();

    String markdown(AllowedCommands commands) {
        return """
            # Allowed commands

            The issue `%s` is %s, at version %d.

            ## Allowed

            %s
            %s## Refused

            %s\
            """.formatted(
                commands.issueId(),
                commands.status(),
                commands.version(),
                commands.allowed().stream().map(this::allowed).collect(Collectors.joining()),
                closing(commands),
                commands.refused().stream()
                        .map(refused -> "- **%s**: %s [%s](../../problems/%s)\n"
                                .formatted(refused.command(), refused.detail(), refused.reason(), refused.reason()))
                        .collect(Collectors.joining()));
    }

    private String allowed(String command) {
        return "- **%s**: %s\n"
                .formatted(command, texts.summary(Objects.requireNonNull(IssueCommand.BY_NAME.get(command))));
    }

    private static String closing(AllowedCommands commands) {
        return commands.closeResolutions().isEmpty()
                ? ""
                : "It may be closed as "
                        + commands.closeResolutions().stream().map(Enum::name).collect(Collectors.joining(", "))
                        + ".\n\n";
    }
}
