package issueledger.access;

import issueledger.admission.WarmUp;
import issueledger.events.InvalidValue;
import issueledger.http.Headers;
import issueledger.http.Problem;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The senders of requests: with tokens, the subject of the accepted one; without, the value of {@code X-Actor}, with all roles. */
@Component
public final class Callers {
    private static final String ATTRIBUTE = Callers.class.getName();
    private static final String UNTIL = ATTRIBUTE + ".until";

    private final boolean tokens;

    public Callers(Environment environment) {
        this.tokens = AccessConfiguration.OnIssuer.isIn(environment);
    }

    /** The request's sender; 400 if its {@code X-Actor} is bad. */
    public Caller of(HttpServletRequest request) {
        if (!tokens || WarmUp.isWarmUp(request)) {
            return new Caller(named(request), EnumSet.allOf(Role.class));
        }
        return request.getAttribute(ATTRIBUTE) instanceof Caller accepted ? accepted : Caller.NOBODY;
    }

    /** The moment from which the request's token is not accepted any more; null without tokens. */
    public @Nullable Instant until(HttpServletRequest request) {
        return request.getAttribute(UNTIL) instanceof Instant until ? until : null;
    }

    /** Keeps the subject of the request's token, which was checked, and its end. */
    void accept(ServletRequest request, Caller subject, @Nullable Instant until) {
        request.setAttribute(ATTRIBUTE, subject);
        request.setAttribute(UNTIL, until);
    }

    private static String named(HttpServletRequest request) {
        String given = Headers.single(request, "X-Actor");
        if (given == null) {
            return "anonymous";
        }
        try {
            return Caller.line(given);
        } catch (InvalidValue e) {
            throw Problem.malformedParameter("X-Actor", e.offences().get(0).detail());
        }
    }
}
