package issueledger.access;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** The paths for which a service has handlers. */
public final class Mapped {
    private Mapped() {}

    /** The paths that no rule names. */
    public static Set<String> withoutARule(
            Rules rules, Collection<? extends RequestMappingInfoHandlerMapping> mappings) {
        Set<String> found = new TreeSet<>();
        mappings.forEach(mapping -> mapping.getHandlerMethods().keySet().forEach(info -> collect(info, rules, found)));
        return found;
    }

    private static void collect(RequestMappingInfo info, Rules rules, Set<String> found) {
        Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
        for (String pattern : info.getPatternValues()) {
            for (RequestMethod method : methods.isEmpty() ? List.of(RequestMethod.GET) : methods) {
                MockHttpServletRequest request = new MockHttpServletRequest(method.name(), pattern);
                request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, pattern);
                if (!rules.allow(request, EnumSet.allOf(Role.class))) {
                    found.add(method + " " + pattern);
                }
            }
        }
    }
}
