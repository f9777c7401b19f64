package issueledger.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The types of problems. The page of each is {@code docs/problems/<name>.md}, its OpenAPI response is made from its entry here. */
public enum ProblemType {
    MALFORMED(
            400,
            "The request is malformed",
            "Not JSON, of a wrong type, an unknown field or query parameter, a header of another form."),
    UNAUTHENTICATED(
            401,
            "No token, or none that is accepted",
            "No bearer token, or one that is not good here.",
            "WWW-Authenticate"),
    FORBIDDEN(403, "Not allowed", "The token's roles do not allow it, or a web page of another host sent it."),
    UNKNOWN_ISSUE(404, "There is no such issue", "No issue has this id."),
    UNKNOWN_VERSION(404, "The issue had no such version", "The issue had no such version, or did not exist yet."),
    UNKNOWN_COMMAND(404, "There is no such command", "There is no such command."),
    NOT_FOUND(404, "There is nothing here", "Nothing has this path."),
    METHOD_NOT_ALLOWED(405, "The method is not allowed", "The path does not have this method.", "Allow"),
    NOT_ACCEPTABLE(406, "No acceptable answer", "No answer has a type that Accept allows."),
    CONFLICT(409, "Others were faster", "Other writers were faster, again and again: send it again."),
    REJECTED(409, "A rule refuses the command", "A rule refuses the command."),
    VERSION_MISMATCH(412, "The issue is at another version", "The issue is not at the version of If-Match."),
    TOO_LARGE(413, "The body is too large", "A body may have 1 MiB, a dry run 10,000 issues."),
    UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported", "The body's type is not taken here.", "Accept"),
    INVALID(
            422,
            "The request has invalid values",
            "Well-formed, with values that are not of their kind; all of them are told."),
    IDEMPOTENCY_MISMATCH(
            422, "The key belongs to another request", "The key was used for another command, issue or body."),
    LOG_UNAVAILABLE(503, "The event log is not available", "The event log is not available now.", "Retry-After"),
    OVERLOADED(
            503,
            "The service is overloaded",
            "More requests come than the service can answer in time; nothing was done.",
            "Retry-After"),
    NOT_YET(503, "The views are not there yet", "The views do not hold that position yet.", "Retry-After"),
    PARKED(
            503,
            "The issue has events that cannot be read",
            "The issue has an event that cannot be read.",
            "Retry-After",
            "Ledger-Parked"),
    /** Any other status of HTTP, under its own title; only this one of them is foreseen. */
    HTTP(
            503,
            "The token cannot be checked now",
            "Where tokens are asked for: the issuer's keys cannot be fetched now.",
            "Retry-After");

    private final String slug;
    private final int status;
    private final String title;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable.
    private final List<String> headers;

    ProblemType(int status, String title, String meaning, String... headers) {
        this.slug = name().toLowerCase(Locale.ROOT).replace('_', '-');
        this.status = status;
        this.title = title;
        this.meaning = meaning;
        this.headers = List.of(headers);
    }

    /** Kebab-case: {@code not-found}. */
    public String slug() {
        return slug;
    }

    /** {@code /problems/not-found}. */
    public String path() {
        return "/problems/" + slug();
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** One sentence for the OpenAPI document. */
    public String meaning() {
        return meaning;
    }

    /** The headers that its answers have. */
    public List<String> headers() {
        return headers;
    }

    public static ProblemType of(String slug) {
        return Arrays.stream(values())
                .filter(type -> type.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no problem " + slug));
    }
}
