package issueledger.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.net.URLDecoder;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses a query parameter that the endpoint does not have, one that is given twice, and parameters in the path. An endpoint that takes
 * them all as a map takes any; a command has checks that come first, and calls {@link #check} in its turn.
 */
public final class StrictParameters implements HandlerInterceptor {
    private final Map<HandlerMethod, Set<String>> known = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getRequestURI().indexOf(';') >= 0) {
            throw Problem.malformed("A path has no parameters here: no semicolons.");
        }
        if (!request.getMethod().equals("POST")
                && handler instanceof HandlerMethod method
                && method.getBeanType().getName().startsWith("issueledger.")
                && method.getBeanType() != Problems.class
                && !takesAny(method)) {
            check(request, known.computeIfAbsent(method, StrictParameters::parametersOf));
        }
        return true;
    }

    /** The query's parameters; 400 if it has others than these, or one of them twice. */
    public static Map<String, String> check(HttpServletRequest request, Set<String> names) {
        String query = request.getQueryString();
        if (query == null) {
            return Map.of();
        }
        Map<String, String> given = new HashMap<>();
        for (String part : query.split("&")) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            String name = decode("The query", equals < 0 ? part : part.substring(0, equals));
            if (!names.contains(name)) {
                throw Problem.malformedParameter(
                        name,
                        "is not a parameter here; "
                                + (names.isEmpty() ? "there are none" : "there are " + String.join(", ", names)));
            }
            if (given.containsKey(name)) {
                throw Problem.malformedParameter(name, "is given twice");
            }
            given.put(name, decode(name, equals < 0 ? "" : part.substring(equals + 1)));
        }
        return given;
    }

    private static boolean takesAny(HandlerMethod method) {
        return Arrays.stream(method.getMethod().getParameters())
                .anyMatch(p -> p.isAnnotationPresent(RequestParam.class) && Map.class.isAssignableFrom(p.getType()));
    }

    private static String decode(String what, String text) {
        try {
            return Headers.utf8(URLDecoder.decode(text, ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw Problem.malformedParameter(what, "has a bad percent escape");
        } catch (CharacterCodingException e) {
            throw Problem.malformedParameter(what, "is not UTF-8");
        }
    }

    /** The names of an endpoint's parameters, with those of its {@link QueryParameters}. */
    public static Set<String> parametersOf(HandlerMethod method) {
        return Arrays.stream(method.getMethod().getParameters())
                .flatMap(p -> p.isAnnotationPresent(QueryParameters.class)
                        ? Arrays.stream(p.getType().getRecordComponents()).map(RecordComponent::getName)
                        : Stream.of(p)
                                .filter(one -> one.isAnnotationPresent(RequestParam.class))
                                .map(StrictParameters::nameOf))
                .collect(Collectors.toCollection(java.util.TreeSet::new));
    }

    private static String nameOf(Parameter parameter) {
        String name = parameter.getAnnotation(RequestParam.class).name();
        return name.isEmpty() ? parameter.getName() : name;
    }
}
