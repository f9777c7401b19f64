package issueledger.web;

import issueledger.events.Checks;
import issueledger.http.Problem;
import issueledger.http.StrictParameters;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher.MatchResult;

/**
 * The facts of a command's request for its log line and its refusal. {@link CommandLogFilter} makes it before the request is checked;
 * the controller takes it as a request attribute and adds the id of an issue that is opened.
 */
final class CommandTrail {
    static final String ATTRIBUTE = "issueledger.command-trail";
    static final String OPENING_PATH = "/issues";
    static final String COMMAND_PATH = "/issues/{id}/{command}";

    private static final PathPatternRequestMatcher OPENING =
            PathPatternRequestMatcher.pathPattern(HttpMethod.POST, OPENING_PATH);
    private static final PathPatternRequestMatcher COMMAND =
            PathPatternRequestMatcher.pathPattern(HttpMethod.POST, COMMAND_PATH);

    private final String command;
    private final boolean dry;
    private @Nullable String issueId;
    private @Nullable Problem problem;

    private CommandTrail(String command, @Nullable String issueId, boolean dry) {
        this.command = command;
        this.issueId = issueId;
        this.dry = dry;
    }

    /** The trail of a request, null if it asks for no command. */
    static @Nullable CommandTrail of(HttpServletRequest request) {
        if (OPENING.matches(request)) {
            return new CommandTrail(IssueCommand.nameOf(OpenIssue.class), null, isDry(request));
        }
        MatchResult match = COMMAND.matcher(request);
        String command = match.getVariables().get("command");
        return command != null && (IssueCommand.BY_NAME.containsKey(command) || command.equals(ImportController.NAME))
                ? new CommandTrail(command, match.getVariables().get("id"), isDry(request))
                : null;
    }

    /** A bad query is answered 400 later, in the order of the checks. */
    private static boolean isDry(HttpServletRequest request) {
        try {
            return CommandHeaders.isDry(StrictParameters.check(request, MetricsBody.PARAMETERS));
        } catch (Problem e) {
            return false;
        }
    }

    String command() {
        return command;
    }

    /** The issue's id, null if it is not known or is none. */
    @Nullable
    String issueId() {
        return issueId != null && Checks.isIssueId(issueId) ? issueId : null;
    }

    boolean isDry() {
        return dry;
    }

    /** The problem that the request was answered, null if it was answered otherwise. */
    @Nullable
    Problem problem() {
        return problem;
    }

    void leadsTo(String openedIssueId) {
        issueId = openedIssueId;
    }

    void endsIn(Problem answer) {
        problem = answer;
    }
}
