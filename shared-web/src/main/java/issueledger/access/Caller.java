package issueledger.access;

import issueledger.events.Checks;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import java.util.Set;

/**
 * The sender of a request.
 *
 * @param actor a line, for the events' metadata
 */
public record Caller(String actor, Set<Role> roles) {
    /** The sender of a request that needs a token and has no accepted one. */
    static final Caller NOBODY = new Caller("anonymous", Set.of());

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

    /** @param command its name in paths, like {@code record-note} */
    public boolean mayCommand(String command) {
        return roles.stream().anyMatch(role -> role.mayCommand(command));
    }

    /** 403; does not reveal whether the resource exists. */
    public static Problem forbidden() {
        return new Problem(ProblemType.FORBIDDEN, "None of the token's roles allows this.");
    }
}
