package issueledger.web;

import issueledger.access.Callers;
import issueledger.handling.CommandDispatcher.CommandOrigin;
import issueledger.http.Headers;
import issueledger.http.Problem;
import issueledger.http.StrictParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;

/**
 * Headers and query parameters of a command's request.
 *
 * @param dry whether the command is only to be decided
 * @param ifMatch the version that the issue must be at
 */
public record CommandHeaders(
        boolean dry,
        String actor,
        String traceId,
        @Nullable String idempotencyKey,
        @Nullable Long ifMatch) {
    private static final Pattern VERSION = Pattern.compile("0|[1-9]\\d*");
    private static final Pattern KEY = Pattern.compile("[!-~]{1,128}");
    static final String DRY_RUN = "dry-run";

    public static CommandHeaders of(HttpServletRequest request, Callers callers, String traceId) {
        return of(request, callers, traceId, isDry(request));
    }

    /** @param dry what the query says, where it has other parameters too */
    static CommandHeaders of(HttpServletRequest request, Callers callers, String traceId, boolean dry) {
        String actor = callers.of(request).actor();
        String key = Headers.single(request, "Idempotency-Key");
        if (key != null && !isKey(key)) {
            throw Problem.malformedParameter("Idempotency-Key", "must be 1 to 128 visible ASCII characters");
        }
        return new CommandHeaders(dry, actor, traceId, key, ifMatch(request));
    }

    /** The same request, with what one of its lines says. */
    public CommandHeaders with(@Nullable String lineKey, @Nullable Long lineIfMatch) {
        return new CommandHeaders(dry, actor, traceId, lineKey, lineIfMatch);
    }

    public CommandOrigin origin(String hash) {
        return new CommandOrigin(actor, traceId, hash, idempotencyKey);
    }

    public static boolean isKey(String text) {
        return KEY.matcher(text).matches();
    }

    public static boolean isVersion(String text) {
        return VERSION.matcher(text).matches();
    }

    /** No issue has a version of more than 18 digits: such a one matches none. */
    public static long version(String text) {
        return text.length() > 18 ? Long.MAX_VALUE : Long.parseLong(text);
    }

    /** Not by the mapping, which would ask before the body's type: 415 comes before 406. */
    public static void requireAcceptable(HttpServletRequest request, MediaType answer)
            throws HttpMediaTypeNotAcceptableException {
        try {
            if (Headers.quality(answer, request) > 0) {
                return;
            }
        } catch (InvalidMediaTypeException e) {
            throw Problem.malformedParameter("Accept", "is not a list of media types");
        }
        throw new HttpMediaTypeNotAcceptableException(List.of(answer));
    }

    /** Whether the query asks for a dry run; 400 if it asks for anything else. */
    static boolean isDry(HttpServletRequest request) {
        return isDry(StrictParameters.check(request, Set.of(DRY_RUN)));
    }

    /** @param parameters the query's */
    static boolean isDry(Map<String, String> parameters) {
        String given = parameters.get(DRY_RUN);
        if (given != null && !given.equals("true") && !given.equals("false")) {
            throw Problem.malformedParameter(DRY_RUN, "must be true or false");
        }
        return "true".equals(given);
    }

    private static @Nullable Long ifMatch(HttpServletRequest request) {
        String given = Headers.single(request, "If-Match");
        if (given == null || given.equals("*")) {
            return null;
        }
        String version = given.replaceFirst("^\"(.*)\"$", "$1");
        if (given.length() != version.length() + 2 || !isVersion(version)) {
            throw Problem.malformedParameter("If-Match", "must be a version in quotes, like \"6\", or *");
        }
        return version(version);
    }
}
