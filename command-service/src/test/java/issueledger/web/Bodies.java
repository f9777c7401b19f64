package issueledger.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import issueledger.events.InvalidValue.Offence;
import issueledger.http.Problem;
import issueledger.issue.IssueCommand;
import issueledger.web.Binder.Bound;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Binds JSON text to commands and returns the offences. */
public final class Bodies {
    public static final Instant NOW = Instant.parse("2026-02-14T09:30:00Z");

    private Bodies() {}

    public static Bound bound(String command, String body) {
        return Binder.bind(
                Objects.requireNonNull(IssueCommand.BY_NAME.get(command)), JsonBody.parse(body.getBytes(UTF_8)), NOW);
    }

    public static <C extends IssueCommand> C command(Class<C> type, String body) {
        return type.cast(bound(IssueCommand.nameOf(type), body).command());
    }

    /** The pointers of a body that is 400. */
    public static List<String> malformed(String command, String body) {
        return pointers(refused(command, body, 400, "malformed"));
    }

    /** The pointers of a body that is 422. */
    public static List<String> invalid(String command, String body) {
        return pointers(refused(command, body, 422, "invalid"));
    }

    private static Problem refused(String command, String body, int status, String name) {
        Problem problem = catchThrowableOfType(Problem.class, () -> bound(command, body));
        assertThat(problem).as("%s is refused", body).isNotNull();
        assertThat(problem.status()).as("%s", problem.members()).isEqualTo(status);
        assertThat(problem.name()).isEqualTo(name);
        return problem;
    }

    private static List<String> pointers(Problem problem) {
        List<?> errors = (List<?>) problem.members().get("errors");
        assertThat(errors)
                .isNotEmpty()
                .allSatisfy(error -> assertThat(((Offence) error).detail()).isNotBlank());
        return errors.stream().map(error -> ((Offence) error).pointer()).toList();
    }
}
