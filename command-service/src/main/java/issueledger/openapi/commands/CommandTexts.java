package issueledger.openapi.commands;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.events.Status;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueState;
import issueledger.issue.Reason;
import issueledger.openapi.Schemas;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** The texts that explain the commands and their fields: {@code commands.yaml}. A command or field without a text is an error. */
public final class CommandTexts {
    private final JsonNode texts;

    public CommandTexts() {
        try (InputStream in = CommandTexts.class.getResourceAsStream("/issueledger/openapi/commands.yaml")) {
            texts = Schemas.yaml(new String(Objects.requireNonNull(in).readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the command does, in a few words. */
    public String summary(Class<? extends IssueCommand> command) {
        return of(command).required("summary").stringValue();
    }

    /** What follows from it, when it is allowed, what it needs, and why it is refused; as Markdown. */
    public String description(Class<? extends IssueCommand> command) {
        JsonNode text = of(command);
        Set<Status> statuses = IssueState.statusesOf(command);
        String allowed = statuses.size() == Status.values().length
                ? "in any status"
                : statuses.size() == Status.values().length - 1 && !statuses.contains(Status.CLOSED)
                        ? "in any status but CLOSED"
                        : "in " + list(statuses.stream().map(Enum::name).toList());
        List<String> requirements = names(text.path("requirements"));
        Set<Reason> reasons = new TreeSet<>(IssueState.reasonsOf(command));
        names(text.path("reasons")).stream().map(Reason::valueOf).forEach(reasons::add);
        return text.required("description").stringValue() + "\n\nAllowed " + allowed + ". Records "
                + text.required("events").stringValue() + "."
                + (requirements.isEmpty()
                        ? ""
                        : " Requirements, each waivable with a reason: " + list(requirements) + ".")
                + (reasons.isEmpty()
                        ? ""
                        : " Reasons of a refusal: "
                                + list(reasons.stream().map(Enum::name).toList()) + ".");
    }

    /** The meaning of a field of the command's body. */
    String field(Class<? extends IssueCommand> command, String name) {
        JsonNode own = of(command).path("fields").path(name);
        return text(own.isMissingNode() ? texts.required("every").path(name) : own, command, name);
    }

    /** The meaning of a field of a value in a body. */
    String fieldOf(Class<?> value, String name) {
        return text(texts.required("values").path(value.getSimpleName()).path(name), value, name);
    }

    private JsonNode of(Class<? extends IssueCommand> command) {
        return texts.required("commands").required(IssueCommand.nameOf(command));
    }

    private static String text(JsonNode text, Object owner, String name) {
        if (!text.isString()) {
            throw new IllegalStateException("commands.yaml does not explain " + name + " of " + owner);
        }
        return text.stringValue();
    }

    private static List<String> names(JsonNode list) {
        return list.valueStream().map(JsonNode::stringValue).toList();
    }

    private static String list(Collection<String> names) {
        return String.join(", ", names);
    }
}
