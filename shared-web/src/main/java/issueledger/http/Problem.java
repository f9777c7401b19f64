package issueledger.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An RFC 9457 problem on its way to the client. */
public class Problem extends RuntimeException {
    private final int status;
    private final String name;
    private final String title;
    private final Map<String, Object> members = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();

    /**
     * @param name the last part of the type: {@code malformed} for {@code /problems/malformed}
     * @param detail what is wrong and what to do, for a person
     */
    public Problem(int status, String name, String title, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.name = name;
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
        return new Problem(400, "malformed", "The request is malformed", detail);
    }

    /** One that names a header or a query parameter. */
    public static Problem malformedParameter(String parameter, String detail) {
        return malformed(parameter + " " + detail).at("parameter", parameter, detail);
    }

    public static Problem notFound(String detail) {
        return new Problem(404, "not-found", "There is nothing here", detail);
    }

    public static Problem unknownIssue(String id) {
        return new Problem(404, "unknown-issue", "There is no such issue", "No issue has the id " + id + ".");
    }

    public int status() {
        return status;
    }

    public String name() {
        return name;
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
