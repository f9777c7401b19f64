package issueledger.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An RFC 9457 problem on its way to the client. */
public class Problem extends RuntimeException {
    public static final String NO_TOKEN = "This needs a token: send Authorization: Bearer and the token.";

    private final ProblemType type;
    private final int status;
    private final String title;
    private final Map<String, Object> members = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();

    /** @param detail a sentence for a person: the fault and the remedy */
    public Problem(ProblemType type, String detail) {
        this(type, type.status(), type.title(), detail);
    }

    /** A problem whose status or title says more than its type's. */
    Problem(ProblemType type, int status, String title, String detail) {
        super(detail, null, false, false);
        this.type = type;
        this.status = status;
        this.title = title;
    }

    /** A member of the answer beyond the five that every problem has. */
    public Problem with(String member, Object value) {
        members.put(member, value);
        return this;
    }

    /**
     * The one error that the problem is about, in {@code errors}.
     *
     * @param kind how the place is named: {@code pointer}, {@code line} or {@code parameter}
     */
    public Problem at(String kind, Object place, String detail) {
        Map<String, Object> error = new LinkedHashMap<>(); // Map.of would give another order in each process.
        error.put(kind, place);
        error.put("detail", detail);
        return with("errors", List.of(error));
    }

    public Problem header(String header, String value) {
        headers.put(header, value);
        return this;
    }

    public static Problem malformed(String detail) {
        return new Problem(ProblemType.MALFORMED, detail);
    }

    /** One that names a header or a query parameter. */
    public static Problem malformedParameter(String parameter, String detail) {
        return malformed(parameter + " " + detail).at("parameter", parameter, detail);
    }

    public static Problem notFound(String detail) {
        return new Problem(ProblemType.NOT_FOUND, detail);
    }

    public static Problem unknownIssue(String id) {
        return new Problem(ProblemType.UNKNOWN_ISSUE, "No issue has the id " + id + ".");
    }

    /** 401. */
    public static Problem unauthenticated(String challenge, String detail) {
        return new Problem(ProblemType.UNAUTHENTICATED, detail).header("WWW-Authenticate", challenge);
    }

    /** 413. */
    public static Problem tooLarge(String what, String detail) {
        return new Problem(
                ProblemType.TOO_LARGE, ProblemType.TOO_LARGE.status(), "The " + what + " is too large", detail);
    }

    /** The last part of the type: {@code malformed}. */
    public String name() {
        return type.slug();
    }

    public ProblemType type() {
        return type;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public Map<String, Object> members() {
        return members;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
