package issueledger.access;

import static issueledger.access.Role.ANALYST;
import static issueledger.access.Role.AUDITOR;
import static issueledger.access.Role.ENGINEER;
import static issueledger.access.Role.OPERATOR;
import static issueledger.access.Role.REPORTER;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The table of docs/api.md, "Who may do what". The first matching rule decides; a request that matches none is forbidden. */
public final class Rules {
    /** The path of an unknown command; the handler answers it. */
    private static final String ANY_COMMAND = "/issues/{id}/{command}";

    private static final String GET = "GET";
    private static final String POST = "POST";

    private static final String DRY_RUN = "dry-run";

    private final List<Rule> rules = new ArrayList<>();
    private boolean knowDryRuns;

    private Rules() {}

    /** @param commands the names of all commands on an issue, as in its paths */
    public static Rules ofTheCommandService(Set<String> commands) {
        Rules rules = new Rules()
                .ofBothServices()
                .allow(POST, "/issues", REPORTER, ENGINEER)
                .allow(POST, "/commands", REPORTER, ENGINEER)
                .allow(GET, "/issues/{id}/allowed-commands", REPORTER, ENGINEER)
                .allow(POST, "/issues/{id}/import-metrics", ENGINEER)
                .allowAnyToken(GET, "/issues/{id}");
        rules.knowDryRuns = true;
        for (String command : commands) {
            rules.allow(
                    POST,
                    "/issues/{id}/" + command,
                    Arrays.stream(Role.values())
                            .filter(role -> role.mayCommand(command))
                            .toArray(Role[]::new));
        }
        return rules;
    }

    /** @param transparencyIsPublic whether checkpoint, key and tiles are open to all; the list of witnesses never is */
    public static Rules ofTheQueryService(boolean transparencyIsPublic) {
        Rules rules = new Rules()
                .ofBothServices()
                .open("/ui/**")
                .allow(GET, "/issues", REPORTER, ENGINEER, ANALYST, AUDITOR)
                .allow(GET, "/issues/{id}", REPORTER, ENGINEER, ANALYST, AUDITOR)
                .allow(GET, "/issues/{id}/timeline", REPORTER, ENGINEER, ANALYST, AUDITOR)
                .allow(GET, "/issues/{id}/metrics", REPORTER, ENGINEER, ANALYST, AUDITOR)
                .allow(GET, "/issues/{id}/metrics/{number}/changes", REPORTER, ENGINEER, ANALYST, AUDITOR)
                .allow(GET, "/issues/{id}/events", ENGINEER, AUDITOR)
                .allow(GET, "/issues/{id}/diff", ENGINEER, AUDITOR)
                .allow(GET, "/events", ENGINEER, AUDITOR)
                .allow(GET, "/events/stream", ENGINEER, AUDITOR)
                .allow(GET, "/analytics/**", ANALYST, AUDITOR)
                .allow(GET, "/issues/{id}/events/{version}/proof", AUDITOR)
                .allow(GET, "/issues/{id}/proof", AUDITOR)
                .allow(GET, "/audit/**", AUDITOR)
                .allow(GET, "/projections/**", OPERATOR, AUDITOR)
                .allow(POST, "/projections/**", OPERATOR);
        if (transparencyIsPublic) {
            rules.open("/tlog/checkpoint").open("/tlog/key").open("/tlog/tile/**");
        }
        return rules.allow(GET, "/tlog/**", AUDITOR);
    }

    private Rules ofBothServices() {
        return open("/actuator/health/**")
                .open("/")
                .open("/problems/{name}")
                .open("/template")
                .open("/v3/api-docs*/**")
                .open("/swagger-ui*/**")
                .allow(GET, "/actuator/**", OPERATOR)
                .allowAnyToken(GET, "/problems");
    }

    private Rules allow(String method, String path, Role... roles) {
        Set<Role> allowed = EnumSet.noneOf(Role.class);
        allowed.addAll(Arrays.asList(roles));
        rules.add(new Rule(method, PathPatternParser.defaultInstance.parse(path), allowed));
        return this;
    }

    private Rules allowAnyToken(String method, String path) {
        rules.add(new Rule(method, PathPatternParser.defaultInstance.parse(path), null));
        return this;
    }

    private Rules open(String path) {
        rules.add(new Rule(null, PathPatternParser.defaultInstance.parse(path), null));
        return this;
    }

    /**
     * @param method null for an open rule, which needs no token
     * @param roles null if any token is enough
     */
    private record Rule(
            @Nullable String method,
            PathPattern path,
            @Nullable Set<Role> roles) {}

    /** True if the request needs no token. */
    boolean areOpenTo(HttpServletRequest request) {
        PathContainer path = pathOf(request);
        return rules.stream().anyMatch(rule -> rule.method == null && rule.path.matches(path));
    }

    /** True if these roles are enough for a request that has a handler. */
    boolean allow(HttpServletRequest request, Set<Role> roles) {
        String method = request.getMethod().equals("HEAD") ? GET : request.getMethod();
        // Every path answers OPTIONS, with the methods that a 405 lists too.
        if (method.equals("OPTIONS")) {
            return true;
        }
        PathContainer path = pathOf(request);
        for (Rule rule : rules) {
            if ((rule.method == null || rule.method.equals(method)) && rule.path.matches(path)) {
                return rule.roles == null
                        || rule.roles.stream()
                                .filter(role -> role.mayDryRun() || !isDryRun(request))
                                .anyMatch(roles::contains);
            }
        }
        Object handler = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return ANY_COMMAND.equals(handler) || "/error".equals(handler);
    }

    private boolean isDryRun(HttpServletRequest request) {
        String query = request.getQueryString();
        return knowDryRuns
                && request.getMethod().equals(POST)
                && query != null
                && Arrays.stream(query.split("&")).anyMatch(Rules::asksForADryRun);
    }

    /** What cannot be decoded is refused later as a bad parameter. */
    private static boolean asksForADryRun(String parameter) {
        try {
            return URLDecoder.decode(parameter, UTF_8).equals(DRY_RUN + "=true");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static PathContainer pathOf(HttpServletRequest request) {
        // Undecoded, as handlers are matched, so that no escape makes a path look like another.
        return RequestPath.parse(request.getRequestURI(), request.getContextPath())
                .pathWithinApplication();
    }
}
