package issueledger.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.mongodb.MongoException;
import issueledger.events.EventJson;
import issueledger.log.LogUnavailable;
import issueledger.log.mongo.MongoErrors;
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
import org.jspecify.annotations.Nullable;
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
    private static final String ATTRIBUTE = Problems.class.getName();
    private static final String LISTENER = Listener.class.getName();

    /** Listener that sees a problem before its client does. */
    public interface Listener {
        void answers(Problem problem);
    }

    /** Tells one listener of the problem that the request will be answered, if it is. */
    public static void tell(HttpServletRequest request, Listener listener) {
        request.setAttribute(LISTENER, listener);
    }

    /** The problem that a request was answered, null if it was answered otherwise. */
    public static @Nullable Problem of(HttpServletRequest request) {
        return (Problem) request.getAttribute(ATTRIBUTE);
    }

    @ExceptionHandler
    void problem(Problem problem, HttpServletRequest request, HttpServletResponse response) throws IOException {
        write(problem, request, response);
    }

    @ExceptionHandler
    void unavailable(LogUnavailable e, HttpServletRequest request, HttpServletResponse response) throws IOException {
        LOG.error("{}", e.getMessage());
        String method = request.getMethod();
        boolean reading = method.equals("GET") || method.equals("HEAD");
        write(logUnavailable(e, reading, request.getHeader("Idempotency-Key") != null), request, response);
    }

    /** What is beside the log in MongoDB: the views. */
    @ExceptionHandler
    void unavailable(MongoException e, HttpServletRequest request, HttpServletResponse response) throws IOException {
        unavailable(
                new LogUnavailable(
                        LogUnavailable.Outcome.NOT_APPENDED, "The MongoDB database " + MongoErrors.sentence(e), e),
                request,
                response);
    }

    /** @param keyed whether the command has a key under which it can be sent again */
    public static Problem logUnavailable(LogUnavailable e, boolean reading, boolean keyed) {
        // Where the file lies is for the log alone.
        String why = "Try again later: " + String.valueOf(e.getMessage()).replaceAll("\\S*/(\\S+)", "$1") + ".";
        return new Problem(
                        503,
                        "log-unavailable",
                        "The event log is not available",
                        e.outcome() == LogUnavailable.Outcome.UNKNOWN
                                ? "It is not known yet whether the command was recorded: "
                                        + (keyed
                                                ? "the same request with its key will tell. "
                                                : "read the issue before you send it again. ")
                                        + why
                                : (reading ? "It cannot be read now. " : "Nothing was recorded. ") + why)
                .with("outcome", e.outcome())
                .header("Retry-After", "1");
    }

    @ExceptionHandler
    void noHandler(NoResourceFoundException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(Problem.notFound("No resource has this path."), request, response);
    }

    @ExceptionHandler
    void method(HttpRequestMethodNotSupportedException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Set<String> supported = new TreeSet<>();
        if (e.getSupportedMethods() != null) {
            supported.addAll(List.of(e.getSupportedMethods()));
        }
        if (supported.contains("GET")) {
            supported.add("HEAD"); // Whatever answers GET answers HEAD, and every path OPTIONS.
        }
        supported.add("OPTIONS");
        String allow = String.join(", ", supported);
        write(
                new Problem(
                                405,
                                "method-not-allowed",
                                "The method is not allowed",
                                e.getMethod() + " is not allowed here, but " + allow + ".")
                        .header("Allow", allow),
                request,
                response);
    }

    @ExceptionHandler
    void mediaType(HttpMediaTypeNotSupportedException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String supported =
                e.getSupportedMediaTypes().stream().map(MediaType::toString).collect(Collectors.joining(", "));
        write(unsupportedMediaType(supported), request, response);
    }

    /** 415, naming what is supported. */
    public static Problem unsupportedMediaType(String supported) {
        return new Problem(
                        415,
                        "unsupported-media-type",
                        "The media type is not supported",
                        "The body must be " + supported + ", and say so in Content-Type.")
                .header("Accept", supported);
    }

    @ExceptionHandler
    void acceptable(HttpMediaTypeNotAcceptableException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String supported =
                e.getSupportedMediaTypes().stream().map(MediaType::toString).collect(Collectors.joining(", "));
        write(
                new Problem(
                        406,
                        "not-acceptable",
                        "No acceptable answer",
                        "The answer can be " + (supported.isEmpty() ? "application/json" : supported)
                                + "; Accept asks for something else."),
                request,
                response);
    }

    @ExceptionHandler
    void parameter(MissingServletRequestParameterException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(Problem.malformedParameter(e.getParameterName(), "is required"), request, response);
    }

    @ExceptionHandler
    void parameter(MethodArgumentTypeMismatchException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(Problem.malformedParameter(e.getName(), "has a value of the wrong kind"), request, response);
    }

    /** The container could not make parameters of the query, because of a bad percent escape for one. */
    @ExceptionHandler
    void query(InvalidParameterException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(Problem.malformed("The query cannot be read."), request, response);
    }

    /** The client went away: there is nobody to answer. */
    @ExceptionHandler
    void gone(AsyncRequestNotUsableException e) {
        LOG.debug("the client went away: {}", e.getMessage());
    }

    @ExceptionHandler
    void other(Exception e, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (e instanceof ErrorResponse known) {
            write(plain(known.getStatusCode().value()), request, response);
            return;
        }
        LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
        write(plain(500), request, response);
    }

    /** What the container reports, for requests that never reached a controller. */
    @RequestMapping("/error")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        write(
                status instanceof Integer code ? plain(code) : Problem.notFound("No resource has this path."),
                request,
                response);
    }

    /** A problem for a status that has no more to say. */
    public static Problem plain(int code) {
        HttpStatus status = HttpStatus.resolve(code);
        String title = status == null ? "HTTP status " + code : status.getReasonPhrase();
        return switch (code) {
            case 400 -> Problem.malformed("The request cannot be read.");
            case 401 ->
                new Problem(
                                401,
                                "unauthenticated",
                                "No token, or none that is accepted",
                                "This needs a token: send Authorization: Bearer and the token.")
                        .header("WWW-Authenticate", "Bearer");
            case 403 -> new Problem(403, "forbidden", title, "This request is not allowed.");
            case 404 -> Problem.notFound("No resource has this path.");
            case 405 -> new Problem(405, "method-not-allowed", title, "No resource allows this method.");
            case 406 -> new Problem(406, "not-acceptable", title, "No answer has a type that Accept allows.");
            case 413 -> new Problem(413, "too-large", title, "The request is too large.");
            case 415 -> new Problem(415, "unsupported-media-type", title, "The body's type is not supported.");
            case 500 -> new Problem(500, "http", title, "The service failed; its log has more under this trace id.");
            default -> new Problem(code, "http", title, title + ".");
        };
    }

    /** Writes a problem as the whole answer, unless one is under way already. */
    public static void write(Problem problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        request.setAttribute(ATTRIBUTE, problem);
        if (request.getAttribute(LISTENER) instanceof Listener listener) {
            listener.answers(problem);
        }
        response.resetBuffer();
        response.setStatus(problem.status());
        problem.headers().forEach(response::setHeader);
        byte[] body = json(problem, path(request), TraceIds.of(request));
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
        members.put("type", "/problems/" + problem.name());
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
