package issueledger.access;

import issueledger.http.Problem;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/** Checks the roles after the handler is found and before it runs: 404 and 405 come first, other errors of the request later. */
final class RoleCheck implements HandlerInterceptor {
    private final Rules rules;
    private final Callers callers;

    RoleCheck(Rules rules, Callers callers) {
        this.rules = rules;
        this.callers = callers;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        // Error dispatches were decided before.
        if (request.getDispatcherType() == DispatcherType.ERROR) {
            return true;
        }
        Caller caller = callers.of(request);
        if (!caller.isNobody()) {
            if (!rules.allow(request, caller.roles())) {
                throw Caller.forbidden();
            }
        } else if (!rules.areOpenTo(request)) {
            throw Problem.unauthenticated("Bearer", Problem.NO_TOKEN);
        }
        return true;
    }
}
