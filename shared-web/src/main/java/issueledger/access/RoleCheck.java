package issueledger.access;

import issueledger.http.Problem;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/** Asks for the roles once the handler is known and before it is asked: 404 and 405 come first, whatever is wrong with the rest later. */
final class RoleCheck implements HandlerInterceptor {
    private final Rules rules;

    RoleCheck(Rules rules) {
        this.rules = rules;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        // What the container reports of a request was decided before.
        if (request.getDispatcherType() == DispatcherType.ERROR) {
            return true;
        }
        Caller caller = Caller.of(request);
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
