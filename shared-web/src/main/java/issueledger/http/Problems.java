package issueledger.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.events.EventJson;
import issueledger.log.Unavailable;
import issueledger.log.Unavailable.Outcome;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;

/** Turns whatever went wrong into a problem document; no stack trace and no class name leaves the service. */
@RestController
@RestControllerAdvice
public class Problems implements ErrorController {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final String LISTENER = Listener.class.getName();

    /** Listener that sees a problem before its client does. */
    public interface Listener {
        void answers(Problem problem, String traceId);
    }

    /** Tells one listener of the problem that the request will be answered, if it is. */
    public static void tell(HttpServletRequest request, Listener listener) {
        request.setAttribute(LISTENER, listener);
    }

    @ExceptionHandler
    void failed(Exception e, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (e instanceof AsyncRequestNotUsableException) {
            LOG.debug("the client went away: {}", e.getMessage());
            return;
        }
        write(problem(e, request), request, response);
    }

    private static Problem problem(Exception failure, HttpServletRequest request) {
        return switch (failure) {
            case Problem e -> e;
            case Unavailable e -> unavailable(e, request);
            case NoResourceFoundException e -> plain(404);
            case HttpRequestMethodNotSupportedException e -> methodNotAllowed(e);
            case HttpMediaTypeNotSupportedException e -> unsupportedMediaType(joined(e.getSupportedMediaTypes()), "");
            case HttpMediaTypeNotAcceptableException e -> {
                String supported = joined(e.getSupportedMediaTypes());
                yield new Problem(
                        ProblemType.NOT_ACCEPTABLE,
                        "The answer can be " + (supported.isEmpty() ? "application/json" : supported)
                                + "; Accept asks for something else.");
            }
            case MissingServletRequestParameterException e ->
                Problem.malformedParameter(e.getParameterName(), "is required");
            case MethodArgumentTypeMismatchException e ->
                Problem.malformedParameter(e.getName(), "has a value of the wrong kind");
            // The container cannot parse the query: a bad percent escape, for example.
            case InvalidParameterException e -> Problem.malformed("The query cannot be read.");
            case ErrorResponse e -> plain(e.getStatusCode().value());
            default -> {
                LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
                yield plain(500);
            }
        };
    }

    private static String joined(List<MediaType> types) {
        return types.stream().map(MediaType::toString).collect(Collectors.joining(", "));
    }

    /** 503, logged. */
    public static Problem unavailable(Unavailable e, HttpServletRequest request) {
        LOG.error("{}", e.getMessage());
        boolean reading = Set.of("GET", "HEAD").contains(request.getMethod());
        return unavailable(e, reading, request.getHeader("Idempotency-Key") != null);
    }

    /** @param keyed whether the command has a key under which it can be sent again */
    public static Problem unavailable(Unavailable e, boolean reading, boolean keyed) {
        // The client learns the file's name; its directory is for the service's log alone.
        String why = "Try again later: " + String.valueOf(e.getMessage()).replaceAll("\\S*/(\\S+)", "$1") + ".";
        return new Problem(
                        ProblemType.LOG_UNAVAILABLE,
                        e.outcome() == Outcome.UNKNOWN
                                ? "It is not known yet whether the command was recorded: "
                                        + (keyed
                                                ? "the same request with its key will tell. "
                                                : "read the issue before you send it again. ")
                                        + why
                                : (reading ? "It cannot be read now. " : "Nothing was recorded. ") + why)
                .with("outcome", e.outcome())
                .header("Retry-After", "1");
    }

    private static Problem methodNotAllowed(HttpRequestMethodNotSupportedException e) {
        Set<String> supported = new TreeSet<>();
        if (e.getSupportedMethods() != null) {
            supported.addAll(List.of(e.getSupportedMethods()));
        }
        if (supported.contains("GET")) {
            supported.add("HEAD"); // A path that answers GET answers HEAD; every path answers OPTIONS.
        }
        supported.add("OPTIONS");
        String allow = String.join(", ", supported);
        return new Problem(ProblemType.METHOD_NOT_ALLOWED, e.getMethod() + " is not allowed here, but " + allow + ".")
                .header("Allow", allow);
    }

    /**
     * 415.
     *
     * @param supported media types, as in {@code Accept}
     * @param terms what else the body has to be, empty or with a blank before it
     */
    public static Problem unsupportedMediaType(String supported, String terms) {
        return new Problem(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "The body must be " + supported + terms + ", and say so in Content-Type.")
                .header("Accept", supported);
    }

    /** The container's errors, for requests that never reached a controller. */
    @RequestMapping("/error")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        write(plain(status instanceof Integer code ? code : 404), request, response);
    }

    /** A problem for a status of which nothing more is known; its title is HTTP's. */
    public static Problem plain(int code) {
        HttpStatus status = HttpStatus.resolve(code);
        String title = status == null ? "HTTP status " + code : status.getReasonPhrase();
        return switch (code) {
            case 400 -> Problem.malformed("The request cannot be read.");
            case 401 -> Problem.unauthenticated("Bearer", Problem.NO_TOKEN);
            case 403 -> new Problem(ProblemType.FORBIDDEN, code, title, "This request is not allowed.");
            case 404 -> Problem.notFound("No resource has this path.");
            case 405 -> new Problem(ProblemType.METHOD_NOT_ALLOWED, code, title, "No resource allows this method.");
            case 406 ->
                new Problem(ProblemType.NOT_ACCEPTABLE, code, title, "No answer has a type that Accept allows.");
            case 413 -> new Problem(ProblemType.TOO_LARGE, code, title, "The request is too large.");
            case 415 ->
                new Problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, code, title, "The body's type is not supported.");
            case 500 ->
                new Problem(ProblemType.HTTP, code, title, "The service failed; its log has more under this trace id.");
            default -> new Problem(ProblemType.HTTP, code, title, title + ".");
        };
    }

    /** Writes a problem as the whole answer, unless one is under way already. */
    public static void write(Problem problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        String traceId = TraceIds.of(request);
        if (request.getAttribute(LISTENER) instanceof Listener listener) {
            listener.answers(problem, traceId);
        }
        response.resetBuffer();
        response.setStatus(problem.status());
        problem.headers().forEach(response::setHeader);
        byte[] body = json(problem, path(request), traceId);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** A problem as the result of one line of many. */
    public static String line(long number, Problem problem, String instance, String traceId) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("line", number);
        add(members, problem, instance, traceId);
        return written(members);
    }

    static byte[] json(Problem problem, String instance, String traceId) {
        Map<String, Object> members = new LinkedHashMap<>();
        add(members, problem, instance, traceId);
        // Through a String, because what a client sent may hold half a surrogate pair.
        return written(members).getBytes(UTF_8);
    }

    /** Without tags, since what a client sent may be in it. */
    private static String written(Map<String, Object> members) {
        return KEEPING_ORDER.writeValueAsString(members).replace("<", "\\u003c").replace(">", "\\u003e");
    }

    private static void add(Map<String, Object> members, Problem problem, String instance, String traceId) {
        members.put("type", problem.type().path());
        members.put("title", problem.title());
        members.put("status", problem.status());
        members.put("detail", problem.detail());
        members.put("instance", instance);
        members.put("traceId", traceId);
        members.putAll(problem.members());
    }

    private static final ObjectWriter KEEPING_ORDER =
            EventJson.MAPPER.writer().without(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private static String path(HttpServletRequest request) {
        Object original = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        return original instanceof String uri ? uri : request.getRequestURI();
    }
}
