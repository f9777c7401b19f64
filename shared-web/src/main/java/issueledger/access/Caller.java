package issueledger.access;

import issueledger.events.Checks;
import issueledger.events.InvalidValue;
import issueledger.http.Headers;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.Set;

/**
 * The sender of a request.
 *
 * @param actor a line, for the events' metadata
 */
public record Caller(String actor, Set<Role> roles) {
    /** The sender of a request that needs a token and has no accepted one. */
    static final Caller NOBODY = new Caller("anonymous", Set.of());

    private static final String ATTRIBUTE = Caller.class.getName();

    /** The token's subject; without an issuer, the value of {@code X-Actor}, with all roles (400 if that header is bad). */
    public static Caller of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Caller known
                ? known
                : new Caller(named(request), EnumSet.allOf(Role.class));
    }

    private static String named(HttpServletRequest request) {
        String given = Headers.single(request, "X-Actor");
        if (given == null) {
            return "anonymous";
        }
        try {
            return line(given);
        } catch (InvalidValue e) {
            throw Problem.malformedParameter("X-Actor", e.offences().get(0).detail());
        }
    }

    /** An actor's name. */
    static String line(String name) {
        Checks checks = new Checks();
        String line = checks.line("", name);
        checks.done();
        return line;
    }

    /** Compared by identity: an accepted token may have the same name and no roles either. */
    @SuppressWarnings("ReferenceEquality")
    boolean isNobody() {
        return this == NOBODY;
    }

    void sends(ServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /** @param command its name in paths, like {@code record-note} */
    public boolean mayCommand(String command) {
        return roles.stream().anyMatch(role -> role.mayCommand(command));
    }

    /** 403; does not reveal whether the resource exists. */
    public static Problem forbidden() {
        return new Problem(ProblemType.FORBIDDEN, "None of the token's roles allows this.");
    }
}
